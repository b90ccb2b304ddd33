import { isIP } from "node:net";
import type { LibreswanVersion } from "../../config/schema/controllers";
import { TUNNEL_PARAMETERS } from "../../config/tunnel-parameters";
import { DIALECTS, type Keyword } from "../dialect";
import type { ConnFacts } from "./describe-conn";
import { keywordRule } from "./keyword-rules";
import { isSideKeyword, keywordVerdicts, parseKeyword, type SectionKind } from "./keyword-table";
import { valueFault } from "./keyword-values";
import { type Device, planDevices } from "./plan-devices";
import { type ProposalPlan, planProposals } from "./plan-proposals";
import type { ConfDocument, Setting } from "./read-conf";
import { toSeconds } from "./seconds";
import { toSubnet } from "./subnet-list";

/** One conn of the new text, complete. */
export interface PlannedConn {
  readonly facts: ConnFacts;
  /** As in the old file, without characters that a name can't have. */
  readonly name: string;
  readonly device?: Device;
  readonly proposals: ProposalPlan;
  readonly wasIkev1: boolean;
  /** What stands in the secrets before the colon. */
  readonly localId: string | undefined;
  readonly keywords: readonly Keyword[];
}

export interface MigrationPlan {
  readonly setup: readonly Keyword[];
  readonly conns: readonly PlannedConn[];
}

/** Lines that are written anew, whatever they were. */
const PLANNED = new Set(
  `left right leftid rightid leftsubnet rightsubnet leftsubnets rightsubnets leftnexthop rightnexthop leftsourceip
  rightsourceip leftvti rightvti leftinterface-ip rightinterface-ip mtu authby type ikev2 keyexchange ike esp phase2alg
  ikelifetime salifetime keylife lifetime ipsec-lifetime rekeymargin rekeyfuzz dpddelay dpdtimeout ikev1-dpdtimeout
  dpdaction retransmit-timeout ipsec-interface vti-interface vti-routing vti-shared mark mark-in mark-out auto aggrmode
  aggressive ikev1-policy auth keyingtries ah`.split(/\s+/),
);

export function planMigration(
  document: ConfDocument,
  conns: readonly ConnFacts[],
  target: LibreswanVersion,
): MigrationPlan {
  const devices = planDevices(conns, target);
  const names = new Set<string>();
  return {
    setup: planSetup(document, target),
    conns: conns.map((facts) => planConn(facts, uniqueName(facts.name, names), devices.get(facts), target)),
  };
}

/** Two names may become one when characters that a name can't have are replaced. */
function uniqueName(name: string, taken: Set<string>): string {
  const safe = name.replace(/[^\w.@%+-]/g, "-").slice(0, 100) || "conn";
  let unique = safe;
  for (let count = 2; taken.has(unique); count += 1) unique = `${safe}-${count}`;
  taken.add(unique);
  return unique;
}

function planSetup({ sections }: ConfDocument, target: LibreswanVersion): Keyword[] {
  const settings = new Map<string, Keyword>();
  for (const setting of sections.filter(({ kind }) => kind === "setup").flatMap(({ settings }) => settings)) {
    const keyword = carryOver(setting, "setup", target);
    if (keyword && keyword[0] !== "ikev1-policy" && !settings.has(keyword[0])) settings.set(keyword[0], keyword);
  }
  return [...settings.values()];
}

function planConn(facts: ConnFacts, name: string, device: Device | undefined, target: LibreswanVersion): PlannedConn {
  const wasIkev1 = asksForIkev1(facts);
  const proposals = planProposals(facts, target, wasIkev1);
  const localId = safeValue(facts.localId);
  const keywords = [
    ...ends(facts, device, localId),
    ...selectors(facts, device, target),
    DIALECTS[target].ikev2,
    ...(proposals.ike ? [["ike", proposals.ike] as const] : []),
    ...(proposals.esp ? [["esp", proposals.esp] as const] : []),
    ...lifetimes(facts, target),
    ...liveness(facts, target),
    ...others(facts, target),
    ...attempts(facts, target),
    start(facts, target),
  ];
  return { facts, name, device, proposals, wasIkev1, localId, keywords };
}

function asksForIkev1({ conn }: ConnFacts): boolean {
  const value = (keyword: string) => conn.settings.get(keyword)?.value ?? "";
  return /^(no|never|permit)$/i.test(value("ikev2")) || /^ikev1$/i.test(value("keyexchange"));
}

function ends(facts: ConnFacts, device: Device | undefined, localId: string | undefined): Keyword[] {
  const { conn, local, remote, peer } = facts;
  const type = conn.settings.get("type")?.value.toLowerCase() ?? "tunnel";
  const remoteId = conn.settings.get(`${remote}id`)?.value;
  const address = conn.settings.get(local)?.value ?? "";
  // With an address here and an interface, pluto installs the peer's route without a gateway, and nothing arrives.
  const ownEnd = device && isIP(address) ? "%defaultroute" : address;
  const nexthop = conn.settings.get(`${local}nexthop`)?.value ?? "";
  return withValues([
    ["type", valueFault("type", type) ? "tunnel" : type],
    ["authby", authentication(facts)],
    [local, ownEnd],
    [`${local}id`, localId],
    [
      `${local}nexthop`,
      ownEnd.startsWith("%defaultroute") || !(isIP(nexthop) || nexthop === "%defaultroute") ? undefined : nexthop,
    ],
    [remote, peer],
    [`${remote}id`, remoteId],
  ]);
}

function authentication({ conn, usesKey }: ConnFacts): string | undefined {
  return usesKey ? "secret" : conn.settings.get("authby")?.value.toLowerCase();
}

function selectors(facts: ConnFacts, device: Device | undefined, target: LibreswanVersion): Keyword[] {
  const { local, remote, conn } = facts;
  if (!device) {
    const source = conn.settings.get(`${local}sourceip`)?.value ?? "";
    return withValues([
      subnetKeyword(local, facts.localSubnets),
      subnetKeyword(remote, facts.remoteSubnets),
      [`${local}sourceip`, isIP(source) ? source : undefined],
      ["mtu", numberText(conn.settings.get("mtu")?.value)],
    ]);
  }
  const settings = DIALECTS[target].tunnelInterface.settings.map(
    ([key, value]): Keyword => [
      key,
      key === "vti-interface" ? device.name : value.replace("%n", String(device.number)),
    ],
  );
  return [
    [`${local}subnet`, "0.0.0.0/0"],
    [`${remote}subnet`, "0.0.0.0/0"],
    ...settings,
    ["mark", `${device.number}/0xffffffff`],
  ];
}

function subnetKeyword(side: string, subnets: readonly string[]): readonly [string, string | undefined] {
  const valid = subnets.map(toSubnet).filter((subnet) => subnet !== undefined);
  if (valid.length < 2) return [`${side}subnet`, valid[0]];
  return [`${side}subnets`, `{${valid.join(" ")}}`];
}

/** Only AWS and Oracle have fixed values that a peer must share. */
function lifetimes({ conn, cloud }: ConnFacts, target: LibreswanVersion): Keyword[] {
  const seconds = (...keywords: string[]) =>
    keywords
      .map((keyword) => toSeconds(conn.settings.get(keyword)?.value))
      .find((value) => value !== undefined && value >= 1);
  const parameters = cloud === "aws" || cloud === "oracle" ? TUNNEL_PARAMETERS[cloud] : undefined;
  const ike = parameters?.ikeLifetimeSeconds ?? seconds("ikelifetime");
  const child = parameters?.childLifetimeSeconds ?? seconds("salifetime", "ipsec-lifetime", "keylife", "lifetime");
  const margin = parameters?.controllerRekeyMarginSeconds ?? seconds("rekeymargin");
  const fuzz = parameters ? `${parameters.controllerRekeyFuzzPercent}%` : conn.settings.get("rekeyfuzz")?.value;
  return withValues([
    ["ikelifetime", ike && `${Math.min(Math.round(ike), MAX_LIFETIME_SECONDS)}s`],
    [DIALECTS[target].childLifetimeKey, child && `${Math.min(Math.round(child), MAX_LIFETIME_SECONDS)}s`],
    ["rekeymargin", margin && `${Math.round(margin)}s`],
    ["rekeyfuzz", fuzz && /^\d{1,3}%$/.test(fuzz) ? fuzz : undefined],
  ]);
}

/** 5.2 remarks on a longer one. @see https://libreswan.org/man/ipsec.conf.5.html (ikelifetime=) */
const MAX_LIFETIME_SECONDS = 86_400;

/** With IKEv2 `retransmit-timeout=`, and not `dpdtimeout=`, says how long an unanswered sign of life is waited for. */
function liveness({ conn, cloud }: ConnFacts, target: LibreswanVersion): Keyword[] {
  const value = (keyword: string) => conn.settings.get(keyword)?.value;
  const isOff = toSeconds(value("dpddelay")) === 0 || /^none$/i.test(value("dpdaction") ?? "");
  const isAsked = value("dpddelay") !== undefined || value("dpdaction") !== undefined || cloud !== undefined;
  if (isOff || !isAsked) return [];
  const { controllerDpdDelaySeconds, controllerDpdTimeoutSeconds } = TUNNEL_PARAMETERS[cloud ?? "aws"];
  const dialect = DIALECTS[target];
  const action = value("dpdaction")?.toLowerCase() ?? "";
  const isKept = cloud === undefined && (action === "hold" || action === "clear");
  const own = toSeconds(value("retransmit-timeout"));
  const timeout = own !== undefined && own >= 1 ? Math.round(own) : controllerDpdTimeoutSeconds;
  return [
    ["dpddelay", `${controllerDpdDelaySeconds}s`],
    ...(dialect.needsDpdTimeout ? [["dpdtimeout", `${timeout}s`] as const] : []),
    ["retransmit-timeout", `${timeout}s`],
    ...(dialect.deadPeerAction ? [isKept ? (["dpdaction", action] as const) : dialect.deadPeerAction] : []),
  ];
}

/** 5.2 remarks on it at each load: there a connection with auto=start never gives up. */
function attempts({ conn }: ConnFacts, target: LibreswanVersion): Keyword[] {
  const value = conn.settings.get("keyingtries")?.value ?? "";
  return /^(%forever|\d{1,4})$/.test(value) && !target.startsWith("5.") ? [["keyingtries", value]] : [];
}

function others({ conn, usesKey }: ConnFacts, target: LibreswanVersion): Keyword[] {
  const kept = new Map<string, Keyword>();
  for (const setting of conn.settings.values()) {
    const isPlanned = PLANNED.has(setting.keyword) || (usesKey && parseKeyword(setting.keyword).base === "auth");
    const keyword = isPlanned ? undefined : carryOver(setting, "conn", target);
    const name = canonicalName(keyword?.[0] ?? "");
    if (keyword && !PLANNED.has(keyword[0]) && !kept.has(name)) kept.set(name, keyword);
  }
  if (!kept.has("redirect-to")) kept.delete("send-redirect");
  return [...kept.values()];
}

/** Names of one thing, of which Libreswan takes one: the others are `duplicate key`. */
function canonicalName(keyword: string): string {
  return keyword
    .replace(/xauth(user)?name$/, "username")
    .replace(/(rsasig|ecdsa)key$/, "pubkey")
    .replace(/^modecfgdns1$/, "modecfgdns")
    .replace(/^sec-label$/, "policy-label");
}

/** A line of the old file for the new one: as it is, renamed, or not at all. */
function carryOver(setting: Setting, section: SectionKind, target: LibreswanVersion): Keyword | undefined {
  const { value } = setting;
  const rewrite = keywordRule(setting.keyword, value, section)?.rewrite ?? "keep";
  if (rewrite === "drop" || rewrite === "planned" || safeValue(value) === undefined) return undefined;
  const keyword = rewrite === "keep" ? setting.keyword : rewrite.keyword;
  if (keywordVerdicts(keyword, section)[target] !== "ok") return undefined;
  return (valueFault(keyword, value)?.verdicts[target] ?? "ok") === "ok" && fitsSide(keyword, value)
    ? [keyword, value]
    : undefined;
}

/** Values of the ends that are wrong without any table's help. */
function fitsSide(keyword: string, value: string): boolean {
  const { base, side } = parseKeyword(keyword);
  if ((isSideKeyword(base) && !side) || base === "alsoflip") return false;
  if (base === "addresspool") return /^[\d.:a-f]+-[\d.:a-f]+$/i.test(value);
  if (base === "protoport") return /^(\d{1,3}|tcp|udp|icmp|gre|l2tp)(\/(\d{1,5}|%any))?$/i.test(value);
  if (base === "plutodebug" || base === "debug") return /^(none|all|base|tmi)$/i.test(value);
  if (base === "dnssec-anchors") return value.startsWith("/");
  // The default, of which addconn complains at each call where no root key is installed.
  if (base === "dnssec-enable") return /^(no|off|false)$/i.test(value);
  if (base === "phase2") return /^esp$/i.test(value);
  return base !== "ckaid" || /^([0-9a-f]{2}:?){4,64}$/i.test(value);
}

function start({ conn }: ConnFacts, target: LibreswanVersion): Keyword {
  const auto = conn.settings.get("auto")?.value.toLowerCase() ?? "add";
  const isTaken = (valueFault("auto", auto)?.verdicts[target] ?? "ok") === "ok";
  return ["auto", isTaken ? auto : "start"];
}

function withValues(pairs: readonly (readonly [string, string | number | undefined])[]): Keyword[] {
  return pairs.flatMap(([keyword, value]) => {
    const text = value === undefined ? undefined : safeValue(String(value));
    return text === undefined ? [] : [[keyword, text] as const];
  });
}

/** A value that can stand in the new text: printable, and without quotes. */
function safeValue(value: string | undefined): string | undefined {
  return value && /^[^\p{C}"'`\\]{1,1000}$/u.test(value) ? value : undefined;
}

function numberText(value: string | undefined): string | undefined {
  return value && /^\d{3,5}$/.test(value) ? value : undefined;
}
