import { parseMoment } from "../../../cli/notify/moment";
import { Pace } from "../../../cli/notify/pace";
import { isWanted, partitionsOf, ResultCollector } from "../../../cli/notify/result-query";
import { parseWhole } from "../../../cli/notify/whole-number";
import type { ResultLine } from "../../../functions/s2s-notifier/results";

const NOW = Date.parse("2026-11-21T09:20:00Z");

test.each([
  ["30m", "2026-11-21T08:50:00.000Z"],
  ["2h", "2026-11-21T07:20:00.000Z"],
  ["7d", "2026-11-14T09:20:00.000Z"],
  ["2026-11-21", "2026-11-21T00:00:00.000Z"],
  ["2026-11-21T09:00:00+09:00", "2026-11-21T00:00:00.000Z"],
  ["2026-11-21T09:00Z", "2026-11-21T09:00:00.000Z"],
])("%s is %s", (text, expected) => {
  expect(new Date(parseMoment("--since", text, NOW)).toISOString()).toBe(expected);
});

test.each(["", "2", "2w", "-1h", "yesterday", "2026-13-01", "2026-11-21T09:00"])("%j is no moment", (text) => {
  expect(() => parseMoment("--since", text, NOW)).toThrow(
    new Error(
      `notify: 1 problem\n  --since: must be minutes, hours or days ago, or a time in ISO 8601 with its offset, got ${JSON.stringify(text)}; use for example 2h, or 2026-11-21T09:00:00+09:00`,
    ),
  );
});

test.each([
  ["1", 1],
  ["1000", 1_000],
  [undefined, undefined],
])("%s as a whole number: %s", (text, expected) => {
  expect(parseWhole("--rate", text, 1, 1_000)).toBe(expected);
});

test.each(["0", "1001", "1e2", "", "-1", "99999999999"])("%j is no rate", (text) => {
  expect(() => parseWhole("--rate", text, 1, 1_000)).toThrow(
    new Error(
      `notify: 1 problem\n  --rate: must be a whole number from 1 to 1000, got ${JSON.stringify(text)}; use for example --rate 100`,
    ),
  );
});

test("a pace spreads records evenly, and does not make up for a pause", () => {
  const pace = new Pace(100);
  expect([pace.take(10, 0), pace.take(10, 0), pace.take(10, 50)]).toEqual([0, 100, 150]);
  expect([pace.take(10, 10_000), pace.take(10, 10_000)]).toEqual([0, 100]);
  expect(new Pace().take(1_000_000, 0)).toBe(0);
});

test("looks in the hours of the batches that could have written a result", () => {
  const hours = partitionsOf({ sinceMs: NOW - 3_600_000 - 10 * 60_000, untilMs: NOW });
  expect(hours).toEqual(["dt=2026-11-21/hour=07/", "dt=2026-11-21/hour=08/", "dt=2026-11-21/hour=09/"]);
  expect(
    partitionsOf({ sinceMs: Date.parse("2026-11-21T00:05:00Z"), untilMs: Date.parse("2026-11-21T00:06:00Z") }),
  ).toEqual(["dt=2026-11-20/hour=23/", "dt=2026-11-21/hour=00/"]);
});

const line = (at: string, more: Partial<ResultLine> = {}): ResultLine => ({
  id: "a",
  at,
  outcome: "delivered",
  final: true,
  attempt: 1,
  host: "partner.example.com",
  ...more,
});

test.each([
  [{}, true],
  [{ id: "a", host: "partner.example.com", outcome: "delivered" as const }, true],
  [{ id: "b" }, false],
  [{ host: "other.example.com" }, false],
  [{ outcome: "retry" as const }, false],
  [{ sinceMs: NOW + 1 }, false],
  [{ untilMs: NOW }, false],
])("a result is wanted by %j: %s", (query, expected) => {
  expect(isWanted(line(new Date(NOW).toISOString()), { sinceMs: NOW, untilMs: NOW + 1, ...query })).toBe(expected);
});

test("counts all results and keeps the newest", () => {
  const collector = new ResultCollector(2);
  for (let minute = 10; minute < 40; minute++)
    collector.add([line(`2026-11-21T09:${minute}:00.000Z`, { outcome: minute % 2 === 0 ? "delivered" : "retry" })]);
  expect(collector.counts).toEqual({ delivered: 15, rejected: 0, expired: 0, retry: 15 });
  expect(collector.newest().map(({ at }) => at)).toEqual(["2026-11-21T09:39:00.000Z", "2026-11-21T09:38:00.000Z"]);
});
