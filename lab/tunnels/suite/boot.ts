import type { SiteVariant } from "./site-variant";

/** One case: a line of the guest's plan. */
export interface Case {
  /** `4.10/nat/bgp/aws` */
  readonly id: string;
  /** What a pass of it proves. */
  readonly proves: string;
  /** After which it has failed. */
  readonly seconds: number;
  /** A function of guest/cases/ and its arguments. */
  readonly call: string;
  /** Cases of the same boot that it continues from: they run too when it alone was asked for. */
  readonly needs?: readonly string[];
}

/** One start of a VM: a site, and the cases that share it, in order. The first one installs. */
export interface Boot {
  readonly name: string;
  readonly suite: "bookworm" | "trixie";
  readonly variant: SiteVariant;
  /** Whose tree is installed; the other's gateways are left out. Tokyo's where it is not said. */
  readonly controller?: "tokyo" | "osaka";
  /** Trees for later, by name: the site with something changed. Keys stay what they are unless an epoch is raised. */
  readonly laterTrees?: Readonly<Record<string, SiteVariant>>;
  readonly cases: readonly Case[];
  /** Cases that reboot the guest need its disk to outlive it. */
  readonly isRebooted?: boolean;
  readonly memoryMegabytes?: number;
}

/** The boot with the cases that are wanted, those they continue from, and the one that installs. */
export function withCases(boot: Boot, isWanted: (one: Case) => boolean): Boot {
  const wanted = new Set(boot.cases.filter((one, at) => at === 0 || isWanted(one)).map(({ id }) => id));
  // A case continues from earlier ones only.
  for (const { id, needs = [] } of [...boot.cases].reverse()) {
    if (wanted.has(id)) for (const needed of needs) wanted.add(needed);
  }
  return { ...boot, cases: boot.cases.filter(({ id }) => wanted.has(id)) };
}
