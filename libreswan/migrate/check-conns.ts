import { isIP } from "node:net";
import type { LibreswanVersion } from "../../config/schema/controllers";
import { TUNNEL_PARAMETERS } from "../../config/tunnel-parameters";
import type { ConnFacts } from "./describe-conn";
import { isPlaceholder } from "./describe-conn";
import { findTwins } from "./plan-devices";
import type { PlannedConn } from "./plan-migration";
import { groupsAgree } from "./plan-proposals";
import type { Setting } from "./read-conf";
import { toSeconds } from "./seconds";
import { toSubnet } from "./subnet-list";
import { type FindingDraft, showText } from "./to-finding";
import { ALL_OK, beforeAndSinceFive, byVersion, onEvery, type Verdicts } from "./verdict";

const MANUAL = "https://libreswan.org/man/ipsec.conf.5.html";
const AWS_OPTIONS = "https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html";
const ORACLE_PARAMETERS = "https://docs.oracle.com/en-us/iaas/Content/Network/Reference/supportedIPsecparams.htm";

type Draft = Omit<FindingDraft, "file">;

/** What no single line shows: each conn by itself, then the conns beside each other. */
export function checkConns(plans: readonly PlannedConn[], file: string, target: LibreswanVersion): FindingDraft[] {
  const conns = plans.map(({ facts }) => facts);
  const drafts = [
    ...plans.flatMap((plan) => checkConn(plan, target)),
    ...checkTwins(conns),
    ...checkMarks(conns),
    ...checkLoneTunnel(conns),
  ];
  return drafts.map((draft) => ({ ...draft, file }));
}

function checkConn(plan: PlannedConn, target: LibreswanVersion): Draft[] {
  const { facts } = plan;
  return [
    ...checkSelectors(facts),
    ...checkOwnEnd(facts),
    ...checkEverything(facts),
    ...checkPfs(facts),
    ...checkLiveness(facts),
    ...checkLifetimes(facts),
    ...checkIkeVersion(plan, target),
    ...checkInterface(facts),
  ];
}

function at(setting: Setting): Pick<Draft, "line" | "keyword" | "text"> {
  return { line: setting.line, keyword: setting.keyword, text: showText(`${setting.keyword}=${setting.value}`) };
}

function atConn({ conn }: ConnFacts): Pick<Draft, "line" | "keyword" | "text"> {
  return { line: conn.line, keyword: "conn", text: showText(`conn ${conn.name}`) };
}

function checkSelectors({ conn, cloud, localSubnets, remoteSubnets }: ConnFacts): Draft[] {
  const drafts: Draft[] = [];
  for (const keyword of ["leftsubnet", "leftsubnets", "rightsubnet", "rightsubnets"]) {
    const setting = conn.settings.get(keyword);
    const bad = setting?.value
      .replace(/[{}]/g, " ")
      .split(/[\s,]+/)
      .find((part) => part !== "" && part !== "0/0" && !toSubnet(part));
    if (setting && isPlaceholder(setting.value)) drafts.push({ ...at(setting), ...PLACEHOLDER(setting.value) });
    else if (setting && bad !== undefined) drafts.push({ ...at(setting), ...BAD_SUBNET });
    else if (setting && keyword.endsWith("subnet") && /^[\d.]+$/.test(setting.value))
      drafts.push({ ...at(setting), ...BARE_ADDRESS });
  }
  const single = ["leftsubnets", "rightsubnets"].map((keyword) => conn.settings.get(keyword)).find(Boolean);
  const pairs = localSubnets.length * remoteSubnets.length;
  if (single && pairs === 1) {
    const why = `with ${single.keyword}= the connection is called ${showText(conn.name)}/1x0, and not by its name`;
    drafts.push({
      ...at(single),
      why,
      fix: `write ${single.keyword.slice(0, -1)}= for a single prefix`,
      source: MANUAL,
    });
  }
  const many = conn.settings.get("leftsubnets") ?? conn.settings.get("rightsubnets") ?? conn.settings.get("leftsubnet");
  if (cloud === "aws" && pairs > 1 && many) {
    drafts.push({
      ...at(many),
      severity: "warning",
      why: `${pairs} prefix pairs: AWS keeps one pair of security associations for a policy-based peer, so that the others drop out`,
      fix: "one route-based tunnel for 0.0.0.0/0, and routes for the prefixes",
      source: "https://docs.aws.amazon.com/vpn/latest/s2svpn/your-cgw.html",
    });
  }
  return drafts;
}

const PLACEHOLDER = (value: string) => ({
  verdicts: onEvery(/\s/.test(value) ? "fails-to-load" : "refused-when-added"),
  why: "a placeholder of the sample that was never filled in",
  fix: "give the prefix; the new text is route-based and needs it in the routes only",
});

const BAD_SUBNET = {
  verdicts: onEvery("refused-when-added"),
  why: "not a prefix: a message, and the connection isn't there",
  fix: "write for example 172.30.0.0/16; the new text is route-based and needs it in the routes only",
  source: MANUAL,
};

const BARE_ADDRESS = {
  verdicts: beforeAndSinceFive("refused-when-added", "ok"),
  why: "an address without a length is taken from 5.0 on only",
  fix: "write /32 behind it",
  source: MANUAL,
};

/** Seen on 4.10 and 5.2. */
function checkOwnEnd({ conn, local, hasInterface }: ConnFacts): Draft[] {
  const own = conn.settings.get(local);
  const isXfrm = hasInterface && !conn.settings.has("vti-interface");
  if (!own || !isIP(own.value) || !isXfrm || conn.settings.has(`${local}nexthop`)) return [];
  return [
    {
      ...at(own),
      verdicts: onEvery("loads-but-wrong"),
      why: `with an interface, ${local}=<address> makes pluto route the peer without a gateway: the tunnel comes up and carries nothing`,
      fix: `write ${local}=%defaultroute, and keep the address as ${local}id=`,
      source: MANUAL,
    },
  ];
}

/** Seen on 4.10 and 5.2: updown routes 0.0.0.0/1 and 128.0.0.0/1 into the tunnel. */
function checkEverything({ conn, local, isForEverything, hasInterface }: ConnFacts): Draft[] {
  if (!isForEverything) return [];
  const takers = [conn.settings.get("mtu"), conn.settings.get(`${local}sourceip`)].filter(
    (setting) => setting !== undefined,
  );
  const taken = takers.map((setting) => ({
    ...at(setting),
    verdicts: onEvery("loads-but-wrong"),
    why: `${setting.keyword}= on a connection for 0.0.0.0/0 makes updown route everything into the tunnel: the default route is gone`,
    fix: "set the MTU on the interface, and the source by `src` of the route",
    source: MANUAL,
  }));
  const selector = conn.settings.get(`${local}subnet`);
  if (hasInterface || !selector) return taken;
  const why = "0.0.0.0/0 on both ends without an interface: all traffic of this machine goes into the tunnel";
  const fix = "give it an interface and a mark, and route the cloud's prefixes through it";
  return [...taken, { ...at(selector), verdicts: onEvery("loads-but-wrong"), why, fix, source: MANUAL }];
}

function checkPfs({ conn }: ConnFacts): Draft[] {
  const esp = conn.settings.get("esp") ?? conn.settings.get("phase2alg");
  if (!esp || groupsAgree(conn.settings.get("ike")?.value, esp.value)) return [];
  return [
    {
      ...at(esp),
      verdicts: beforeAndSinceFive("loads-but-wrong", "ok"),
      why: "PFS uses another group than IKE: before 5.0 a rekey takes IKE's group whatever esp= says, and fails (seen on 4.10); the first hour works",
      fix: "use one group in ike= and esp=, at both ends",
      source: "https://github.com/libreswan/libreswan/blob/main/CHANGES",
    },
  ];
}

function checkLiveness({ conn }: ConnFacts): Draft[] {
  const [delay, timeout] = [conn.settings.get("dpddelay"), conn.settings.get("dpdtimeout")];
  if (delay && !timeout && toSeconds(delay.value) !== 0) {
    const why = "3.32 ignores dpddelay= unless dpdtimeout= stands beside it";
    const verdicts: Verdicts = { ...ALL_OK, "3.32": "loads-but-wrong" };
    return [
      { ...at(delay), verdicts, why, fix: "give both there", source: MANUAL },
      ...slowLiveness(conn.settings, delay),
    ];
  }
  const action = conn.settings.get("dpdaction");
  if (action && !delay) {
    const verdicts = byVersion((version) => (version.startsWith("5.") ? "warning" : "loads-but-wrong"));
    const why = "does nothing without dpddelay=: a dead peer is never noticed";
    return [{ ...at(action), verdicts, why, fix: "give dpddelay=5s and retransmit-timeout=8s", source: MANUAL }];
  }
  return slowLiveness(conn.settings, timeout ?? delay);
}

const DEFAULT_RETRANSMIT_TIMEOUT_SECONDS = 60;

function slowLiveness(settings: ReadonlyMap<string, Setting>, setting: Setting | undefined): Draft[] {
  const delay = toSeconds(settings.get("dpddelay")?.value);
  if (!setting || !delay || settings.has("retransmit-timeout")) return [];
  const seconds = Math.round(2 * delay + DEFAULT_RETRANSMIT_TIMEOUT_SECONDS);
  return [
    {
      ...at(setting),
      severity: "warning",
      verdicts: onEvery("loads-but-wrong"),
      why: `IKEv2 ignores dpdtimeout=: it waits for retransmit-timeout= (${DEFAULT_RETRANSMIT_TIMEOUT_SECONDS} s by default), about ${seconds} s until a dead peer is noticed`,
      fix: "give dpddelay=5s and retransmit-timeout=8s: 14 to 15 s",
      source: MANUAL,
    },
  ];
}

function checkLifetimes({ conn, cloud }: ConnFacts): Draft[] {
  if (cloud !== "aws" && cloud !== "oracle") return [];
  const { ikeLifetimeSeconds, childLifetimeSeconds } = TUNNEL_PARAMETERS[cloud];
  const ike = conn.settings.get("ikelifetime");
  const child = ["ipsec-lifetime", "salifetime", "keylife", "lifetime"]
    .map((keyword) => conn.settings.get(keyword))
    .find(Boolean);
  return [
    ...lifetimeDraft(conn.line, ike, "ikelifetime", ikeLifetimeSeconds, cloud),
    ...lifetimeDraft(conn.line, child, "salifetime", childLifetimeSeconds, cloud),
  ];
}

const DEFAULT_LIFETIME_SECONDS = 28_800;

function lifetimeDraft(
  line: number,
  setting: Setting | undefined,
  keyword: string,
  expected: number,
  cloud: "aws" | "oracle",
): Draft[] {
  const seconds = setting ? toSeconds(setting.value) : DEFAULT_LIFETIME_SECONDS;
  if (seconds === undefined || seconds === expected) return [];
  const name = cloud === "aws" ? "AWS" : "Oracle";
  return [
    {
      ...(setting ? at(setting) : { line, keyword, text: `${keyword}= is missing` }),
      severity: "warning",
      verdicts: onEvery("loads-but-wrong"),
      why: `${seconds} s here and ${expected} s at ${name}: the ends rekey at different times, which may interrupt the tunnel`,
      fix: `write ${keyword}=${expected}s`,
      source: cloud === "aws" ? AWS_OPTIONS : ORACLE_PARAMETERS,
    },
  ];
}

function checkIkeVersion({ facts, wasIkev1 }: PlannedConn, target: LibreswanVersion): Draft[] {
  const { conn } = facts;
  if (wasIkev1 || conn.settings.has("ikev2") || conn.settings.has("keyexchange")) return [];
  const why = `no line says which IKE: Libreswan ${target} speaks IKEv2 and nothing else`;
  return [{ ...atConn(facts), why, fix: "say it: the new text does", source: MANUAL }];
}

function checkInterface({ conn, hasInterface, isForEverything }: ConnFacts): Draft[] {
  const number = conn.settings.get("ipsec-interface");
  const vti = conn.settings.get("vti-interface");
  const drafts: Draft[] = [];
  if (number && /^(yes|1)$/i.test(number.value)) {
    const why = "a crash of 4.10 leaves ipsec1 behind, and the next start says `device name conflict`";
    drafts.push({ ...at(number), why, fix: "use a number from 11 up", source: MANUAL });
  }
  if (vti) {
    const why = "VTI works, but is deprecated since 5.0 in favour of ipsec-interface=";
    drafts.push({
      ...at(vti),
      why,
      fix: "use ipsec-interface= from 4.0 on; mind routes that name the old interface",
      source: MANUAL,
    });
    if (isForEverything && !/^no$/i.test(conn.settings.get("vti-routing")?.value ?? "")) {
      const why = "without vti-routing=no a tunnel for 0.0.0.0/0 takes the default route";
      drafts.push({ ...at(vti), verdicts: onEvery("loads-but-wrong"), why, fix: "add vti-routing=no", source: MANUAL });
    }
  }
  if (hasInterface && vti && !conn.settings.has("mark") && !conn.settings.has("mark-in")) {
    const why = "vti-interface= without a mark is ignored";
    drafts.push({
      ...at(vti),
      verdicts: onEvery("loads-but-wrong"),
      why,
      fix: "add mark=11/0xffffffff",
      source: MANUAL,
    });
  }
  return drafts;
}

/** Measured on 4.10 and 5.2: of policy-based twins one comes up, the other retries for ever. */
function checkTwins(conns: readonly ConnFacts[]): Draft[] {
  return findTwins(conns)
    .filter((twins) => twins.every(({ hasInterface }) => !hasInterface))
    .flatMap(([first, ...others]) =>
      others.map((facts) => ({
        ...atConn(facts),
        verdicts: onEvery("loads-but-wrong"),
        why: `has the same prefixes as conn ${showText(first?.name ?? "")}: of such twins only one comes up (\`route already in use\`), the other retries for ever`,
        fix: "make both route-based, each with an interface and a mark of its own; the new text does",
        source: MANUAL,
      })),
    );
}

function checkMarks(conns: readonly ConnFacts[]): Draft[] {
  const seen = new Map<string, ConnFacts>();
  return conns
    .filter(({ hasInterface }) => hasInterface)
    .flatMap((facts) => {
      const { conn } = facts;
      const mark = (conn.settings.get("mark") ?? conn.settings.get("mark-out") ?? conn.settings.get("mark-in"))?.value;
      const key = `${mark?.split("/")[0] ?? "none"} ${facts.localSubnets.join()} ${facts.remoteSubnets.join()}`;
      const other = seen.get(key);
      if (!other) seen.set(key, facts);
      if (!other || other.peer === facts.peer) return [];
      const why = `has the same prefixes as conn ${showText(other.name)}, and no mark that tells them apart: only one of them comes up`;
      return [
        {
          ...atConn(facts),
          verdicts: onEvery("loads-but-wrong"),
          why,
          fix: "give each a mark of its own",
          source: MANUAL,
        },
      ];
    });
}

/** AWS and Oracle always make two tunnels. */
function checkLoneTunnel(conns: readonly ConnFacts[]): Draft[] {
  const [only, ...others] = conns;
  if (!only || others.length > 0 || (only.cloud !== "aws" && only.cloud !== "oracle")) return [];
  const name = only.cloud === "aws" ? "AWS" : "Oracle";
  const source = only.cloud === "aws" ? AWS_OPTIONS : ORACLE_PARAMETERS;
  const why = `only one of the connection's two tunnels is configured: ${name} takes each of them down for maintenance in turn`;
  return [{ ...atConn(only), severity: "warning", why, fix: "add the second, route-based like the first", source }];
}
