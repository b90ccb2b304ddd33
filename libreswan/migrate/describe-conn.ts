import { isIP, isIPv4 } from "node:net";
import type { Cloud } from "../../config/proposals";
import { keywordRule } from "./keyword-rules";
import type { Setting } from "./read-conf";
import type { ResolvedConn } from "./resolve-conns";

export type Side = "left" | "right";

/** What a conn means, in neutral words. */
export interface ConnFacts {
  readonly conn: ResolvedConn;
  readonly name: string;
  readonly local: Side;
  readonly remote: Side;
  /** The peer's address or name. */
  readonly peer: string;
  /** What IKE calls this end; missing where it is the address that `%defaultroute` finds. */
  readonly localId?: string;
  readonly remoteId: string;
  /** Prefixes; empty where the conn has none. `<…>` placeholders are among them. */
  readonly localSubnets: readonly string[];
  readonly remoteSubnets: readonly string[];
  readonly hasPlaceholder: boolean;
  /** 0.0.0.0/0 on both ends. */
  readonly isForEverything: boolean;
  readonly hasInterface: boolean;
  readonly usesKey: boolean;
  readonly cloud?: Cloud;
  readonly cloudReason?: string;
}

const EVERYTHING = new Set(["0.0.0.0/0", "0/0", "::/0"]);

export function describeConn(
  conn: ResolvedConn,
  cloud?: { readonly cloud: Cloud; readonly reason: string },
): ConnFacts {
  const local = localSide(conn);
  const remote = local === "left" ? "right" : "left";
  const value = (keyword: string) => conn.settings.get(keyword)?.value;
  const peer = value(remote) ?? "";
  const ownAddress = value(local) ?? "";
  const localSubnets = subnets(conn, local);
  const remoteSubnets = subnets(conn, remote);
  return {
    conn,
    name: conn.name,
    local,
    remote,
    peer,
    localId: value(`${local}id`) || (isIP(ownAddress) ? ownAddress : undefined),
    remoteId: value(`${remote}id`) || peer,
    localSubnets,
    remoteSubnets,
    hasPlaceholder: [...localSubnets, ...remoteSubnets].some(isPlaceholder),
    isForEverything: isEverything(localSubnets) && isEverything(remoteSubnets),
    hasInterface: hasInterface(conn),
    usesKey: usesKey(value),
    ...(cloud ? { cloud: cloud.cloud, cloudReason: cloud.reason } : {}),
  };
}

export function isPlaceholder(text: string): boolean {
  return /[<>]/.test(text) || /^\$\{?\w/.test(text);
}

/**
 * Without any word Libreswan takes certificates and raw keys. A word that it doesn't know was most likely meant for a
 * key.
 */
function usesKey(value: (keyword: string) => string | undefined): boolean {
  const authby = value("authby");
  if (authby === undefined)
    return /^secret$/i.test(value("leftauth") ?? "") && /^secret$/i.test(value("rightauth") ?? "");
  return /secret/i.test(authby) || keywordRule("authby", authby, "conn") !== undefined;
}

/** The end that this machine is: `%defaultroute`, else the private address, else left. */
function localSide({ settings }: ResolvedConn): Side {
  const [left, right] = [settings.get("left")?.value ?? "", settings.get("right")?.value ?? ""];
  if (left.startsWith("%defaultroute")) return "left";
  if (right.startsWith("%defaultroute")) return "right";
  return isPrivate(right) && !isPrivate(left) && isIP(left) ? "right" : "left";
}

function isPrivate(address: string): boolean {
  return isIPv4(address) && /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address);
}

/** Of `leftsubnet=` and `leftsubnets={…}`. */
function subnets({ settings }: ResolvedConn, side: Side): string[] {
  const lists = [settings.get(`${side}subnet`), settings.get(`${side}subnets`)];
  return [...new Set(lists.flatMap(splitList))];
}

const MAX_SUBNETS = 200;

function splitList(setting: Setting | undefined): string[] {
  const value = setting?.value ?? "";
  if (isPlaceholder(value) && !value.includes("{") && !value.includes(",")) return [value];
  return value
    .replace(/[{}]/g, " ")
    .split(/[\s,]+/, MAX_SUBNETS)
    .filter((subnet) => subnet !== "")
    .map((subnet) => (subnet === "0/0" ? "0.0.0.0/0" : subnet));
}

function isEverything(list: readonly string[]): boolean {
  return list.length > 0 && list.every((subnet) => EVERYTHING.has(subnet));
}

function hasInterface({ settings }: ResolvedConn): boolean {
  const name = settings.get("ipsec-interface")?.value;
  return (name !== undefined && name !== "no") || settings.has("vti-interface");
}
