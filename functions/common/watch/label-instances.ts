/** As far as an instance's Name tag goes into the names of alarms, which have at most 255 characters. */
export const MOST_NAME_CHARACTERS = 60;

export interface NamedInstance {
  /** `i-…` */
  readonly id: string;
  /** Its Name tag. */
  readonly name: string;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: an alarm's name may hold none
const CONTROL_CHARACTERS = /[\x00-\x1f\x7f]/g;
const ENDS_LIKE_AN_ID = / \(i-[0-9a-f]+\)$/;

/**
 * What people call each instance: its Name tag. Where that is no name of its own (another instance has it, it had to be cut
 * or cleaned, or it looks as if it had an id already) the instance's id follows, so that no two instances share a label.
 */
export function labelInstances(instances: readonly NamedInstance[]): ReadonlyMap<string, string> {
  const holders = new Map<string, number>();
  for (const { name } of instances) holders.set(name, (holders.get(name) ?? 0) + 1);
  return new Map(
    instances.map(({ id, name }) => {
      const short = name.replace(CONTROL_CHARACTERS, "?").slice(0, MOST_NAME_CHARACTERS);
      const isOwn = holders.get(name) === 1 && short === name && name !== "" && !ENDS_LIKE_AN_ID.test(name);
      return [id, isOwn ? short : `${short} (${id})`];
    }),
  );
}
