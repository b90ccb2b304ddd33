import { readFileSync } from "node:fs";
import { join } from "node:path";
import { forwardAlarm } from "../../../functions/alarm-forwarder/core";
import { RefusedError, UnavailableError } from "../../../functions/common/errors";
import { cacheSecret } from "../../../functions/common/secret-store";

const OCI_ALARM = readFileSync(join(__dirname, "../fixtures/oci-1.5-split.json"), "utf8");
const hints = { messageId: "message-1", receivedAt: "2026-11-21T12:05:00.000Z" };

function tools(statuses: readonly number[], tokens: readonly (string | undefined)[] = ["token-1"]) {
  const left = [...statuses];
  const held = [...tokens];
  const calls: { url: string; headers: Record<string, string>; body: string }[] = [];
  const lines: unknown[] = [];
  return {
    calls,
    lines,
    environment: {
      relayUrl: "https://relay.example/v1/alarms/",
      source: "oci" as const,
      tokenSecretId: "ocid1.vaultsecret.oc1..example",
      site: "demo",
    },
    token: cacheSecret(
      async () => (held.length > 1 ? held.shift() : held[0]),
      () => 0,
      60_000,
    ),
    log: (...line: unknown[]) => lines.push(line),
    fetch: async (url: string, init: RequestInit) => {
      calls.push({ url, headers: init.headers as Record<string, string>, body: init.body as string });
      return new Response("", { status: left.shift() ?? 500 });
    },
    sleep: async () => {},
    now: () => 0,
    deadlineMs: 20_000,
  };
}

test("posts the neutral event with token, idempotency key and the alarm's name", async () => {
  const given = tools([202]);
  await forwardAlarm(OCI_ALARM, hints, given);
  expect(given.calls.map(({ url, headers }) => ({ url, headers }))).toEqual([
    {
      url: "https://relay.example/v1/alarms/oci",
      headers: {
        "content-type": "application/json",
        "x-kakehashi-token": "token-1",
        "x-kakehashi-idempotency-key": "oci:message-1",
        "x-kakehashi-alarm": "oci:exampleuniqueid-stream-2",
      },
    },
  ]);
  expect(JSON.parse(given.calls[0]?.body ?? "")).toMatchObject({ kakehashiAlarm: 1, status: "firing" });
});

test("reads the token anew where it is refused: it may just have been rotated", async () => {
  const given = tools([403, 202], ["token-1", "token-2"]);
  await forwardAlarm(OCI_ALARM, hints, given);
  expect(given.calls.map(({ headers }) => headers["x-kakehashi-token"])).toEqual(["token-1", "token-2"]);
});

test("fails loudly where the relay does not take it, with no token in log or error", async () => {
  const given = tools([403, 403]);
  await expect(forwardAlarm(OCI_ALARM, hints, given)).rejects.toThrow(new RefusedError("relay answered 403", 403));
  expect(given.lines).toEqual([
    [
      "error",
      "relay refused the alarm",
      { alarm: "oci:exampleuniqueid-stream-2", idempotencyKey: "oci:message-1", answered: 403 },
    ],
  ]);
});

test("fails where the secret is empty, before anything is sent", async () => {
  const given = tools([202], [undefined]);
  await expect(forwardAlarm(OCI_ALARM, hints, given)).rejects.toThrow(
    new UnavailableError("the relay's token: the secret has no value"),
  );
  expect(given.calls).toEqual([]);
});

test("sends on what it can't read, and says so in the log without the text", async () => {
  const given = tools([202]);
  const event = await forwardAlarm("{ not json, password=hunter2", hints, given);
  expect(event).toMatchObject({ isUnreadable: true, summary: "{ not json, password=hunter2" });
  expect(given.lines[0]).toEqual(["warn", "alarm can't be read; its text goes on as it is", { bytes: 28 }]);
});
