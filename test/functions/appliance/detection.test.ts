import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { askService } from "../../../functions/appliance-probe/ask-service";
import { probe } from "../../../functions/appliance-probe/core";
import { handler } from "../../../functions/appliance-probe/handler-aws";
import { judge, type Signal } from "../../../functions/appliance-watcher/verdict";
import { metricLine } from "../../../functions/common/appliance/metric-line";
import { probeRequest } from "../../../functions/common/appliance/probe-contract";

const HOST = "127.0.0.1";
const TCP = { protocol: "tcp", port: 443 } as const;

test.each<[Signal, Signal, Signal, boolean, number]>([
  ["up", "up", "up", false, 0],
  ["down", "up", "up", false, 1],
  ["up", "down", "unknown", false, 1],
  ["down", "down", "unknown", true, 2],
  ["up", "down", "down", true, 2],
  ["down", "unknown", "down", true, 2],
  ["down", "down", "down", true, 3],
  ["unknown", "unknown", "unknown", false, 0],
])("status %s, probe %s, health %s: down %s", (status, asked, health, isDown, down) => {
  expect(judge({ status, probe: asked, health })).toEqual({
    isDown,
    down,
    text: `status ${status}, probe ${asked}, health ${health}`,
  });
});

describe("the probe", () => {
  /** Answers as told, one after the other; the clock runs only while it sleeps. */
  const run = async (answers: string, changes: object = {}) => {
    let [now, at] = [0, 0];
    const answer = await probe(
      {
        ask: async () => (answers[at++ % answers.length] === "." ? undefined : "ECONNREFUSED"),
        sleep: async (milliseconds) => {
          now += milliseconds;
        },
        now: () => now,
      },
      probeRequest.parse({ host: HOST, service: TCP, intervalSeconds: 5, failures: 3, forSeconds: 45, ...changes }),
    );
    return { ...answer, seconds: now / 1000 };
  };

  test.each([
    [".", { isUp: true, asked: 10, failed: 0, seconds: 45 }],
    ["xxx", { isUp: false, asked: 3, failed: 3, seconds: 10, why: "ECONNREFUSED" }],
    ["xx.", { isUp: true, asked: 12, failed: 8, seconds: 55, why: "ECONNREFUSED" }],
    [".........xxx", { isUp: false, asked: 12, failed: 3, seconds: 55, why: "ECONNREFUSED" }],
  ])("answers %s: so many failures in a row, and no fewer", async (answers, expected) => {
    expect(await run(answers)).toEqual(expected);
  });

  test("asks once where it is asked for no time", async () => {
    expect(await run("x", { forSeconds: 0, failures: 1 })).toEqual({
      isUp: false,
      asked: 1,
      failed: 1,
      seconds: 0,
      why: "ECONNREFUSED",
    });
  });

  test.each([
    { host: "example.com" },
    { service: { protocol: "file", port: 1 } },
    { intervalSeconds: 0 },
    { forSeconds: 3600 },
  ])("refuses %j", async (changes) => {
    const request = { host: HOST, service: TCP, intervalSeconds: 5, failures: 3, forSeconds: 0, ...changes };
    await expect(async () => handler(request)).rejects.toMatchObject({ name: "ZodError" });
  });

  test("tells a TCP server that listens from one that does not", async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, HOST);
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    expect(await askService(HOST, { protocol: "tcp", port })).toBeUndefined();
    server.close();
    await once(server, "close");
    expect(await askService(HOST, { protocol: "tcp", port })).toBe("ECONNREFUSED");
  });

  test("a TCP server that takes connections and says nothing over TLS is silent", async () => {
    const server = createServer((socket) => socket.resume()).listen(0, HOST);
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    expect(await askService(HOST, { protocol: "https", port, path: "/" }, 200)).toBe("no answer in time");
    server.close();
  });

  test("an HTTPS server without any certificate to its name answers in TLS's own way: that is no answer", async () => {
    const server = createTlsServer().listen(0, HOST);
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    expect(await askService(HOST, { protocol: "https", port, path: "/" })).toMatch(/^(EPROTO|ECONNRESET)$/);
    server.close();
  });

  test("tells a UDP server that answers from one that keeps silent, and from none", async () => {
    const server = createSocket("udp4");
    server.on("message", (message, from) => {
      if (message.toString("hex") === "3801") server.send("hello", from.port, from.address);
    });
    server.bind(0, HOST);
    await once(server, "listening");
    const { port } = server.address();
    expect(await askService(HOST, { protocol: "udp", port, payloadHex: "3801" })).toBeUndefined();
    expect(await askService(HOST, { protocol: "udp", port, payloadHex: "00" }, 100)).toBe("no answer in time");
    server.close();
    await once(server, "close");
    expect(await askService(HOST, { protocol: "udp", port, payloadHex: "3801" })).toBe("ECONNREFUSED");
  });
});

test("a metric is one line in CloudWatch's embedded format", () => {
  expect(JSON.parse(metricLine("demo-appliance-vpn", "SignalsDown", 1, 1_800_000_000_000))).toEqual({
    _aws: {
      Timestamp: 1_800_000_000_000,
      CloudWatchMetrics: [
        { Namespace: "Kakehashi/Appliance", Dimensions: [["Appliance"]], Metrics: [{ Name: "SignalsDown" }] },
      ],
    },
    Appliance: "demo-appliance-vpn",
    SignalsDown: 1,
  });
});
