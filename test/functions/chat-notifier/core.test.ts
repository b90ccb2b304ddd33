import { notify } from "../../../functions/chat-notifier/core";
import type { AlarmEvent } from "../../../functions/common/alarm-event";
import { RefusedError, UnavailableError } from "../../../functions/common/errors";
import { delivery, fakeTools, ociEvent } from "./tools";

const firing = ociEvent();
const resolved = ociEvent({ status: "resolved", idempotencyKey: "oci:2", occurredAt: "2026-11-21T12:12:00.000Z" });

/** Alarms of so many connections at once. */
function outage(count: number, status: AlarmEvent["status"] = "firing") {
  return Array.from({ length: count }, (_, index) =>
    ociEvent({
      status,
      alarm: `oci:alarm-${index}`,
      idempotencyKey: `oci:${status}-${index}`,
      label: { kakehashi: 1, site: "demo", kind: "all-down", connection: `site-${index}` },
    }),
  );
}

test("tells an alarm, and its end in the same thread with how long it lasted", async () => {
  const { told, tools } = fakeTools();
  expect(await notify([delivery(firing), delivery(resolved)], tools)).toEqual([]);
  expect(told.map(({ message, thread }) => ({ ...message, events: message.events.length, thread }))).toEqual([
    {
      key: firing.idempotencyKey,
      tone: "bad",
      about: "tokyo-oracle",
      headline: "a tunnel is down",
      facts: [
        { name: "Site", value: "demo" },
        { name: "Down", value: "tunnel 2 (140.238.150.2)" },
        { name: "No alarm for", value: "tunnel 1 (140.238.150.1)" },
        { name: "Since", value: "2026-11-21 12:00:00 UTC" },
        { name: "Severity", value: "warning" },
        { name: "Seen by", value: "Oracle Cloud" },
      ],
      text: "A tunnel of tokyo-oracle is down.",
      link: {
        name: "Console",
        url: "https://cloud.oracle.com/monitoring/alarms/ocid1.alarm.oc1.ap-tokyo-1.exampleuniqueID15?region=ap-tokyo-1",
      },
      topic: "tokyo-oracle",
      cutShort: "… (cut short)",
      events: 1,
      thread: undefined,
    },
    expect.objectContaining({
      tone: "good",
      headline: "the tunnel is up again",
      thread: "thread-0",
      facts: [
        { name: "Site", value: "demo" },
        { name: "No alarm for", value: "tunnel 1 (140.238.150.1), tunnel 2 (140.238.150.2)" },
        { name: "Since", value: "2026-11-21 12:00:00 UTC" },
        { name: "Ended", value: "2026-11-21 12:12:00 UTC (12 min)" },
        { name: "Severity", value: "warning" },
        { name: "Seen by", value: "Oracle Cloud" },
      ],
    }),
  ]);
});

test("says it in Japanese, in Japan's time", async () => {
  const { told, tools } = fakeTools();
  await notify([delivery(firing)], { ...tools, language: "ja" });
  expect(told[0]?.message).toMatchObject({ headline: "トンネルが1本切れています" });
  expect(told[0]?.message.facts).toContainEqual({ name: "発生", value: "2026-11-21 21:00:00 JST" });
});

test("remembers which tunnels are down from one alarm to the next", async () => {
  const { told, tools } = fakeTools();
  const other = ociEvent({ alarm: "oci:stream-1", idempotencyKey: "oci:3", tunnelAddresses: ["140.238.150.1"] });
  await notify([delivery(firing), delivery(other)], tools);
  expect(told[1]?.message.facts).toContainEqual({
    name: "Down",
    value: "tunnel 2 (140.238.150.2), tunnel 1 (140.238.150.1)",
  });
});

test("tells a message once that is delivered twice", async () => {
  const { told, lines, tools } = fakeTools();
  expect(await notify([delivery(firing, "a"), delivery(firing, "b")], tools)).toEqual([]);
  expect(told).toHaveLength(1);
  expect(lines).toContainEqual(["info", "delivered twice, told once", { idempotencyKey: firing.idempotencyKey }]);
});

test("leaves everything from the first failure on in the queue while the chat is down, and tells it in order later", async () => {
  let isUp = false;
  const { told, tools } = fakeTools(async () => {
    if (!isUp) throw new UnavailableError("chat server: no answer (ECONNREFUSED)");
    return undefined;
  });
  const batch = [delivery(firing), delivery(resolved), ...outage(2).map((event) => delivery(event))];
  expect(await notify(batch, tools)).toEqual(batch.map(({ id }) => id));
  isUp = true;
  expect(await notify(batch, tools)).toEqual([]);
  expect(told.map(({ message }) => message.key)).toEqual(batch.map(({ id }) => id));
});

test("a message that the server refuses holds up its own alarm only", async () => {
  const { told, tools } = fakeTools(async (message) => {
    if (message.about === "tokyo-oracle") throw new RefusedError("chat server answered 400", 400);
    return undefined;
  });
  const [other] = outage(1);
  const batch = [delivery(firing), delivery(resolved), delivery(other as AlarmEvent)];
  expect(await notify(batch, tools)).toEqual([firing.idempotencyKey, resolved.idempotencyKey]);
  expect(told.map(({ message }) => message.about)).toEqual(["site-0"]);
});

test("tells the headline alone where the server refuses the whole", async () => {
  const { told, tools } = fakeTools(async ({ text }) => {
    if (text) throw new RefusedError("chat server answered 413", 413);
    return undefined;
  });
  expect(await notify([delivery(firing)], tools)).toEqual([]);
  expect(told[0]?.message).toMatchObject({ about: "tokyo-oracle", headline: "a tunnel is down", text: "", facts: [] });
});

test("keeps everything where the chat's address or credential is wrong", async () => {
  const { tools } = fakeTools(async () => {
    throw new RefusedError("chat server answered 401", 401);
  });
  const batch = outage(3).map((event) => delivery(event));
  expect(await notify(batch, tools)).toEqual(batch.map(({ id }) => id));
});

test("gathers a provider's outage into one message, with nothing lost", async () => {
  const { told, tools } = fakeTools();
  const batch = outage(40).map((event) => delivery(event));
  expect(await notify(batch, tools)).toEqual([]);
  expect(told).toHaveLength(1);
  expect(told[0]?.message).toMatchObject({ headline: "40 alarms at once", tone: "bad" });
  expect(told[0]?.message.facts).toEqual([
    { name: "First", value: "2026-11-21 12:00:00 UTC" },
    { name: "Seen by", value: "Oracle Cloud" },
  ]);
  expect(told[0]?.message.text.split("\n")).toHaveLength(40);
  expect(told[0]?.message.text).toContain("site-39: all tunnels are down");
});

test("tells five alarms one by one, and a sixth that comes within the minute with what follows it", async () => {
  const { told, tools, clock } = fakeTools();
  const all = outage(9).map((event) => delivery(event));
  expect(await notify(all.slice(0, 5), tools)).toEqual([]);
  expect(await notify(all.slice(5, 8), tools)).toEqual([]);
  clock.nowMs += 61_000;
  expect(await notify(all.slice(8), tools)).toEqual([]);
  expect(told.map(({ message }) => message.about ?? message.headline)).toEqual([
    "site-0",
    "site-1",
    "site-2",
    "site-3",
    "site-4",
    "3 alarms at once",
    "site-8",
  ]);
});

test("a batch is taken in by one write to what all runs share", async () => {
  const { tools } = fakeTools();
  const writes: string[] = [];
  const { notebook } = tools;
  const counted = {
    ...notebook,
    write: (id: string, value: unknown, expected: number | undefined) => {
      writes.push(id);
      return notebook.write(id, value, expected);
    },
  };
  await notify(
    outage(10).map((event) => delivery(event)),
    { ...tools, notebook: counted },
  );
  // The second one closes it.
  expect(writes.filter((id) => id === "burst")).toHaveLength(2);
});

test("runs that overlap gather into one message", async () => {
  const { told, tools, clock } = fakeTools();
  const batches = Array.from({ length: 20 }, (_, run) => outage(200).slice(run * 10, run * 10 + 10));
  // Virtual time passes for all of them at once, as real time does.
  const shared = {
    ...tools,
    sleep: async (ms: number) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      clock.nowMs += ms / 20;
    },
  };
  const failed = await Promise.all(
    batches.map((batch) =>
      notify(
        batch.map((event) => delivery(event)),
        shared,
      ),
    ),
  );
  expect(failed.flat()).toEqual([]);
  expect(told.map(({ message }) => message.headline)).toEqual(["200 alarms at once"]);
});

test("a gathering that can't be told is told by its first member's next delivery", async () => {
  let isUp = false;
  const { told, tools } = fakeTools(async () => {
    if (!isUp) throw new UnavailableError("chat server: answered 503");
    return undefined;
  });
  const batch = outage(10).map((event) => delivery(event));
  expect(await notify(batch, tools)).toEqual(["oci:firing-0"]);
  // Its members' ends must wait for it.
  const ends = outage(10, "resolved").map((event) => delivery(event));
  expect(await notify([ends[7] as never], tools)).toEqual(["oci:resolved-7"]);
  isUp = true;
  expect(await notify([batch[0] as never], tools)).toEqual([]);
  expect(told.map(({ message }) => message.headline)).toEqual(["10 alarms at once"]);
  expect(await notify([ends[7] as never], tools)).toEqual([]);
  expect(told.at(-1)?.message.headline).toBe("a tunnel is up again");
});

test("a gathering whose process ended is told by its first member's next delivery, with what joined meanwhile", async () => {
  const { told, tools } = fakeTools();
  const ended = { ...tools, sleep: () => new Promise(() => undefined) };
  const batch = outage(10).map((event) => delivery(event));
  void notify(batch.slice(0, 6), ended);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await notify(batch.slice(6), tools)).toEqual([]);
  expect(told).toEqual([]);
  expect(await notify([batch[0] as never], tools)).toEqual([]);
  expect(told.map(({ message }) => message.headline)).toEqual(["10 alarms at once"]);
});

test("a state that can't be written leaves the whole batch in the queue", async () => {
  const { told, tools } = fakeTools();
  const broken = { ...tools.notebook, write: async () => Promise.reject(new UnavailableError("state: no answer")) };
  const batch = outage(7).map((event) => delivery(event));
  await expect(notify(batch, { ...tools, notebook: broken })).rejects.toThrow("state: no answer");
  expect(told).toEqual([]);
});

test("tells a heartbeat, and counts it only when it is told", async () => {
  let isUp = false;
  const { told, beats, tools } = fakeTools(async () => {
    if (!isUp) throw new UnavailableError("down");
    return undefined;
  });
  const beat = {
    id: "beat",
    source: "aws" as const,
    text: '{"kakehashi":1,"site":"demo","kind":"heartbeat","subject":"noc"}',
  };
  expect(await notify([beat], tools)).toEqual(["beat"]);
  expect(beats).toEqual([]);
  isUp = true;
  await notify([beat], tools);
  expect(beats).toEqual(["noc"]);
  expect(told[0]?.message.headline).toBe("the alarms' own road works");
});

test("tells what it can't read, as it is", async () => {
  const { told, tools } = fakeTools();
  expect(await notify([{ id: "1", source: "oci", text: "<html>502 @channel</html>" }], tools)).toEqual([]);
  expect(told[0]?.message).toMatchObject({
    headline: "an alarm that can't be read; this is how it begins",
    text: "<html>502 @\u200bchannel</html>",
  });
});

test("a gathering shows how those begin that it has no name for, harmless", async () => {
  const { told, tools } = fakeTools();
  await notify(
    outage(5).map((event) => delivery(event)),
    tools,
  );
  await notify([{ id: "x", source: "oci", text: "<html>@channel `x`" }], tools);
  expect(told.at(-1)?.message).toMatchObject({
    headline: "one more alarm",
    tone: "neutral",
    text: "unreadable alarm: state unknown (<html>@\u200bchannel 'x')",
  });
});
