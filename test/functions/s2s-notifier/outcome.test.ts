import { CallTimedOut, DestinationRefused } from "../../../functions/s2s-notifier/errors";
import { HostHealth } from "../../../functions/s2s-notifier/host-health";
import { describeError, parseRetryAfter, retryDelaySeconds } from "../../../functions/s2s-notifier/outcome";
import { SETTINGS } from "./settings";

describe("the delay before another attempt", () => {
  test.each([
    [1, 0, 0, 5],
    [1, 0, 0.999, 10],
    [2, 0, 0, 10],
    [5, 0, 0.5, 120],
    [12, 0, 0, 1_800],
    [1_000, 0, 0.9999, 3_600],
    [1, 600, 0, 600],
    [3, 5, 0, 20],
    [1, 999_999_999, 0, 42_300],
  ])("attempt %d, Retry-After %d, chance %d: %d s", (attempt, retryAfter, random, seconds) => {
    expect(retryDelaySeconds(attempt, retryAfter, random, SETTINGS)).toBe(seconds);
  });
});

test.each([
  [undefined, 0],
  ["", 0],
  ["120", 120],
  ["-5", 0],
  ["1.5", 0],
  ["soon", 0],
  ["Sat, 21 Nov 2026 00:00:30 GMT", 30],
  ["Fri, 20 Nov 2026 00:00:00 GMT", 0],
  ["9999999999", 0],
])("Retry-After %j is %d s", (value, seconds) => {
  expect(parseRetryAfter(value, Date.UTC(2026, 10, 21))).toBe(seconds);
});

test.each([
  [new DestinationRefused("the address is private"), "refused: the address is private"],
  [new CallTimedOut(), "timed out"],
  [Object.assign(new Error("connect ECONNREFUSED 10.0.0.1:80"), { code: "ECONNREFUSED" }), "ECONNREFUSED"],
  [new TypeError("invalid authorization header: s3cr3t"), "TypeError"],
  [Object.assign(new Error("x"), { code: "s3cr3t\n" }), "Error"],
])("an error says its kind, and not what it holds: %s", (error, text) => {
  expect(describeError(error)).toBe(text);
});

describe("a host's health", () => {
  const make = () => {
    const clock = { ms: 1_000 };
    return { clock, health: new HostHealth({ breakerFailures: 3, breakerSeconds: 30 }, () => clock.ms) };
  };

  test("leaves it alone after so many failures in a row, then tries it with one call", () => {
    const { clock, health } = make();
    health.failed("a", 0);
    health.failed("a", 0);
    expect(health.room("a", 25)).toBe(25);
    health.failed("a", 0);
    expect([health.room("a", 25), health.pauseMs("a"), health.room("b", 25)]).toEqual([0, 30_000, 25]);
    clock.ms += 29_999;
    expect([health.room("a", 25), health.pauseMs("a")]).toEqual([0, 1]);
    clock.ms += 1;
    expect([health.room("a", 25), health.pauseMs("a")]).toEqual([1, 0]);
    health.failed("a", 0);
    expect(health.room("a", 25)).toBe(0);
    clock.ms += 30_000;
    health.succeeded("a");
    expect(health.room("a", 25)).toBe(25);
  });

  test("begins to count anew after a success", () => {
    const { health } = make();
    for (let round = 0; round < 5; round++) {
      health.failed("a", 0);
      health.failed("a", 0);
      health.succeeded("a");
    }
    expect(health.room("a", 25)).toBe(25);
  });

  test("pauses as long as the host asks for, and is not shortened by a later answer", () => {
    const { clock, health } = make();
    health.failed("a", 60);
    health.failed("a", 5);
    expect(health.pauseMs("a")).toBe(60_000);
    clock.ms += 60_000;
    expect(health.room("a", 25)).toBe(1);
  });
});
