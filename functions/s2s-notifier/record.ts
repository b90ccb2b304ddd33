import * as z from "zod";

/** One notification: one HTTP call. */
export interface NotifyRecord {
  readonly id: string;
  /** http or https, without credentials. */
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds since the epoch. */
  readonly notBeforeMs?: number;
  readonly expiresAtMs?: number;
}

export type ReadRecord =
  | { readonly record: NotifyRecord }
  /** `id` where the text has a sound one. */
  | { readonly problem: string; readonly id?: string };

export const ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._:/=+@#-]{0,127}$/;
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;
const MAX_URL_LENGTH = 4_096;
const MAX_HEADERS = 50;

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 (token) and #section-5.5 (field values) */
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]{0,8192}$/;

/** What frames the message or belongs to the connection is the sender's own business. */
const RESERVED_HEADERS = new Set(
  [
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "keep-alive",
    "upgrade",
    "te",
    "trailer",
    "expect",
  ].concat(["proxy-connection", "proxy-authorization"]),
);

const headers = z
  .record(
    z.string().refine((name) => HEADER_NAME.test(name), { error: "must be header names" }),
    z.string().refine((value) => HEADER_VALUE.test(value), { error: "must be printable text on one line" }),
  )
  .refine((all) => Object.keys(all).length <= MAX_HEADERS, { error: `must be at most ${MAX_HEADERS}` })
  .refine((all) => !Object.keys(all).some((name) => RESERVED_HEADERS.has(name.toLowerCase())), {
    error: "must leave framing and connection headers to the sender",
  });

const time = z.iso.datetime({ offset: true, error: "must be a time with its offset, as 2026-01-31T09:00:00+09:00" });

const schema = z.strictObject({
  id: z
    .string({ error: "must be text" })
    .regex(ID_PATTERN, { error: "must be 1 to 128 of A-Z a-z 0-9 . _ : / = + @ # -" }),
  url: z.string({ error: "must be text" }),
  method: z.enum(METHODS, { error: `must be one of ${METHODS.join(", ")}` }).optional(),
  headers: headers.default({}),
  /** An object is sent as JSON. */
  body: z.union([z.string(), z.record(z.string(), z.unknown()), z.array(z.unknown())]).optional(),
  notBefore: time.optional(),
  expiresAt: time.optional(),
});

/**
 * Reads one queue message or one line of a file: a JSON object, or a line of text with one URL in it, which is then fetched.
 * @param fallbackId the record's id where the text has none
 */
export function readRecord(text: string, fallbackId: string): ReadRecord {
  const trimmed = text.trim();
  return trimmed.startsWith("{") ? readJson(trimmed) : readLine(trimmed, fallbackId);
}

function readLine(line: string, id: string): ReadRecord {
  const urls = line.split(/\s+/).filter((word) => /^https?:\/\//i.test(word));
  const [url] = urls;
  if (url === undefined || urls.length > 1)
    return { problem: "must be a JSON object, or a line with one http(s) URL in it" };
  const problem = urlProblem(url);
  return problem ? { problem: `url: ${problem}` } : { record: { id, url, method: "GET", headers: {} } };
}

function readJson(text: string): ReadRecord {
  const value = parseJson(text);
  if (value === undefined) return { problem: "must be JSON" };
  const id = soundId(value);
  const parsed = schema.safeParse(value);
  if (!parsed.success) return { problem: describe(parsed.error.issues[0] as z.core.$ZodIssue), ...(id && { id }) };
  const { url, method, body, notBefore, expiresAt, ...rest } = parsed.data;
  const problem = urlProblem(url);
  if (problem) return { problem: `url: ${problem}`, id: rest.id };
  const isJson = body !== undefined && typeof body !== "string";
  const hasType = Object.keys(rest.headers).some((name) => name.toLowerCase() === "content-type");
  return {
    record: {
      id: rest.id,
      url,
      method: method ?? (body === undefined ? "GET" : "POST"),
      headers: isJson && !hasType ? { ...rest.headers, "content-type": "application/json" } : rest.headers,
      ...(body !== undefined && { body: isJson ? JSON.stringify(body) : (body as string) }),
      ...(notBefore !== undefined && { notBeforeMs: Date.parse(notBefore) }),
      ...(expiresAt !== undefined && { expiresAtMs: Date.parse(expiresAt) }),
    },
  };
}

/** What any URL must be, whoever it leads to. WHATWG's parser would take line breaks out silently, so they are looked for first. */
function urlProblem(url: string): string | undefined {
  if (url.length > MAX_URL_LENGTH) return `must be at most ${MAX_URL_LENGTH} characters`;
  if (/[^\x21-\x7e]/.test(url)) return "must be ASCII without spaces or control characters";
  if (!URL.canParse(url)) return "must be a URL";
  const { protocol, username, password } = new URL(url);
  if (protocol !== "http:" && protocol !== "https:") return "must be http or https";
  if (username !== "" || password !== "") return "must not hold credentials: put them into a header";
  return undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function soundId(value: unknown): string | undefined {
  const { id } = value as { id?: unknown };
  return typeof id === "string" && ID_PATTERN.test(id) ? id : undefined;
}

/** Never the value: it may hold credentials. */
function describe({ path, message, code, ...rest }: z.core.$ZodIssue): string {
  const where = path.length > 0 ? `${path[0] === "headers" ? "headers" : path.join(".")}: ` : "";
  if (code !== "unrecognized_keys") return `${where}${message}`;
  const { keys } = rest as unknown as { keys: readonly string[] };
  return `must hold only id, url, method, headers, body, notBefore, expiresAt, and ${keys.length === 1 ? "one other field" : `${keys.length} other fields`} were found`;
}
