import { UnavailableError } from "./errors";

export interface HttpRequest {
  readonly method: "POST" | "PUT";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpAnswer {
  readonly status: number;
  /** Its beginning. */
  readonly body: string;
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface Patience {
  readonly fetch: Fetch;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** When the caller's own time is up, milliseconds since the epoch. */
  readonly deadlineMs: number;
}

/** One try may take so long; a caller with less time gives it what is left. */
const TRY_MS = 10_000;
const FIRST_WAIT_MS = 250;
const ANSWER_CHARACTERS = 16_384;

/**
 * Sends until it is answered, as long as there is time: waits as Retry-After says (429, 503), or ever longer after a fault of
 * the network or of the server. Never follows a redirect, which would carry the credential elsewhere.
 * @param what names the other side in errors; its URL may be a secret
 * @returns any answer but 429, 502, 503 and 504
 * @throws {UnavailableError} where the next try would come too late
 */
export async function postWithPatience(request: HttpRequest, what: string, patience: Patience): Promise<HttpAnswer> {
  for (let waitMs = FIRST_WAIT_MS; ; waitMs *= 2) {
    const result = await tryOnce(request, patience);
    if (result.answer) return result.answer;
    const nextMs = Math.max(0, result.retryAfterMs ?? waitMs);
    const leftMs = patience.deadlineMs - patience.now();
    if (nextMs >= leftMs) {
      const left = `${Math.max(0, Math.round(leftMs / 1000))} s left`;
      throw new UnavailableError(`${what}: ${result.reason}; next try in ${Math.ceil(nextMs / 1000)} s, ${left}`);
    }
    await patience.sleep(nextMs);
  }
}

type Try =
  | { readonly answer: HttpAnswer }
  | { readonly answer?: undefined; readonly reason: string; readonly retryAfterMs?: number };

async function tryOnce(request: HttpRequest, { fetch, now, deadlineMs }: Patience): Promise<Try> {
  try {
    const response = await fetch(request.url.href, {
      method: request.method,
      headers: request.headers,
      body: request.body,
      redirect: "manual",
      signal: AbortSignal.timeout(Math.max(1, Math.min(TRY_MS, deadlineMs - now()))),
    });
    const body = (await response.text()).slice(0, ANSWER_CHARACTERS);
    if (![429, 502, 503, 504].includes(response.status)) return { answer: { status: response.status, body } };
    return {
      reason: `answered ${response.status}`,
      retryAfterMs: readRetryAfter(response.headers.get("retry-after"), body, now()),
    };
  } catch (error) {
    return { reason: `no answer (${faultName(error)})` };
  }
}

/**
 * Seconds or a date; Matrix and Discord say it in the body.
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
 */
function readRetryAfter(header: string | null, body: string, nowMs: number): number | undefined {
  const seconds = Number(header ?? Number.NaN);
  if (header && Number.isFinite(seconds)) return seconds * 1000;
  const date = Date.parse(header ?? "");
  if (!Number.isNaN(date)) return date - nowMs;
  const inBody = /"retry_after_ms"\s*:\s*(\d{1,9})/.exec(body)?.[1];
  return inBody ? Number(inBody) : undefined;
}

/** A code such as ECONNREFUSED: an error's message may repeat the URL. */
function faultName(error: unknown): string {
  const { cause, name, code } = error as { cause?: { code?: string }; name?: string; code?: unknown };
  // A timeout's code is a number that says nothing; its name does.
  return cause?.code ?? (typeof code === "string" ? code : name) ?? "unknown";
}
