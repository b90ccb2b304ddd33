import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import type { ActivationService } from "./activation-service";

/** What an operation shall answer instead of what it would. */
export interface Fault {
  /** The service's name of the error. */
  readonly error: string;
  readonly message?: string;
  /** How often. @default - until the fault is removed */
  times?: number;
}

export interface Front {
  readonly url: string;
  /** By operation, as `PutParameter` or `TransactWriteItems`. */
  readonly faults: Map<string, Fault>;
  /** Milliseconds that an operation's call is kept before it is answered. */
  readonly delays: Map<string, number>;
  /** How often each operation was called. */
  readonly calls: Map<string, number>;
  /** Lambda functions by their name, for `Invoke`. */
  readonly functions: Map<string, (event: unknown) => Promise<unknown>>;
  readonly stop: () => Promise<void>;
}

/**
 * Stands in front of moto's server: answers what moto lacks, injects faults, counts calls, and hands DynamoDB's calls on one at a
 * time. moto checks a condition and writes in two steps that another thread may come between; DynamoDB does not.
 */
export async function startFront(motoUrl: string, activations: ActivationService): Promise<Front> {
  const faults = new Map<string, Fault>();
  const delays = new Map<string, number>();
  const calls = new Map<string, number>();
  const functions: Front["functions"] = new Map();
  const line = { last: Promise.resolve() as Promise<unknown> };
  const server = createServer(async (incoming, response) => {
    const body = await readAll(incoming);
    const invoked = functions.get(
      /^\/2015-03-31\/functions\/([\w-]+)\/invocations$/.exec(incoming.url ?? "")?.[1] ?? "",
    );
    if (invoked) return invoke(response, invoked, body);
    const [, service = "", operation = ""] =
      /^(\w+?)(?:_\d+)?\.(\w+)$/.exec(String(incoming.headers["x-amz-target"])) ?? [];
    calls.set(operation, (calls.get(operation) ?? 0) + 1);
    await setTimeout(delays.get(operation) ?? 0, undefined, { ref: false });
    const fault = faults.get(operation);
    if (fault && (fault.times === undefined || fault.times-- > 0))
      return refuse(response, fault.error, fault.message ?? "injected");
    const own =
      service === "AmazonSSM" ? activations.answer(operation, JSON.parse(body.toString() || "{}")) : undefined;
    if (own && "error" in own) return refuse(response, own.error, own.message);
    if (own) return send(response, 200, own.body);
    if (service !== "DynamoDB") return pass(motoUrl, incoming, body, response);
    line.last = line.last.then(() => pass(motoUrl, incoming, body, response));
    await line.last;
  });
  // A caller on a loaded machine may use a connection in the very moment in which it would be closed as idle.
  server.keepAliveTimeout = 0;
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    delays,
    calls,
    functions,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
async function invoke(
  response: ServerResponse,
  call: (event: unknown) => Promise<unknown>,
  body: Buffer,
): Promise<void> {
  try {
    send(response, 200, (await call(JSON.parse(body.toString() || "{}"))) as object);
  } catch (error) {
    response.setHeader("X-Amz-Function-Error", "Unhandled");
    send(response, 200, { errorMessage: (error as Error).message });
  }
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function refuse(response: ServerResponse, error: string, message: string): void {
  send(response, /Internal|Unavailable/.test(error) ? 500 : 400, { __type: error, message });
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "Content-Type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
}

function pass(motoUrl: string, { method, url, headers }: IncomingMessage, body: Buffer, response: ServerResponse) {
  return new Promise<void>((done) => {
    const passed = request(`${motoUrl}${url}`, { method, headers }, (answer) => {
      // Read whole, even if who asked has been killed by now: the next in line waits for it.
      readAll(answer)
        .then((text) => {
          if (!response.destroyed) response.writeHead(answer.statusCode ?? 500, answer.headers).end(text);
        })
        .catch(() => response.destroy())
        .finally(done);
    });
    passed.on("error", () => {
      response.destroy();
      done();
    });
    passed.end(body);
  });
}
