import type { LibreswanVersion } from "../../config/schema/controllers";
import { DIALECTS } from "../dialect";
import type { ConnFacts } from "./describe-conn";
import { toSubnet } from "./subnet-list";

/** The interface of a route-based conn. */
export interface Device {
  /** Its number and mark: 11 and up. */
  readonly number: number;
  readonly name: string;
  readonly kind: "xfrm" | "vti";
}

/** 4.10 leaves `ipsec1` behind after a crash and then refuses its name; with 11 it starts again. */
const FIRST_NUMBER = 11;
const MAX_NUMBER = 16_000;

/**
 * Which conns become route-based, and each one's interface. Policy-based stays what is alone with its prefixes: of
 * twins the kernel takes one only, 0.0.0.0/0 without an interface takes the whole machine's traffic, and a placeholder
 * says nothing.
 */
export function planDevices(conns: readonly ConnFacts[], target: LibreswanVersion): ReadonlyMap<ConnFacts, Device> {
  const twins = new Set(findTwins(conns).flat());
  const routed = conns.filter((facts) => isTunnel(facts) && (twins.has(facts) || isRouteBased(facts)));
  const taken = new Set<number>();
  const kept = new Map(routed.map((facts) => [facts, keepNumber(facts, taken)]));
  const names = new Set<string>();
  let next = FIRST_NUMBER;
  return new Map(
    routed.map((facts) => {
      while (taken.has(next)) next += 1;
      const number = kept.get(facts) ?? next;
      taken.add(number);
      const device = toDevice(facts, number, target);
      const isShared = names.has(device.name);
      names.add(device.name);
      return [facts, isShared ? { ...device, name: `vti${number}` } : device];
    }),
  );
}

/** Conns with the same prefixes and different peers: two tunnels to one network. */
export function findTwins(conns: readonly ConnFacts[]): ConnFacts[][] {
  const groups = new Map<string, ConnFacts[]>();
  for (const facts of conns) {
    if (!isTunnel(facts) || facts.localSubnets.length + facts.remoteSubnets.length === 0) continue;
    const key = JSON.stringify([[...facts.localSubnets].sort(), [...facts.remoteSubnets].sort()]);
    const group = groups.get(key);
    if (group) group.push(facts);
    else groups.set(key, [facts]);
  }
  return [...groups.values()].filter((group) => new Set(group.map(({ peer }) => peer)).size > 1);
}

function isTunnel({ conn, peer }: ConnFacts): boolean {
  return /^(|tunnel)$/i.test(conn.settings.get("type")?.value ?? "") && !peer.startsWith("%");
}

function isRouteBased(facts: ConnFacts): boolean {
  const { localSubnets, remoteSubnets, cloud } = facts;
  const isBroken = [...localSubnets, ...remoteSubnets].some((subnet) => toSubnet(subnet) === undefined);
  // AWS keeps one pair of security associations for a policy-based peer.
  const hasTooManyPairs = cloud === "aws" && localSubnets.length * remoteSubnets.length > 1;
  return facts.hasInterface || facts.isForEverything || isBroken || hasTooManyPairs;
}

/** A number that the old conn has, unless it is one that 4.10 stumbles over or another conn's. */
function keepNumber({ conn }: ConnFacts, taken: Set<number>): number | undefined {
  const old = Number(conn.settings.get("ipsec-interface")?.value);
  if (!Number.isInteger(old) || old < 2 || old > MAX_NUMBER || taken.has(old)) return undefined;
  taken.add(old);
  return old;
}

function toDevice({ conn }: ConnFacts, number: number, target: LibreswanVersion): Device {
  const isVti = DIALECTS[target].tunnelInterface.namePrefix === "vti";
  const vtiName = conn.settings.get("vti-interface")?.value ?? "";
  if (isVti) return { number, kind: "vti", name: /^[\w-]{1,15}$/.test(vtiName) ? vtiName : `vti${number}` };
  return { number, kind: "xfrm", name: `ipsec${number}` };
}
