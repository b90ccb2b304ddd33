import { type ApplianceSettings, TAGS } from "./settings";
import type { Image } from "./world";

/**
 * The image that a copy is started from: the newest that its boot test passed; where none did, the newest that no test failed.
 * @param images newest first
 */
export function newestUsable(
  images: readonly Image[],
  { stamps }: Pick<ApplianceSettings, "stamps">,
): Image | undefined {
  const usable = images.filter(({ state, tags }) => state === "available" && tags[TAGS.boot] !== "failed");
  const tested = stamps?.bootTestSubnet ? usable.find(({ tags }) => tags[TAGS.boot] === "passed") : undefined;
  return tested ?? usable[0];
}
