import { describe, expect, it } from "@jest/globals";
import { type ActivationState, conditionOf, expiryOf } from "../../../functions/hybrid-activation/state";

const NOW = Date.parse("2026-11-21T00:00:00Z");
const HOUR = 3_600_000;
const state = (more: Partial<ActivationState>): ActivationState => ({
  activationId: "a",
  registrationLimit: 100,
  handedOut: 0,
  expiresAtMs: NOW + 100 * HOUR,
  generation: 1,
  retired: [],
  ...more,
});

describe("the condition of an activation", () => {
  it.each([
    ["none", undefined, "must-renew"],
    ["a fresh one", state({}), "good"],
    ["11 left of 100", state({ handedOut: 89 }), "good"],
    ["10 left of 100", state({ handedOut: 90 }), "renew-soon"],
    ["none left", state({ handedOut: 100 }), "must-renew"],
    ["one of one left", state({ registrationLimit: 1 }), "good"],
    ["one of two left", state({ registrationLimit: 2, handedOut: 1 }), "good"],
    ["the margin and a second", state({ expiresAtMs: NOW + 24 * HOUR + 1000 }), "good"],
    ["the margin", state({ expiresAtMs: NOW + 24 * HOUR }), "good"],
    ["less than the margin", state({ expiresAtMs: NOW + 24 * HOUR - 1 }), "renew-soon"],
    ["a quarter of an hour", state({ expiresAtMs: NOW + HOUR / 4 }), "renew-soon"],
    ["less than a quarter of an hour", state({ expiresAtMs: NOW + HOUR / 4 - 1 }), "must-renew"],
    ["expired", state({ expiresAtMs: NOW - 1 }), "must-renew"],
  ])("%s", (_, given, condition) => {
    expect(conditionOf(given, NOW, { renewalMarginHours: 24 })).toBe(condition);
  });

  it("stays below SSM's 30 days by its own clock", () => {
    expect(expiryOf(NOW, 30).toISOString()).toBe("2026-12-20T23:50:00.000Z");
  });
});
