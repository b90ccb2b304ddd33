import type { z } from "zod";
import { oracleAsn } from "../oracle-asn";
import type { Problem } from "../problems";
import type { Cloud } from "../proposals";
import type { ENTRY_SCHEMAS } from "../schema/site";
import type { Cidr } from "../values/cidr";

type Entry<K extends keyof typeof ENTRY_SCHEMAS> = z.output<(typeof ENTRY_SCHEMAS)[K]>;
export type Entries<K extends keyof typeof ENTRY_SCHEMAS> = ReadonlyMap<string, Entry<K>>;

/**
 * What of a site file is sound by itself: the cross-field rules look at these entries and never at broken ones, so that all
 * problems of a file are told at once. `declared` has the broken ones too: naming one of them is no mistake.
 */
export interface Draft {
  readonly site: string | undefined;
  readonly controllers: Entries<"controllers">;
  readonly aws: Entries<"networks.aws">;
  readonly oracle: Entries<"networks.oracle">;
  readonly azure: Entries<"networks.azure">;
  readonly sakura: Entries<"networks.sakura">;
  readonly openstack: Entries<"networks.openstack">;
  readonly onpremises: Entries<"networks.onpremises">;
  readonly connections: Entries<"connections">;
  readonly chats: Entries<"chats">;
  readonly relays: Entries<"relays">;
  readonly alarms: Entries<"alarms">;
  readonly appliances: Entries<"appliances">;
  readonly notifiers: Entries<"notifiers">;
  readonly watches: Entries<"watches">;
  readonly accounts: Entries<"accounts">;
  readonly peerings: Entries<"peerings">;
  readonly activations: Entries<"activations">;
  readonly declared: {
    readonly controllers: ReadonlySet<string>;
    /** `aws/tokyo` */
    readonly networks: ReadonlySet<string>;
    /** Keys of `connections`. */
    readonly connections: ReadonlySet<string>;
    /** Keys of `chats`. */
    readonly chats: ReadonlySet<string>;
    /** Keys of `relays`. */
    readonly relays: ReadonlySet<string>;
    /** Keys of `alarms`. */
    readonly alarms: ReadonlySet<string>;
    readonly accounts: ReadonlySet<string>;
    /** `aws/tokyo`: what the peerings name, sound or not. */
    readonly peered: ReadonlySet<string>;
    /** What the connections name, sound or not, as far as it can be read. */
    readonly references: readonly Reference[];
  };
}

export interface Reference {
  readonly connection: string;
  readonly controller: string | undefined;
  readonly network: string | undefined;
}

export type Rule = (draft: Draft) => Problem[];

/** A network that a connection can end in, with what rules about connections need to know. */
export interface CloudEnd {
  readonly id: string;
  readonly path: readonly string[];
  readonly cloud: Cloud;
  readonly cidr: Cidr;
  readonly asn: number;
  /** Region, or Azure's location. */
  readonly region: string;
}

export function cloudEnds(draft: Draft): CloudEnd[] {
  return [
    ...[...draft.aws].map(([key, { cidr, asn, region }]) => toEnd("aws", key, { cidr, asn, region })),
    ...[...draft.oracle].map(([key, { cidr, region }]) =>
      toEnd("oracle", key, { cidr, asn: oracleAsn(region), region }),
    ),
    ...[...draft.azure].map(([key, { cidr, asn, location }]) => toEnd("azure", key, { cidr, asn, region: location })),
  ];
}

function toEnd(cloud: Cloud, key: string, rest: Pick<CloudEnd, "cidr" | "asn" | "region">): CloudEnd {
  return { id: `${cloud}/${key}`, path: ["networks", cloud, key], cloud, ...rest };
}

export function cloudOf(networkId: string): Cloud {
  return networkId.slice(0, networkId.indexOf("/")) as Cloud;
}
