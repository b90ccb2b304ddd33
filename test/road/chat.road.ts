import { setTimeout as sleep } from "node:timers/promises";
import { makeCertificates } from "../../catalog/make-certificates";
import type { Road } from "../../lab/road/start-road";
import { tunnelAlarm } from "../../lab/road/tunnel-alarm";
import { newRoad, until } from "./road";

const START_MS = Date.parse("2026-11-21T12:00:00.000Z");
const MINUTE_MS = 60_000;

let road: Road;

beforeEach(async () => {
  road = await newRoad();
});

afterEach(async () => {
  await road.stop();
});

const firing = (connection = "tokyo-oracle", tunnel?: 1 | 2) =>
  tunnelAlarm(road.templates.network, { status: "FIRING", tunnel, atMs: START_MS, connection });
const resolved = (connection = "tokyo-oracle", tunnel?: 1 | 2) =>
  tunnelAlarm(road.templates.network, { status: "OK", tunnel, atMs: START_MS + 12 * MINUTE_MS, connection });
const headlines = () => road.chat.posts.map(({ text }) => text.split("\n")[0]);

test("a tunnel's alarm goes from Oracle's message to the chat, and its end after it", async () => {
  await road.topic.publish(firing("tokyo-oracle", 2));
  await until("the alarm", () => road.chat.posts.length === 1);
  await road.topic.publish(resolved("tokyo-oracle", 2));
  await until("its end", () => road.chat.posts.length === 2);
  expect(road.chat.posts[0]?.text).toBe(
    [
      "🔴 `tokyo-oracle` **a tunnel is down**",
      "Site: `demo`",
      "Down: `tunnel 2 (140.238.150.2)`",
      "No alarm for: `tunnel 1 (140.238.150.1)`",
      "Since: `2026-11-21 12:00:00 UTC`",
      "Severity: `warning`",
      "Seen by: `Oracle Cloud`",
      "```",
      "A tunnel of tokyo-oracle (tokyo to oracle/tokyo) is down.",
      "```",
      "[Console](https://cloud.oracle.com/monitoring/alarms/ocid1.alarm.oc1.ap-tokyo-1.lab?region=ap-tokyo-1)",
    ].join("\n"),
  );
  expect(road.chat.posts[1]?.text).toContain("🟢 `tokyo-oracle` **the tunnel is up again**");
  expect(road.chat.posts[1]?.text).toContain("Ended: `2026-11-21 12:12:00 UTC (12 min)`");
});

test("the end stands in its alarm's thread where the chat is spoken to as a bot", async () => {
  await road.setChatSecret({ url: road.chat.url, token: road.chat.botToken, channel: "town-square" });
  await road.topic.publish(firing());
  const alarm = await until("the alarm", () => road.chat.posts[0]);
  await road.topic.publish(resolved());
  expect((await until("its end", () => road.chat.posts[1])).thread).toBe(alarm.id);
});

test("while the chat is away everything waits; then all of it comes, each alarm's end after its beginning", async () => {
  road.chat.set("down");
  const sites = ["kyoto", "osaka", "nara"];
  for (const site of sites) await road.topic.publish(firing(site));
  for (const site of sites) await road.topic.publish(resolved(site));
  await until("a failed try", () => road.logs().includes("alarm not told; it stays in the queue"));
  expect(road.chat.posts).toEqual([]);
  road.chat.set("up");
  const said = (site: string) =>
    road.chat.posts.flatMap(({ text }) =>
      text.split("\n").filter((line) => line.includes(site) && /tunnels are down|tunnel is up/.test(line)),
    );
  for (const site of sites) await until(`both of ${site}`, () => said(site).join().includes("up again"));
  for (const site of sites) {
    expect(said(site).join()).toMatch(/all tunnels are down.*a tunnel is up again/);
    expect(
      said(site)
        .join()
        .match(/all tunnels are down/g),
    ).toHaveLength(1);
  }
});

test("a chat that asks to wait is waited for, and told once", async () => {
  road.chat.set({ status: 429, retryAfterSeconds: 1 });
  await road.topic.publish(firing());
  await until("a refusal", () => road.chat.refused.length > 0);
  road.chat.set("up");
  await until("the alarm", () => road.chat.posts.length > 0);
  expect(headlines()).toEqual(["🔴 `tokyo-oracle` **all tunnels are down**"]);
});

test("a chat server whose certificate another authority signed gets nothing, until it shows the right one", async () => {
  const stranger = await makeCertificates({ name: "stranger", privateIp: "127.0.0.1", now: new Date() });
  const own = road.chat.certificates;
  road.chat.present(stranger);
  await road.topic.publish(firing());
  await until("a failed try", () => /no answer \((SELF_SIGNED|UNABLE_TO|DEPTH)[A-Z_]*\)/.test(road.logs()));
  expect(road.chat.posts).toEqual([]);
  road.chat.present(own);
  await until("the alarm", () => road.chat.posts.length === 1);
});

test("a message that Oracle delivers twice is told once", async () => {
  await road.topic.publish(firing(), "message-1");
  await road.topic.publish(firing(), "message-1");
  await road.topic.publish(firing("kyoto"), "message-2");
  await until("what came last", () => headlines().join().includes("kyoto"));
  expect(headlines()).toEqual(["🔴 `tokyo-oracle` **all tunnels are down**", "🔴 `kyoto` **all tunnels are down**"]);
});

test("a notifier whose process ends in the middle leaves its alarms to the next one", async () => {
  road.chat.set({ status: 503 });
  await road.topic.publish(firing());
  await until("a try", () => road.chat.refused.length > 0);
  road.gateway.functions.kill("demo-relay-by-aws-notifier");
  road.chat.set("up");
  await until("the alarm", () => road.chat.posts.length > 0);
  expect(headlines()).toEqual(["🔴 `tokyo-oracle` **all tunnels are down**"]);
});

test("a burst of 200 alarms is few messages, with every alarm in them once", async () => {
  const sites = Array.from({ length: 200 }, (_, index) => `site-${index}-end`);
  const left = [...sites];
  const send = async () => {
    for (let site = left.shift(); site; site = left.shift()) await road.topic.publish(firing(site));
  };
  await Promise.all(Array.from({ length: 8 }, send));
  const told = () => new Set(road.chat.posts.flatMap(({ text }) => text.match(/site-\d+-end/g) ?? []));
  await until("all of them", () => told().size === sites.length, 240);
  // Nothing comes twice, however long one waits.
  await sleep(2_000);
  process.stdout.write(`  200 alarms: ${road.chat.posts.length} messages\n`);
  // The first five alone, the rest in one or two, more where the machine is starved.
  expect(road.chat.posts.length).toBeLessThanOrEqual(15);
  const gathered = headlines().flatMap((line) => /\*\*(\d+) alarms at once/.exec(line ?? "")?.[1] ?? []);
  const alone = road.chat.posts.length - gathered.length;
  expect(gathered.reduce((sum, count) => sum + Number(count), alone)).toBe(200);
}, 600_000);

test("the daily sign that the road works is told and counted", async () => {
  await road.topic.publish('{"kakehashi":1,"site":"demo","kind":"heartbeat","subject":"noc"}');
  await until("the heartbeat", () => headlines()[0] === "🟢 **the alarms' own road works**");
  await until("its metric", () => /"HeartbeatDelivered":1/.test(road.logs()));
});
