import { type AddressInfo, createServer, type Socket } from "node:net";
import { makeCertificates } from "../../../catalog/make-certificates";
import { makeGuardedAgent, type Resolve } from "../../../functions/s2s-notifier/connect";
import { outcomeOf } from "../../../functions/s2s-notifier/outcome";
import { type Exchange, sendRecord } from "../../../functions/s2s-notifier/send";
import * as servers from "../../helpers/destinations";
import { SETTINGS } from "./settings";

const nobody: Resolve = () => Promise.reject(Object.assign(new Error("x"), { code: "ENOTFOUND" }));
const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function start(...args: Parameters<typeof servers.startDestination>) {
  const destination = await servers.startDestination(...args);
  open.push(destination.close);
  return destination;
}

interface Sending {
  readonly settings?: Partial<typeof SETTINGS>;
  readonly resolve?: Resolve;
  readonly authorities?: readonly string[];
  readonly record?: Partial<Parameters<typeof sendRecord>[1]>;
}

async function send(url: string, { settings, resolve = nobody, authorities, record }: Sending = {}): Promise<Exchange> {
  const all = { ...SETTINGS, ...settings };
  const agent = makeGuardedAgent({ settings: all, resolve, authorities });
  open.push(() => agent.destroy());
  return sendRecord(agent, { id: "a-1", url, method: "GET", headers: {}, ...record }, all);
}

const summary = (exchange: Exchange) => ({
  outcome: outcomeOf(exchange),
  status: exchange.status,
  bytes: exchange.bytes,
  error:
    exchange.error &&
    `${exchange.error.name}: ${(exchange.error as NodeJS.ErrnoException).code ?? exchange.error.message}`,
});

test("a sound server: delivered, with the record's own headers and a key for the partner's idempotency", async () => {
  const { origin, calls } = await start(servers.fast);
  const exchange = await send(`${origin}/n?a=1`, {
    record: { method: "POST", body: "hello", headers: { authorization: "Bearer x" } },
  });
  expect(summary(exchange)).toEqual({ outcome: "delivered", status: 200, bytes: 2, error: undefined });
  expect(calls[0]).toMatchObject({
    path: "/n?a=1",
    method: "POST",
    body: "hello",
    headers: {
      authorization: "Bearer x",
      "idempotency-key": '"a-1"',
      "user-agent": "kakehashi-notifier/1",
      "content-length": "5",
    },
  });
});

test.each([
  [200, "delivered"],
  [204, "delivered"],
  [304, "rejected"],
  [400, "rejected"],
  [401, "rejected"],
  [404, "rejected"],
  [410, "rejected"],
  [408, "retry"],
  [425, "retry"],
  [429, "retry"],
  [500, "retry"],
  [501, "retry"],
  [503, "retry"],
])("status %d: %s", async (code, outcome) => {
  const { origin } = await start(servers.status(code));
  expect(outcomeOf(await send(origin))).toBe(outcome);
});

test("429 with Retry-After hands it on", async () => {
  const { origin } = await start(servers.status(429, { "retry-after": "7" }));
  expect(await send(origin)).toMatchObject({ status: 429, retryAfter: "7" });
});

test.each([
  ["hanging", servers.hanging, undefined, 0],
  ["endless", servers.endless, 200, 1],
] as const)("a %s server is given up in time", async (_, behaviour, status, bytes) => {
  const { origin } = await start(behaviour);
  const exchange = await send(origin, { settings: { requestTimeoutMs: 200 } });
  expect(summary(exchange)).toEqual({ outcome: "retry", status, bytes, error: "CallTimedOut: timed out" });
});

test("a server that resets: tried again later", async () => {
  const { origin } = await start(servers.reset);
  expect(summary(await send(origin))).toMatchObject({ outcome: "retry", status: undefined });
});

test("nobody there: tried again later", async () => {
  const { origin, close } = await start(servers.fast);
  await close();
  expect(summary(await send(origin))).toMatchObject({ outcome: "retry", error: "Error: ECONNREFUSED" });
});

describe("a server that is none", () => {
  /** Answers every connection with these bytes, then with others again and again. */
  async function startRaw(text: string, again = ""): Promise<string> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => {}).write(text);
      const timer = setInterval(() => socket.write(again), 20);
      socket.on("close", () => clearInterval(timer));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    open.push(() => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test.each([
    ["speaks no HTTP", "SSH-2.0-OpenSSH_9.2\r\n", "HTTPParserError: Response does not match the HTTP/1.1 protocol"],
    ["sends headers without end", `HTTP/1.1 200 OK\r\nx: ${"y".repeat(100_000)}`, "UND_ERR_HEADERS_OVERFLOW"],
    [
      "changes the protocol",
      "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
      "UND_ERR_SOCKET",
    ],
    [
      "has two lengths",
      "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
      "UND_ERR_RES_CONTENT_LENGTH_MISMATCH",
    ],
  ])("and %s: tried again later", async (_, text, code) => {
    expect(summary(await send(await startRaw(text)))).toMatchObject({
      outcome: "retry",
      error: expect.stringContaining(code),
    });
  });

  const HINT = "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n";
  test.each([
    ["header for header", "HTTP/1.1 200 OK\r\n", "x-a: b\r\n"],
    ["with hints for ever", HINT, HINT],
  ])("and answers %s: given up in time", async (_, text, again) => {
    const exchange = await send(await startRaw(text, again), { settings: { requestTimeoutMs: 300 } });
    expect(summary(exchange)).toMatchObject({ outcome: "retry", error: "CallTimedOut: timed out" });
  });
});

test("a huge body is not read, and its status counts", async () => {
  const { origin } = await start(servers.huge);
  const before = process.memoryUsage().rss;
  const exchanges = await Promise.all(Array.from({ length: 50 }, () => send(origin)));
  for (const exchange of exchanges) {
    expect(summary(exchange)).toMatchObject({ outcome: "delivered", status: 200, error: undefined });
    expect(exchange.bytes).toBeLessThan(65_536 * 4);
  }
  expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(200);
});

test("keeps of a response's body what is asked for", async () => {
  const { origin } = await start((_, response) => void response.end("0123456789"));
  expect((await send(origin)).body).toBeUndefined();
  expect((await send(origin, { settings: { keepResponseBytes: 4 } })).body?.toString()).toBe("0123");
});

describe("redirects", () => {
  const to = (location: string, code = 302) => servers.status(code, { location });

  test("are followed, to another origin without headers that may be credentials", async () => {
    const target = await start(servers.fast);
    const { origin } = await start(to(`${target.origin}/b`, 307));
    const headers = { authorization: "Bearer x", "x-api-key": "y", "content-type": "text/plain" };
    const exchange = await send(origin, { record: { method: "POST", body: "hello", headers } });
    expect(exchange).toMatchObject({ status: 200, redirects: 1 });
    expect(target.calls[0]).toMatchObject({ path: "/b", method: "POST", body: "hello" });
    const seen = target.calls[0]?.headers ?? {};
    expect([seen.authorization, seen["x-api-key"], seen["content-type"]]).toEqual([undefined, undefined, "text/plain"]);
  });

  test("in a loop end", async () => {
    const { origin, calls } = await start(servers.loop);
    expect(summary(await send(`${origin}/a`))).toMatchObject({
      outcome: "rejected",
      error: "DestinationRefused: refused: more than 3 redirects",
    });
    expect(calls.map(({ path }) => path)).toEqual(["/a", "/ax", "/axx", "/axxx"]);
  });

  test.each([
    ["to an address of metadata", "http://169.254.169.254/latest/meta-data/", "refused: the address is linkLocal"],
    ["to the same in other letters", "http://0xa9fea9fe/", "refused: the address is linkLocal"],
    ["to the same in IPv6", "http://[::ffff:169.254.169.254]/", "refused: the address is linkLocal"],
    ["to a private address", "http://10.0.0.1/", "refused: the address is private"],
    ["to a file", "file:///etc/passwd", "refused: only http and https"],
    ["with credentials", "http://u:p@127.0.0.1/", "refused: credentials in the URL"],
    ["to no URL", "http://", "refused: a redirect to no URL"],
  ])("%s are refused", async (_, location, message) => {
    const { origin } = await start(to(location));
    expect(summary(await send(origin))).toMatchObject({ outcome: "rejected", error: `DestinationRefused: ${message}` });
  });

  test("that would drop a body are refused", async () => {
    const { origin, calls } = await start(to("/b"));
    const exchange = await send(origin, { record: { method: "POST", body: "x" } });
    expect(summary(exchange)).toMatchObject({
      outcome: "rejected",
      error: "DestinationRefused: refused: a redirect (302) that drops the body",
    });
    expect(calls).toHaveLength(1);
  });

  test("are answers where none may be followed", async () => {
    const { origin } = await start(to("/b"));
    expect(summary(await send(origin, { settings: { redirects: 0 } }))).toMatchObject({
      outcome: "rejected",
      status: 302,
      error: undefined,
    });
  });
});

describe("the address that a name resolves to", () => {
  const only =
    (...addresses: string[]): Resolve =>
    async () =>
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));

  test.each([
    ["metadata", ["169.254.169.254"], "refused: the address is linkLocal"],
    ["loopback", ["127.0.0.1"], "refused: the address is loopback"],
    ["private", ["10.0.0.1", "192.168.0.1"], "refused: the address is private"],
    ["IPv6 loopback", ["::1"], "refused: the address is loopback"],
    ["mapped", ["::ffff:127.0.0.1"], "refused: the address is loopback"],
  ])("is refused: %s", async (_, addresses, message) => {
    const { port, calls } = await start(servers.fast);
    const exchange = await send(`http://partner.example:${port}/`, { resolve: only(...addresses) });
    expect(summary(exchange)).toMatchObject({ outcome: "rejected", error: `DestinationRefused: ${message}` });
    expect(calls).toEqual([]);
  });

  test("is the one that is connected to: a name that changes its answer gains nothing", async () => {
    const { port, calls } = await start(servers.fast);
    const asked: string[] = [];
    const rebinding: Resolve = async (hostname) => {
      asked.push(hostname);
      return [{ address: asked.length === 1 ? "192.0.2.1" : "127.0.0.1", family: 4 }];
    };
    const settings = {
      privateHosts: { "partner.example": ["192.0.2.0/24"] },
      connectTimeoutMs: 200,
      requestTimeoutMs: 400,
    };
    expect(outcomeOf(await send(`http://partner.example:${port}/`, { resolve: rebinding, settings }))).toBe("retry");
    expect(asked).toEqual(["partner.example"]);
    expect(calls).toEqual([]);
  });

  test("may be a private one where the name was given its prefix", async () => {
    const { port, calls } = await start(servers.fast);
    const settings = { privateHosts: { "erp.example": ["127.0.0.0/8"] } };
    const exchange = await send(`http://erp.example:${port}/`, { resolve: only("10.9.9.9", "127.0.0.1"), settings });
    expect(summary(exchange)).toMatchObject({ outcome: "delivered" });
    expect(calls[0]?.headers.host).toBe(`erp.example:${port}`);
  });

  test.each([
    "http://127.0.0.2",
    "http://2130706434",
    "http://0x7f.2",
    "http://[::1]",
    "http://[::ffff:7f00:2]",
    "http://localhost",
  ])("is looked at where it stands in the URL: %s", async (origin) => {
    const exchange = await send(origin, { settings: { privateHosts: {} }, resolve: only("127.0.0.1") });
    expect(summary(exchange)).toMatchObject({
      outcome: "rejected",
      error: "DestinationRefused: refused: the address is loopback",
    });
  });
});

describe("TLS with a private authority", () => {
  const made = makeCertificates({
    name: "partner",
    privateIp: "10.0.0.1",
    dnsName: "partner.example",
    now: new Date(),
  });

  test("is taken with the authority and refused without", async () => {
    const { ca, certificate: cert, key } = await made;
    const { origin } = await start(servers.fast, { cert, key });
    expect(summary(await send(origin))).toMatchObject({
      outcome: "retry",
      error: "Error: UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    });
    expect(summary(await send(origin, { authorities: [ca] }))).toMatchObject({ outcome: "delivered", status: 200 });
  });

  test("is refused for another name", async () => {
    const { ca, certificate: cert, key } = await made;
    const { port } = await start(servers.fast, { cert, key });
    const exchange = await send(`https://other.example:${port}/`, {
      authorities: [ca],
      resolve: async () => [{ address: "127.0.0.1", family: 4 }],
      settings: { privateHosts: { "other.example": ["127.0.0.0/8"] } },
    });
    expect(summary(exchange)).toMatchObject({ outcome: "retry", error: "Error: ERR_TLS_CERT_ALTNAME_INVALID" });
  });

  test("is not left for http by a redirect", async () => {
    const { ca, certificate: cert, key } = await made;
    const { origin } = await start(servers.status(302, { location: "http://127.0.0.1/" }), { cert, key });
    expect(summary(await send(origin, { authorities: [ca] }))).toMatchObject({
      error: "DestinationRefused: refused: a redirect from https to http",
    });
  });
});

test("keeps connections alive, and no more to a host than it may have", async () => {
  const { origin, load } = await start(servers.after(20));
  const agent = makeGuardedAgent({ settings: SETTINGS, resolve: nobody });
  open.push(() => agent.destroy());
  const sockets = new Set<unknown>();
  agent.on("connect", (_, targets) => sockets.add(targets));
  await Promise.all(
    Array.from({ length: 50 }, (_, at) =>
      sendRecord(agent, { id: `${at}`, url: origin, method: "GET", headers: {} }, SETTINGS),
    ),
  );
  expect(load.most).toBe(SETTINGS.perHost);
  expect(sockets.size).toBe(SETTINGS.perHost);
});
