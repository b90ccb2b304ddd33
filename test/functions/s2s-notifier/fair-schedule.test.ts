import { setTimeout } from "node:timers/promises";
import { runFairly } from "../../../functions/s2s-notifier/fair-schedule";

interface Item {
  readonly host: string;
  readonly at: number;
}

const many = (host: string, count: number): Item[] => Array.from({ length: count }, (_, at) => ({ host, at }));
const hostOf = ({ host }: Item) => host;

test.each([
  [10, 10, 3],
  [100, 16, 4],
])("runs every item once, within both limits, with %d in all", async (concurrency, most, mostOfHost) => {
  const seen = new Map<string, number>();
  const load = { all: 0, most: 0, ofHost: new Map<string, number>(), mostOfHost: 0 };
  const items = ["a", "b", "c", "d"].flatMap((host) => many(host, 3_000));
  const refused = await runFairly({
    items,
    hostOf,
    concurrency,
    room: () => 4,
    run: async ({ host, at }) => {
      seen.set(`${host}${at}`, (seen.get(`${host}${at}`) ?? 0) + 1);
      load.most = Math.max(load.most, ++load.all);
      load.ofHost.set(host, (load.ofHost.get(host) ?? 0) + 1);
      load.mostOfHost = Math.max(load.mostOfHost, load.ofHost.get(host) as number);
      await Promise.resolve();
      load.all--;
      load.ofHost.set(host, (load.ofHost.get(host) as number) - 1);
    },
  });
  expect(refused).toEqual([]);
  expect([seen.size, new Set(seen.values())]).toEqual([12_000, new Set([1])]);
  expect([load.most, load.mostOfHost, load.all]).toEqual([most, mostOfHost, 0]);
});

test("a slow host with most of the records does not hold up the others", async () => {
  const ended: string[] = [];
  await runFairly({
    items: [...many("slow", 40), ...many("b", 40), ...many("c", 40)],
    hostOf,
    concurrency: 12,
    room: () => 4,
    run: async ({ host }) => {
      await setTimeout(host === "slow" ? 100 : 1);
      ended.push(host);
    },
  });
  const lastOfOthers = Math.max(ended.lastIndexOf("b"), ended.lastIndexOf("c"));
  expect(ended.slice(0, lastOfOthers).filter((host) => host === "slow").length).toBeLessThan(24);
  expect(ended).toHaveLength(120);
});

test("a host without room gives its records back, those under way end, the others go on", async () => {
  const begun: string[] = [];
  const refused = await runFairly({
    items: [...many("down", 100), ...many("up", 100)],
    hostOf,
    concurrency: 8,
    room: (host) => (host === "down" && begun.filter((one) => one === "down").length >= 10 ? 0 : 4),
    run: async ({ host }) => {
      begun.push(host);
      await setTimeout(1);
    },
  });
  expect([begun.filter((one) => one === "down").length, begun.filter((one) => one === "up").length]).toEqual([10, 100]);
  expect(refused).toEqual(many("down", 100).slice(10));
});

test("a host on trial gets one call, and all of its places when it went well", async () => {
  const load = { now: 0, most: [] as number[] };
  const state = { isTrial: true };
  const refused = await runFairly({
    items: many("a", 30),
    hostOf,
    concurrency: 8,
    room: () => (state.isTrial ? 1 : 5),
    run: async ({ at }) => {
      load.most[at] = ++load.now;
      await setTimeout(5);
      load.now--;
      state.isTrial = false;
    },
  });
  expect(refused).toEqual([]);
  expect(load.most[0]).toBe(1);
  expect(load.most[1]).toBe(1);
  expect(Math.max(...load.most)).toBe(5);
});

test("nothing to do ends at once", async () => {
  expect(await runFairly({ items: [], hostOf, concurrency: 1, room: () => 1, run: async () => {} })).toEqual([]);
});
