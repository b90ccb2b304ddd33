import { performance } from "node:perf_hooks";
import type { Dispatcher } from "undici";
import { checkUrl, type DestinationRules } from "./destination";
import type { NotifierSettings } from "./env";
import { CallTimedOut, DestinationRefused } from "./errors";
import type { NotifyRecord } from "./record";

/** What came of one call, redirects included. */
export interface Exchange {
  /** The last response's. Undefined where none came. */
  readonly status?: number;
  readonly durationMs: number;
  /** Bytes of the response's body as they came; the rest was not read where there were more than may be. */
  readonly bytes: number;
  readonly redirects: number;
  readonly retryAfter?: string;
  readonly error?: Error;
  /** The body's first bytes, where they are kept. */
  readonly body?: Buffer;
}

export type SendSettings = DestinationRules &
  Pick<NotifierSettings, "requestTimeoutMs" | "redirects" | "responseBytes" | "keepResponseBytes">;

const USER_AGENT = "kakehashi-notifier/1";
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** What a redirect may take to another origin: any other header may be a credential. */
const HARMLESS_HEADERS = new Set(["accept", "content-type", "user-agent", "idempotency-key"]);

/** Sends one record. Never throws: an error is part of the answer. */
export async function sendRecord(
  dispatcher: Dispatcher,
  record: NotifyRecord,
  settings: SendSettings,
): Promise<Exchange> {
  const start = performance.now();
  const call: Call = { url: new URL(record.url), method: record.method, headers: headersOf(record), body: record.body };
  for (let redirects = 0; ; redirects++) {
    const answer = await attempt(dispatcher, call, settings, settings.requestTimeoutMs - (performance.now() - start));
    const next = answer.error ? undefined : follow(call, answer, redirects, settings);
    if (next && !(next instanceof Error)) {
      Object.assign(call, next);
      continue;
    }
    const { location: _, ...rest } = answer;
    return { ...rest, ...(next && { error: next }), redirects, durationMs: Math.round(performance.now() - start) };
  }
}

interface Call {
  url: URL;
  method: string;
  headers: Readonly<Record<string, string>>;
  body: string | undefined;
}

type Answer = Pick<Exchange, "status" | "bytes" | "retryAfter" | "error" | "body"> & { readonly location?: string };

/** @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/ */
function headersOf({ id, headers }: NotifyRecord): Record<string, string> {
  const given = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  return {
    ...(given.has("user-agent") ? {} : { "user-agent": USER_AGENT }),
    ...(given.has("idempotency-key") ? {} : { "idempotency-key": `"${id}"` }),
    ...headers,
  };
}

async function attempt(dispatcher: Dispatcher, call: Call, settings: SendSettings, leftMs: number): Promise<Answer> {
  try {
    checkUrl(call.url, settings);
  } catch (error) {
    return { bytes: 0, error: error as Error };
  }
  return leftMs <= 0 ? { bytes: 0, error: new CallTimedOut() } : exchange(dispatcher, call, settings, leftMs);
}

/** undici's own handler instead of its `request`: no stream is made for a body that nobody reads. */
function exchange(dispatcher: Dispatcher, call: Call, settings: SendSettings, leftMs: number): Promise<Answer> {
  return new Promise((resolve) => {
    const seen = { status: 0, bytes: 0, location: "", retryAfter: "", kept: [] as Buffer[], keptBytes: 0 };
    let controller: Dispatcher.DispatchController | undefined;
    let isDone = false;
    const done = (error?: Error) => {
      if (isDone) return;
      isDone = true;
      clearTimeout(timer);
      resolve({
        bytes: seen.bytes,
        ...(seen.status > 0 && { status: seen.status }),
        ...(seen.location && { location: seen.location }),
        ...(seen.retryAfter && { retryAfter: seen.retryAfter }),
        ...(seen.kept.length > 0 && { body: Buffer.concat(seen.kept) }),
        ...(error && { error }),
      });
    };
    const giveUp = (error: Error, asFailure: boolean) => {
      done(asFailure ? error : undefined);
      controller?.abort(error);
    };
    const timer = setTimeout(() => giveUp(new CallTimedOut(), true), leftMs);
    dispatcher.dispatch(
      {
        origin: call.url.origin,
        path: `${call.url.pathname}${call.url.search}`,
        method: call.method as Dispatcher.HttpMethod,
        headers: call.headers as Record<string, string>,
        body: call.body ?? null,
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      {
        onRequestStart: (started) => {
          controller = started;
          // The time was up while the call waited for its connection.
          if (isDone) started.abort(new CallTimedOut());
        },
        onResponseStart: (_, status, headers) => {
          if (status < 200) return;
          seen.status = status;
          seen.location = single(headers.location);
          seen.retryAfter = single(headers["retry-after"]);
        },
        onResponseData: (_, chunk) => {
          seen.bytes += chunk.length;
          const wanted = Math.min(chunk.length, settings.keepResponseBytes - seen.keptBytes);
          if (wanted > 0) {
            seen.kept.push(Buffer.from(chunk.subarray(0, wanted)));
            seen.keptBytes += wanted;
          }
          // The status is known: more than may be is not read, and is no failure.
          if (seen.bytes > settings.responseBytes) giveUp(new Error("more than may be read"), false);
        },
        onResponseEnd: () => done(),
        onResponseError: (_, error) => done(error),
      },
    );
  });
}

const single = (value: string | string[] | undefined): string =>
  Array.isArray(value) ? (value[0] ?? "") : (value ?? "");

/** The call that a redirect asks for; an error where it can't be followed, undefined where there is none. */
function follow(
  call: Call,
  { status = 0, location }: Answer,
  redirects: number,
  settings: SendSettings,
): Call | Error | undefined {
  if (!REDIRECTS.has(status) || location === undefined) return undefined;
  if (settings.redirects === 0) return undefined;
  if (redirects >= settings.redirects) return new DestinationRefused(`more than ${settings.redirects} redirects`);
  if (!URL.canParse(location, call.url.href)) return new DestinationRefused("a redirect to no URL");
  const url = new URL(location, call.url);
  if (call.url.protocol === "https:" && url.protocol !== "https:")
    return new DestinationRefused("a redirect from https to http");
  const isSafe = call.method === "GET" || call.method === "HEAD";
  // A notification that lost its body on the way is none.
  if (!isSafe && status !== 307 && status !== 308)
    return new DestinationRefused(`a redirect (${status}) that drops the body`);
  const isSameOrigin = url.origin === call.url.origin;
  const headers = Object.fromEntries(
    Object.entries(call.headers).filter(([name]) => isSameOrigin || HARMLESS_HEADERS.has(name.toLowerCase())),
  );
  return { ...call, url, headers };
}
