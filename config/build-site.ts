import type { Account } from "./account";
import { toActivation } from "./build-activation";
import { toWatch } from "./build-watch";
import { insideAddresses, insideCidrsOf, interfaceNumber } from "./inside-cidrs";
import { oracleAsn } from "./oracle-asn";
import { cloudOf } from "./rules/draft";
import type { AccountInput } from "./schema/accounts";
import { ALL_CONNECTIONS } from "./schema/alarms";
import type { ConnectionInput } from "./schema/connections";
import type { ControllerInput } from "./schema/controllers";
import type { SiteInput } from "./schema/site";
import {
  type CloudNetwork,
  type Connection,
  type Controller,
  isCloudNetwork,
  type Network,
  type Site,
  type Tunnel,
} from "./site";
import { parseAddressPool } from "./values/address-pool";
import type { Cidr } from "./values/cidr";
import type { Key } from "./values/key";

/** From a site file that broke no rule to the frozen model: keys inside their values, defaults computed, names resolved. */
export function toSite(input: SiteInput): Site {
  const controllers = keyed(input.controllers).map(toController);
  const networks = toNetworks(input.networks);
  const controllerOf = new Map(controllers.map((controller) => [controller.key as string, controller]));
  const networkOf = new Map(networks.filter(isCloudNetwork).map((network) => [network.id, network]));
  const connections = keyed(input.connections).map((connection) =>
    toConnection(
      connection,
      controllerOf.get(connection.controller) as Controller,
      networkOf.get(connection.network) as CloudNetwork,
    ),
  );
  return deepFreeze({
    name: input.site,
    description: input.description,
    backend: input.backend,
    tags: input.tags,
    controllers,
    networks,
    connections,
    chats: keyed(input.chats),
    relays: keyed(input.relays),
    alarms: keyed(input.alarms).map((alarm) => ({
      ...alarm,
      watch: alarm.watch === ALL_CONNECTIONS ? connections.map((connection) => connection.key) : alarm.watch,
    })),
    appliances: keyed(input.appliances),
    notifiers: keyed(input.notifiers),
    watches: keyed(input.watches).map((watch) => toWatch(watch, networkOf, connections)),
    accounts: keyed(input.accounts).map(toAccount),
    peerings: keyed(input.peerings),
    activations: keyed(input.activations).map((activation) => toActivation(activation, networkOf, connections)),
  });
}

function keyed<T extends object>(record: Readonly<Record<string, T>>): (T & { key: Key })[] {
  return Object.entries(record).map(([key, value]) => ({ ...value, key: key as Key }));
}

function toController(input: ControllerInput & { key: Key }): Controller {
  return { ...input, behindNat: input.behindNat ?? (input.publicIp as string) !== input.privateIp };
}

function toNetworks(input: SiteInput["networks"]): Network[] {
  const named = <P extends Network["provider"], S extends object, T extends { subnets: Record<string, S> }>(
    provider: P,
    record: Record<string, T & { subnets: Record<string, S> }>,
  ) =>
    keyed(record).map((network) => ({
      ...network,
      provider,
      id: `${provider}/${network.key}`,
      subnets: keyed<S>(network.subnets),
    }));
  return [
    ...named("aws", input.aws),
    ...named("oracle", input.oracle).map((network) => ({ ...network, asn: oracleAsn(network.region) })),
    ...named("azure", input.azure),
    ...named("sakura", input.sakura).map((network) => ({
      ...network,
      subnets: network.subnets.map(({ addressPool, ...subnet }) => ({
        ...subnet,
        addresses: addressPool.flatMap(parseAddressPool),
      })),
    })),
    ...named("openstack", input.openstack),
    ...named("onpremises", input.onpremises),
  ];
}

function toAccount(input: AccountInput & { key: Key }): Account {
  return { ...input, users: Object.entries(input.users).map(([name, user]) => ({ ...user, name })) };
}

function toConnection(
  input: ConnectionInput & { key: Key },
  controller: Controller,
  network: CloudNetwork,
): Connection {
  const { tunnels, ...rest } = input;
  const cloud = cloudOf(network.id);
  const cidrs = insideCidrsOf(input.key, cloud, tunnels);
  const toTunnel = (number: 1 | 2): Tunnel => {
    const insideCidr = cidrs[number - 1] as Cidr;
    return {
      number,
      insideCidr,
      cloudInsideAddress: insideAddresses(insideCidr).cloud,
      controllerInsideAddress: insideAddresses(cloud === "azure" ? cidrs[0] : insideCidr).controller,
      interfaceNumber: interfaceNumber(insideCidr),
      pskEpoch: tunnels[number].pskEpoch,
      psk: tunnels[number].psk,
    };
  };
  return { ...rest, cloud, controller, network, tunnels: [toTunnel(1), toTunnel(2)] };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
