import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Road } from "../../lab/road/start-road";
import { tunnelAlarm } from "../../lab/road/tunnel-alarm";
import { newRoad, until } from "./road";

let road: Road;

afterEach(async () => {
  await road.stop();
});

const alarm = (connection = "tokyo-oracle") =>
  tunnelAlarm(road.templates.network, { status: "FIRING", atMs: Date.parse("2026-11-21T12:00:00Z"), connection });
const text = () => road.chat.posts.map((post) => post.text).join("\n");
const fixture = (name: string) => readFileSync(join(__dirname, "../functions/fixtures", name), "utf8");

/** Forgets what gateway and authorizer keep for a minute, as a minute would. */
function passAMinute(): void {
  road.gateway.cache.entries.clear();
  road.gateway.functions.kill("demo-relay-by-aws-authorizer");
}

test("a relay that is away makes the forwarder fail, and the topic's next try brings the alarm", async () => {
  road = await newRoad({ forwarderSeconds: 4 });
  const { pid } = road.forwarder;
  road.cable.cut(true);
  const failed = await road.topic.deliver(alarm(), "message-1");
  expect({ status: failed.status, body: JSON.parse(failed.body) }).toEqual({
    status: 502,
    body: {
      message: "Exception in function, consult logs for details",
      detail: expect.stringMatching(/^UnavailableError: relay: no answer \(\w+\); next try in \d+ s, \d+ s left$/),
    },
  });
  road.cable.cut(false);
  await road.topic.publish(alarm(), "message-1");
  await until("the alarm", () => road.chat.posts.length === 1);
  expect(road.forwarder.pid).toBe(pid);
});

test("a wrong token is refused, loudly, and nothing reaches the queue", async () => {
  road = await newRoad();
  await road.rotateToken("forwarder", "W".repeat(48));
  const answer = await road.topic.deliver(alarm());
  expect(JSON.parse(answer.body).detail).toBe("RefusedError: relay answered 403");
  await road.rotateToken("forwarder", "not what a token looks like");
  expect((await road.topic.deliver(alarm())).status).toBe(502);
  await road.rotateToken("forwarder", road.token);
  await road.topic.publish(alarm("kyoto"));
  await until("the good one", () => text().includes("kyoto"));
  expect(text()).not.toContain("tokyo-oracle");
});

test("a token that was rotated once still opens the relay; after the second rotation it does not, until the forwarder has the new one", async () => {
  road = await newRoad();
  await road.rotateToken("relay");
  passAMinute();
  await road.topic.publish(alarm("first"));
  const newest = await road.rotateToken("relay");
  passAMinute();
  expect(JSON.parse((await road.topic.deliver(alarm("second"), "message-2")).body).detail).toBe(
    "RefusedError: relay answered 403",
  );
  await road.rotateToken("forwarder", newest);
  await road.topic.publish(alarm("second"), "message-2");
  await until("both", () => text().includes("first") && text().includes("second"));
});

test("a vault that is out of order, or silent, makes the forwarder fail in time; its process lives on", async () => {
  road = await newRoad();
  road.oracle.fault = { status: 500 };
  expect(JSON.parse((await road.topic.deliver(alarm())).body).detail).toBe("UnavailableError: vault: 500");
  road.oracle.fault = "silence";
  expect(JSON.parse((await road.topic.deliver(alarm())).body).detail).toBe("UnavailableError: vault: no answer in 5 s");
  road.oracle.fault = undefined;
  await road.topic.publish(alarm());
  await until("the alarm", () => road.chat.posts.length === 1);
  expect(road.oracle.calls.every((call) => call.endsWith(" signed"))).toBe(true);
});

test("more calls than the API takes at once are put off by 429 and Retry-After, and none is lost", async () => {
  road = await newRoad();
  // Strangers use the API up; the forwarder then comes too late.
  const strangers = Array.from({ length: 300 }, () => fetch(`${road.relayUrl}/oci`, { method: "POST", body: "{}" }));
  const statuses = (await Promise.all(strangers)).map(({ status }) => status);
  const late = road.topic.publish(alarm());
  expect(new Set(statuses)).toEqual(new Set([401, 429]));
  const refused = await fetch(`${road.relayUrl}/oci`, { method: "POST", body: "{}" });
  expect([401, 429]).toContain(refused.status);
  if (refused.status === 429) expect(refused.headers.get("retry-after")).toBe("5");
  expect((await late).answer.status).toBe(200);
  await until("the alarm", () => road.chat.posts.length === 1);
});

test("what is no alarm, and what is too large, is told as far as it can be, and breaks nothing", async () => {
  road = await newRoad();
  const { pid } = road.forwarder;
  const hostile = JSON.parse(alarm());
  hostile.body = "@channel <!here> [x](javascript:alert(1)) ```\n**bold** ${jndi:ldap://x} $(reboot) \u202e";
  hostile.title = "@all `x` </script>";
  hostile.dedupeKey = "hostile";
  for (const message of [
    "",
    "{",
    "<html>502 @channel</html>",
    "[]",
    JSON.stringify(hostile),
    "x".repeat(1024 * 1024),
  ]) {
    await road.topic.publish(message);
  }
  await until("the last", () => /x{100}/.test(text()));
  expect(text()).not.toMatch(/@(channel|all|here)/);
  expect(text()).not.toContain("javascript:");
  expect(road.forwarder.pid).toBe(pid);
  expect(road.chat.refused).toEqual([]);
});

test("a message of 64 KB reaches the chat, with everything that counts", async () => {
  road = await newRoad();
  const large = JSON.parse(alarm());
  large.alarmMetaData[0].dimensions = Array.from({ length: 900 }, (_, index) => ({
    publicIp: `198.51.${index % 256}.${index % 100}`,
    resourceId: "x".repeat(30),
  }));
  const message = JSON.stringify(large);
  expect(message.length).toBeGreaterThan(60_000);
  await road.topic.publish(message);
  const { text: said } = await until("the alarm", () => road.chat.posts[0]);
  expect(said).toContain("🔴 `tokyo-oracle` **all tunnels are down**");
  expect(said).toContain("[Console](https://cloud.oracle.com/");
});

test("the relay takes Azure's alarms with its token, and nothing that is none", async () => {
  road = await newRoad();
  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${road.relayUrl}/azure`, {
      method: "POST",
      body,
      headers: {
        "content-type": "application/json",
        "x-kakehashi-token": road.token,
        "x-kakehashi-alarm": "azure:rule",
        "x-kakehashi-idempotency-key": "azure:1",
        ...headers,
      },
    }).then(async (answer) => [answer.status, await answer.json()]);
  expect(await post(fixture("azure-common.json"), { "x-kakehashi-token": "" })).toEqual([
    401,
    { message: "the token is missing or malformed" },
  ]);
  expect(await post('{"status":"firing"}')).toEqual([400, { message: "the body is no alarm" }]);
  expect(await post(fixture("azure-common.json"), { "x-kakehashi-alarm": "" })).toEqual([
    400,
    { message: "a header is missing" },
  ]);
  expect(await post(fixture("azure-common.json"))).toEqual([202, { message: "queued" }]);
  await until("the alarm", () => text().includes("Seen by: `Azure`"));
});

test("no function writes a token, the chat's address or a key into its log", async () => {
  road = await newRoad({ forwarderSeconds: 4 });
  const wrong = await road.rotateToken("forwarder");
  await road.topic.deliver(alarm());
  await road.rotateToken("forwarder", road.token);
  road.chat.set({ status: 500 });
  await road.topic.publish(alarm());
  await until("a refusal", () => road.chat.refused.length > 0);
  road.chat.set("down");
  await until("a failed try", () => /no answer/.test(road.logs()));
  road.chat.set("up");
  await until("the alarm", () => road.logs().includes('"alarm told"'));
  const logs = road.logs();
  const key = road.oracle.environment.OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM?.split("\n")[1] as string;
  for (const secret of [road.token, wrong, road.chat.webhookId, road.chat.webhookUrl, key]) {
    expect(logs.includes(secret)).toBe(false);
  }
});
