import { ConfigError } from "../../config/problems";
import { adviseKey } from "../../config/schema/to-problems";

/** @throws {ConfigError} where a section has no entry of that name */
export function findEntry<T extends { readonly key: string }>(
  file: string,
  section: string,
  name: string,
  entries: readonly T[],
): T {
  const found = entries.find(({ key }) => key === name);
  if (found) return found;
  throw new ConfigError(file, [
    {
      path: [section],
      rule: "must have the entry that is named",
      got: name,
      fix: adviseKey(
        name,
        entries.map(({ key }) => key),
      ),
    },
  ]);
}
