import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

export interface Call {
  readonly path: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly atMs: number;
}

/** A real HTTP server on loopback, with what it was asked. */
export interface Destination {
  readonly origin: string;
  readonly port: number;
  readonly calls: readonly Call[];
  /** Calls under way now, and the most at once. */
  readonly load: { now: number; most: number };
  readonly close: () => Promise<void>;
}

type Behaviour = (...args: Parameters<RequestListener>) => void;

export const fast: Behaviour = (_, response) => void response.end("ok");

export const after =
  (ms: number, then: Behaviour = fast): Behaviour =>
  (request, response) =>
    void setTimeout(() => then(request, response), ms);

export const status =
  (code: number, headers: Record<string, string> = {}): Behaviour =>
  (_, response) =>
    void response.writeHead(code, headers).end("x");

/** Takes the call and never answers. */
export const hanging: Behaviour = () => {};

/** Says 200 and never ends its body. */
export const endless: Behaviour = (_, response) => void response.writeHead(200).write("a");

export const reset: Behaviour = (request) => void request.socket.resetAndDestroy();

/** Sends as much as is taken. */
export const huge: Behaviour = (_, response) => {
  const chunk = Buffer.alloc(64 * 1024, "x");
  const more = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on("drain", more).writeHead(200);
  more();
};

export const loop: Behaviour = (request, response) =>
  void response.writeHead(302, { location: `${request.url}x` }).end();

/** Fails so often for each path before it answers. */
export function flaky(failures: number): Behaviour {
  const seen = new Map<string, number>();
  return (request, response) => {
    const path = request.url ?? "";
    const count = (seen.get(path) ?? 0) + 1;
    seen.set(path, count);
    if (count <= failures) response.writeHead(503).end();
    else response.end("ok");
  };
}

export async function startDestination(
  behaviour: Behaviour,
  tls?: { key: string; cert: string },
): Promise<Destination> {
  const calls: Call[] = [];
  const load = { now: 0, most: 0 };
  const listener: RequestListener = (request, response) => {
    load.most = Math.max(load.most, ++load.now);
    response.on("close", () => load.now--);
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const { url: path = "", method = "", headers } = request;
      calls.push({ path, method, headers, body: Buffer.concat(chunks).toString(), atMs: Date.now() });
      behaviour(request, response);
    });
    request.on("error", () => {});
  };
  const server: Server = tls ? createTlsServer(tls, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${tls ? "https" : "http"}://127.0.0.1:${port}`,
    port,
    calls,
    load,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}
