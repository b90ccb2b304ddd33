import type { z } from "zod";
import { NETWORK_ID_PATTERN } from "../schema/connections";
import { ENTRY_SCHEMAS, type SiteInput } from "../schema/site";
import { isKey, KEY_PATTERN } from "../values/key";
import type { Draft } from "./draft";

/**
 * What of a site file's data the cross-field rules can look at.
 * @param whole the file as the schema read it, where it broke no rule of the schema: its entries are not read again
 */
export function toDraft(value: unknown, whole?: SiteInput): Draft {
  const root = asRecord(value);
  const networks = asRecord(root.networks);
  return {
    site: typeof root.site === "string" && isKey(root.site) ? root.site : undefined,
    controllers: sound("controllers", root.controllers, whole?.controllers),
    aws: sound("networks.aws", networks.aws, whole?.networks.aws),
    oracle: sound("networks.oracle", networks.oracle, whole?.networks.oracle),
    azure: sound("networks.azure", networks.azure, whole?.networks.azure),
    sakura: sound("networks.sakura", networks.sakura, whole?.networks.sakura),
    openstack: sound("networks.openstack", networks.openstack, whole?.networks.openstack),
    onpremises: sound("networks.onpremises", networks.onpremises, whole?.networks.onpremises),
    connections: sound("connections", root.connections, whole?.connections),
    chats: sound("chats", root.chats, whole?.chats),
    relays: sound("relays", root.relays, whole?.relays),
    alarms: sound("alarms", root.alarms, whole?.alarms),
    appliances: sound("appliances", root.appliances, whole?.appliances),
    notifiers: sound("notifiers", root.notifiers, whole?.notifiers),
    watches: sound("watches", root.watches, whole?.watches),
    accounts: sound("accounts", root.accounts, whole?.accounts),
    peerings: sound("peerings", root.peerings, whole?.peerings),
    activations: sound("activations", root.activations, whole?.activations),
    declared: {
      controllers: new Set(Object.keys(asRecord(root.controllers)).filter(isKey)),
      networks: new Set(
        ["aws", "oracle", "azure"].flatMap((cloud) =>
          Object.keys(asRecord(networks[cloud]))
            .filter(isKey)
            .map((key) => `${cloud}/${key}`),
        ),
      ),
      connections: new Set(Object.keys(asRecord(root.connections)).filter(isKey)),
      chats: new Set(Object.keys(asRecord(root.chats)).filter(isKey)),
      relays: new Set(Object.keys(asRecord(root.relays)).filter(isKey)),
      alarms: new Set(Object.keys(asRecord(root.alarms)).filter(isKey)),
      accounts: new Set(Object.keys(asRecord(root.accounts)).filter(isKey)),
      peered: new Set(Object.values(asRecord(root.peerings)).flatMap(peeredNetworks)),
      references: Object.entries(asRecord(root.connections)).map(([connection, entry]) => {
        const { controller, network } = asRecord(entry);
        return {
          connection,
          controller: asText(controller, KEY_PATTERN),
          network: asText(network, NETWORK_ID_PATTERN),
        };
      }),
    },
  };
}

function peeredNetworks(entry: unknown): string[] {
  const { network, peerNetwork, networks } = asRecord(entry);
  return [network, peerNetwork, ...(Array.isArray(networks) ? networks : [])].flatMap(
    (name) => asText(name, NETWORK_ID_PATTERN) ?? [],
  );
}

/** The entries of a section that their own schema accepts. */
function sound<K extends keyof typeof ENTRY_SCHEMAS>(
  section: K,
  value: unknown,
  read: Readonly<Record<string, z.output<(typeof ENTRY_SCHEMAS)[K]>>> | undefined,
): ReadonlyMap<string, z.output<(typeof ENTRY_SCHEMAS)[K]>> {
  if (read) return new Map(Object.entries(read));
  const schema = ENTRY_SCHEMAS[section];
  return new Map(
    Object.entries(asRecord(value)).flatMap(([key, entry]) => {
      if (!isKey(key)) return [];
      const whole = schema.safeParse(entry);
      const parsed = whole.success ? whole : schema.safeParse(withoutSubnets(entry, whole.error.issues));
      return parsed.success ? [[key, parsed.data as z.output<(typeof ENTRY_SCHEMAS)[K]>]] : [];
    }),
  );
}

/**
 * A network without the subnets that are broken: what is wrong with it beside them is told at the same time. Nothing else is
 * left out so: a default would stand in its place, and be blamed.
 */
function withoutSubnets(entry: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  const network = asRecord(entry);
  const broken = new Set(issues.map(({ path }) => (path[0] === "subnets" ? path[1] : undefined)));
  if (broken.has(undefined) || Array.isArray(network.subnets)) return undefined;
  const { natGateway, ...rest } = network;
  return {
    ...rest,
    ...(natGateway === undefined || broken.has(natGateway as string) ? {} : { natGateway }),
    subnets: Object.fromEntries(Object.entries(asRecord(network.subnets)).filter(([name]) => !broken.has(name))),
  };
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** The value, if it is text of this form. What is not is another rule's problem. */
function asText(value: unknown, pattern: RegExp): string | undefined {
  return typeof value === "string" && pattern.test(value) ? value : undefined;
}
