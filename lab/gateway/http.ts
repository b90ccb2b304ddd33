import type { IncomingMessage } from "node:http";

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
export const MOST_BODY_BYTES = 10 * 1024 * 1024;
export const MOST_HEADER_BYTES = 10_240;

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Buffer;
}

/** One call of the API, as everything behind the routing sees it. */
export interface GatewayCall {
  readonly requestId: string;
  readonly httpMethod: string;
  /** Without the stage. */
  readonly path: string;
  /** Names as the caller wrote them; the last of several values. */
  readonly headers: Readonly<Record<string, string>>;
  readonly multiValueHeaders: Readonly<Record<string, readonly string[]>>;
  readonly query: Readonly<Record<string, string>>;
  readonly multiValueQuery: Readonly<Record<string, readonly string[]>>;
  readonly pathParameters: Readonly<Record<string, string>> | null;
  readonly stageVariables: Readonly<Record<string, string>> | null;
  readonly body: Buffer;
  readonly caller: Caller;
}

/** Where a call comes from, as far as policies ask. */
export interface Caller {
  readonly sourceIp: string;
  /** Of the interface endpoint that a private API is called through. */
  readonly vpcEndpointId?: string;
}

export function headerOf(call: Pick<GatewayCall, "headers">, name: string): string | undefined {
  const found = Object.entries(call.headers).find(([key]) => key.toLowerCase() === name.toLowerCase());
  return found?.[1];
}

export function readHeaders(request: IncomingMessage): Pick<GatewayCall, "headers" | "multiValueHeaders"> {
  const many: Record<string, string[]> = {};
  for (let at = 0; at < request.rawHeaders.length; at += 2) {
    const name = request.rawHeaders[at] as string;
    many[name] = [...(many[name] ?? []), request.rawHeaders[at + 1] as string];
  }
  return { headers: lastOf(many), multiValueHeaders: many };
}

export function readQuery(url: URL): Pick<GatewayCall, "query" | "multiValueQuery"> {
  const many: Record<string, string[]> = {};
  for (const [name, value] of url.searchParams) many[name] = [...(many[name] ?? []), value];
  return { query: lastOf(many), multiValueQuery: many };
}

function lastOf(many: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  return Object.fromEntries(Object.entries(many).map(([name, values]) => [name, values.at(-1) as string]));
}

/** @returns undefined where it is longer than API Gateway takes */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes <= MOST_BODY_BYTES) chunks.push(chunk as Buffer);
  }
  return bytes > MOST_BODY_BYTES ? undefined : Buffer.concat(chunks);
}
