import type { Boot } from "./boot";
import { matrix } from "./matrix";

/** What cannot be run here, by name. */
export const SKIPPED: readonly string[] = [
  "Libreswan 3.32 and 4.14 (Ubuntu 22.04, 24.04): no Ubuntu packages in this lab; test/libreswan's tables stand in for them",
];

export function allBoots(): Boot[] {
  return [...matrix()];
}
