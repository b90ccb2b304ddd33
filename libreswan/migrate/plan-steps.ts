import { type Cloud, PROPOSALS } from "../../config/proposals";
import type { MigrationStep } from "./migration-report";
import { PEER_OPTIONS } from "./peer-options";
import type { Device } from "./plan-devices";
import type { MigrationPlan, PlannedConn } from "./plan-migration";
import { toSubnet } from "./subnet-list";

/** What the two files alone can't do: the other end's options, interfaces, routes. In the order in which to do it. */
export function planSteps({ conns }: MigrationPlan, hasSecrets: boolean): MigrationStep[] {
  const devices = conns.flatMap(({ device }) => (device ? [device] : []));
  return [
    ...conns.flatMap(peerSteps),
    ...(hasSecrets || !conns.some(({ facts }) => facts.usesKey) ? [] : [secretsStep(conns)]),
    ...(devices.length > 0 ? [interfaceStep(devices)] : []),
    CHECK,
    ...(devices.length > 0 ? [routeStep(conns)] : []),
    ...lonelySteps(conns),
  ];
}

const CHECK: MigrationStep = {
  where: "controller",
  what: "put the new text into /etc/ipsec.d/; any output of the check is a fault, whatever its exit code",
  commands: ["ipsec addconn --config /etc/ipsec.conf --checkconfig", "systemctl restart ipsec", "ipsec trafficstatus"],
  options: [],
};

function peerSteps({ facts, proposals, wasIkev1, name }: PlannedConn): MigrationStep[] {
  if (!proposals.isNew) return [];
  const { cloud, peer } = facts;
  if (!cloud) {
    const what = `conn ${name}: the other end ${peer} must allow IKEv2 with the new proposals`;
    const options = [
      { option: "IKE version", value: "IKEv2" },
      { option: "phase 1", value: proposals.ike ?? "Libreswan's defaults" },
      { option: "phase 2", value: proposals.esp ?? "Libreswan's defaults" },
    ];
    return [{ where: "peer", what, commands: [], options }];
  }
  const [proposal] = PROPOSALS[cloud];
  if (!proposal) return [];
  const what = `${TUNNEL[cloud]} ${peer} (conn ${name}): ${NOTE[cloud]}${wasIkev1 ? "; it spoke IKEv1 until now" : ""}`;
  return [{ where: cloud, what, commands: [], options: PEER_OPTIONS[cloud](proposal) }];
}

const TUNNEL: Readonly<Record<Cloud, string>> = {
  aws: "tunnel with the outside address",
  oracle: "tunnel with the Oracle VPN address",
  azure: "connection of the gateway",
};

const NOTE: Readonly<Record<Cloud, string>> = {
  aws: "a tunnel with its default options allows all of this; changing one takes the tunnel down",
  oracle: "set as a custom configuration; changing it takes the tunnel down while it is made anew",
  azure: "set an IPsec/IKE policy of your own; it replaces the default one whole",
};

function secretsStep(conns: readonly PlannedConn[]): MigrationStep {
  const lines = conns
    .filter(({ facts }) => facts.usesKey)
    .map(({ facts, localId }) => `${localId ?? "%any"} ${facts.remoteId} : PSK "…"`);
  const what = `no secrets were given: the file must hold, each entry in column 1: ${lines.slice(0, 8).join("; ")}`;
  return { where: "controller", what, commands: [], options: [] };
}

const MTU_BYTES = 1_400;

function interfaceStep(devices: readonly Device[]): MigrationStep {
  const made = devices.filter(({ kind }) => kind === "xfrm");
  return {
    where: "controller",
    what:
      made.length > 0
        ? "make the interfaces at each boot, before pluto starts; OUT is the one that leads to the Internet"
        : "pluto makes the VTI interfaces when the tunnels come up; let answers arrive by either",
    commands: [
      ...made.flatMap(({ name, number }) => [
        `ip link add ${name} type xfrm dev OUT if_id ${number}`,
        `ip link set ${name} up mtu ${MTU_BYTES}`,
      ]),
      "sysctl -w net.ipv4.ip_forward=1",
      ...devices.map(({ name }) => `sysctl -w net.ipv4.conf.${name}.rp_filter=2`),
    ],
    options: [],
  };
}

function routeStep(conns: readonly PlannedConn[]): MigrationStep {
  const routed = conns.filter(({ device }) => device !== undefined);
  const metrics = new Map<string, number>();
  const commands = routed.flatMap(({ device, facts }) => {
    const prefixes = facts.remoteSubnets
      .map(toSubnet)
      .filter((subnet) => subnet !== undefined && !subnet.endsWith("/0"));
    const source = facts.conn.settings.get(`${facts.local}sourceip`)?.value ?? "";
    const src = /^[\d.]{7,15}$/.test(source) ? ` src ${source}` : "";
    return (prefixes.length > 0 ? prefixes : ["CLOUD_PREFIX"]).map((prefix = "CLOUD_PREFIX") => {
      const metric = (metrics.get(prefix) ?? 0) + 100;
      metrics.set(prefix, metric);
      return `ip route replace ${prefix} dev ${device?.name} metric ${metric}${src}`;
    });
  });
  const isTwofold = [...metrics.values()].some((metric) => metric > 100);
  const warning = isTwofold
    ? "; metrics alone move nothing when a tunnel dies: use BGP, or the watcher that `kakehashi render` writes"
    : "";
  const placeholder = commands.some((command) => command.includes("CLOUD_PREFIX"))
    ? "; CLOUD_PREFIX is the cloud network's prefix"
    : "";
  return {
    where: "controller",
    what: `route the cloud's prefixes into the tunnels${placeholder}${warning}`,
    commands,
    options: [],
  };
}

function lonelySteps(conns: readonly PlannedConn[]): MigrationStep[] {
  const [only, ...others] = conns;
  const cloud = only?.facts.cloud;
  if (!only || others.length > 0 || (cloud !== "aws" && cloud !== "oracle")) return [];
  const what = "there is a second tunnel: add a conn with its address and key, and run migrate again";
  return [{ where: "controller", what, commands: [], options: [] }];
}
