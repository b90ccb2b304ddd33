import { createServer, type IncomingMessage, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What an AWS API is asked: EC2's `Action`, or DynamoDB's target. */
export interface SeenCall {
  readonly operation: string;
  readonly body: URLSearchParams;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

export interface FaultProxy {
  readonly url: string;
  readonly calls: SeenCall[];
  /** Answers in the emulator's place; undefined: the emulator answers. */
  fault: (call: SeenCall) => Answer | undefined;
  /** Changes what the emulator answered. */
  rewrite: (call: SeenCall, body: string) => string;
  /** Milliseconds that a call takes beforehand. */
  delay: (call: SeenCall) => number;
  close(): Promise<void>;
}

/**
 * Stands before the emulator: it never lacks capacity, never throttles, and its instances run at once. The fault's answer is
 * what EC2 documents. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const { hostname, port } = new URL(target);
  const server: Server = createServer(async (incoming, outgoing) => {
    const text = await readAll(incoming);
    const body = new URLSearchParams(text);
    const operation =
      body.get("Action") ??
      String(incoming.headers["x-amz-target"] ?? "")
        .split(".")
        .at(-1) ??
      "";
    const call = { operation, body };
    proxy.calls.push(call);
    const wait = proxy.delay(call);
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const fault = proxy.fault(call);
    if (fault) {
      outgoing.writeHead(fault.status, { "content-type": "text/xml" }).end(fault.body);
      return;
    }
    const { method, url: path, headers } = incoming;
    const onward = request(
      { hostname, port, method, path, headers: { ...headers, "accept-encoding": "identity" } },
      async (answer) => {
        const fresh = Buffer.from(proxy.rewrite(call, await readAll(answer)));
        const { "content-length": _, "transfer-encoding": __, ...kept } = answer.headers;
        outgoing.writeHead(answer.statusCode ?? 502, { ...kept, "content-length": fresh.length }).end(fresh);
      },
    );
    onward.on("error", () => outgoing.destroy());
    onward.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: [],
    fault: () => undefined,
    rewrite: (_, body) => body,
    delay: () => 0,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return proxy;
}

export function ec2Error(code: string, status = 400): Answer {
  return {
    status,
    body: `<?xml version="1.0"?><Response><Errors><Error><Code>${code}</Code><Message>injected</Message></Error></Errors><RequestID>0</RequestID></Response>`,
  };
}

async function readAll(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
