import { randomInt } from "node:crypto";

/** Without what looks alike on paper: 0 and O, 1, l and I. */
const CLASSES = ["abcdefghijkmnopqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "!@#%^*-_=+"] as const;
const SHORTEST = 24;

/**
 * A password of every class of characters that an account may ask for: about 6 bits a character.
 * @param minimumLength the account's own
 */
export function makeFirstPassword(minimumLength: number): string {
  const all = CLASSES.join("");
  const characters = [
    ...CLASSES.map(pick),
    ...Array.from({ length: Math.max(SHORTEST, minimumLength) - CLASSES.length }, () => pick(all)),
  ];
  for (let at = characters.length - 1; at > 0; at--) {
    const other = randomInt(at + 1);
    [characters[at], characters[other]] = [characters[other] as string, characters[at] as string];
  }
  return characters.join("");
}

function pick(characters: string): string {
  return characters[randomInt(characters.length)] as string;
}
