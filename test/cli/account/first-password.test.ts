import { expect, it } from "@jest/globals";
import { makeFirstPassword } from "../../../cli/account/first-password";

it("has every class of characters, is as long as the account asks, and never the same", () => {
  const all = Array.from({ length: 200 }, () => makeFirstPassword(14));
  for (const password of all) {
    expect(password).toMatch(/^[\w!@#%^*=+-]{24}$/);
    for (const kind of [/[a-z]/, /[A-Z]/, /[0-9]/, /[!@#%^*_=+-]/]) expect(password).toMatch(kind);
  }
  expect(new Set(all).size).toBe(200);
  expect(makeFirstPassword(128)).toHaveLength(128);
});

it("puts no class at a place of its own", () => {
  const first = Array.from({ length: 200 }, () => makeFirstPassword(14).charAt(0));
  expect(first.some((character) => /[a-z]/.test(character))).toBe(true);
  expect(first.some((character) => !/[a-z]/.test(character))).toBe(true);
});
