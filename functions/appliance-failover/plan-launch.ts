import { ApplianceError } from "../common/appliance/errors";
import { type ApplianceSettings, TAGS } from "../common/appliance/settings";
import type { Image, Instance, Run, World } from "../common/appliance/world";

/** A copy to start: all that is the same whatever zone and type it gets. */
export interface LaunchSpec {
  readonly imageId: string;
  /** In the order in which they are tried. */
  readonly candidates: readonly { readonly subnetId: string; readonly type: string }[];
  /** Begins the client token, which makes a repeated launch the same launch. At most 56 characters. */
  readonly token: string;
  readonly groupIds: readonly string[];
  readonly keyName?: string;
  readonly profile?: { readonly arn: string } | { readonly name: string };
  readonly httpTokens?: "optional" | "required";
  /** Whose user data the copy gets. */
  readonly userDataOf?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * A copy of the instance that served: other zones first, then its own; then the next type.
 * @throws ApplianceError where neither an instance nor the site file says what to start
 */
export function planLaunch(world: World, settings: ApplianceSettings, run: Run, image: Image): LaunchSpec {
  const source = sourceOf(world, run);
  const types = unique([...settings.types, ...(source ? [source.type] : [])]);
  if (types.length === 0)
    throw new ApplianceError("no-source", "the instance is gone and its type with it; give types in the site file");
  // A zone that the failed instance stood in may be what failed.
  const away = (zone: string) => Number(zone === source?.zone);
  const subnets = [...world.subnets].sort((a, b) => away(a.zone) - away(b.zone));
  const dead = world.instances.filter(({ tags }) => tags[TAGS.run] === run.id).length;
  return {
    imageId: image.id,
    candidates: types.flatMap((type) => subnets.map(({ id }) => ({ subnetId: id, type }))),
    token: `${run.id.slice(0, 50)}-${dead}`,
    groupIds: world.groupIds,
    keyName: settings.keyName ?? source?.keyName,
    profile: profileOf(settings, source),
    httpTokens: source?.httpTokens,
    userDataOf: source?.id,
    tags: {
      ...Object.fromEntries(Object.entries(source?.tags ?? {}).filter(([key]) => isCopied(key))),
      [TAGS.appliance]: settings.name,
      [TAGS.run]: run.id,
    },
  };
}

function profileOf({ profile }: ApplianceSettings, source: Instance | undefined): LaunchSpec["profile"] {
  if (profile !== undefined) return { name: profile };
  return source?.profileArn === undefined ? undefined : { arn: source.profileArn };
}

/** What the copy is made like: what served, else the youngest that is still known. */
function sourceOf({ instances }: World, run: Run): Instance | undefined {
  const known = instances.filter(({ tags }) => tags[TAGS.run] !== run.id);
  return known.find(({ id }) => id === run.from) ?? known.sort((a, b) => b.launchedAtMs - a.launchedAtMs)[0];
}

/** AWS keeps `aws:` for itself; ours say what an instance is, which the copy is not yet. */
function isCopied(key: string): boolean {
  return !key.startsWith("aws:") && !(Object.values(TAGS) as string[]).includes(key);
}

function unique(all: readonly string[]): string[] {
  return [...new Set(all)];
}
