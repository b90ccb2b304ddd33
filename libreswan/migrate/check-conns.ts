import { isIP } from "node:net";
import type { LibreswanVersion } from "../../config/schema/controllers";
import { checkPairs } from "./check-pairs";
import { checkTiming } from "./check-timing";
import { at, atConn, type ConnDraft } from "./conn-draft";
import { type ConnFacts, isPlaceholder } from "./describe-conn";
import type { PlannedConn } from "./plan-migration";
import { groupsAgree } from "./plan-proposals";
import { toSubnet } from "./subnet-list";
import { type FindingDraft, showText } from "./to-finding";
import { beforeAndSinceFive, onEvery } from "./verdict";

const MANUAL = "https://libreswan.org/man/ipsec.conf.5.html";

/** What no single line shows: each conn by itself, then the conns beside each other. */
export function checkConns(plans: readonly PlannedConn[], file: string, target: LibreswanVersion): FindingDraft[] {
  const drafts = [...plans.flatMap((plan) => checkConn(plan, target)), ...checkPairs(plans.map(({ facts }) => facts))];
  return drafts.map((draft) => ({ ...draft, file }));
}

function checkConn(plan: PlannedConn, target: LibreswanVersion): ConnDraft[] {
  const { facts } = plan;
  return [
    ...checkSelectors(facts),
    ...checkOwnEnd(facts),
    ...checkIds(facts),
    ...checkEverything(facts),
    ...checkPfs(facts),
    ...checkTiming(facts),
    ...checkIkeVersion(plan, target),
    ...checkInterface(facts),
  ];
}

function checkSelectors({ conn, cloud, localSubnets, remoteSubnets }: ConnFacts): ConnDraft[] {
  const drafts: ConnDraft[] = [];
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
      why: `${pairs} prefix pairs: AWS keeps one for a policy-based peer, the others drop out`,
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
function checkOwnEnd({ conn, local, hasInterface }: ConnFacts): ConnDraft[] {
  const own = conn.settings.get(local);
  const isXfrm = hasInterface && !conn.settings.has("vti-interface");
  if (!own || !isIP(own.value) || !isXfrm || conn.settings.has(`${local}nexthop`)) return [];
  return [
    {
      ...at(own),
      verdicts: onEvery("loads-but-wrong"),
      why: `with an interface, ${local}=<address> hides the gateway from pluto: the tunnel is up and empty`,
      fix: `write ${local}=%defaultroute, and keep the address as ${local}id=`,
      source: MANUAL,
    },
  ];
}

/** A name is text only with an @ before it. */
function checkIds({ conn }: ConnFacts): ConnDraft[] {
  const ids = [conn.settings.get("leftid"), conn.settings.get("rightid")].filter((setting) => setting !== undefined);
  return ids
    .filter(({ value }) => /^[a-z][\w.-]*$/i.test(value))
    .map((setting) => ({
      ...at(setting),
      severity: "warning",
      why: "an id without @ is looked up in DNS, and 5.2 refuses the connection when that fails",
      fix: `write ${setting.keyword}=@${showText(setting.value)} if the other end knows it as a name`,
      source: MANUAL,
    }));
}

/** Seen on 4.10 and 5.2: updown routes 0.0.0.0/1 and 128.0.0.0/1 into the tunnel. */
function checkEverything({ conn, local, isForEverything, hasInterface }: ConnFacts): ConnDraft[] {
  if (!isForEverything) return [];
  const takers = [conn.settings.get("mtu"), conn.settings.get(`${local}sourceip`)].filter(
    (setting) => setting !== undefined,
  );
  const taken = takers.map((setting) => ({
    ...at(setting),
    verdicts: onEvery("loads-but-wrong"),
    why: `${setting.keyword}= on 0.0.0.0/0 makes updown replace the default route by the tunnel`,
    fix: "set the MTU on the interface, and the source by `src` of the route",
    source: MANUAL,
  }));
  const selector = conn.settings.get(`${local}subnet`);
  if (hasInterface || !selector) return taken;
  const why = "0.0.0.0/0 on both ends without an interface: all traffic of this machine goes into the tunnel";
  const fix = "give it an interface and a mark, and route the cloud's prefixes through it";
  return [...taken, { ...at(selector), verdicts: onEvery("loads-but-wrong"), why, fix, source: MANUAL }];
}

function checkPfs({ conn }: ConnFacts): ConnDraft[] {
  const esp = conn.settings.get("esp") ?? conn.settings.get("phase2alg");
  if (!esp || groupsAgree(conn.settings.get("ike")?.value, esp.value)) return [];
  return [
    {
      ...at(esp),
      verdicts: beforeAndSinceFive("loads-but-wrong", "ok"),
      why: "PFS has another group than IKE: up to 4.14 each rekey fails (seen on 4.10)",
      fix: "use one group in ike= and esp=, at both ends",
      source: "https://github.com/libreswan/libreswan/blob/main/CHANGES",
    },
  ];
}

function checkIkeVersion({ facts, wasIkev1 }: PlannedConn, target: LibreswanVersion): ConnDraft[] {
  const { conn } = facts;
  if (wasIkev1 || conn.settings.has("ikev2") || conn.settings.has("keyexchange")) return [];
  const why = `no line says which IKE: Libreswan ${target} speaks IKEv2 and nothing else`;
  return [{ ...atConn(facts), why, fix: "say it: the new text does", source: MANUAL }];
}

function checkInterface({ conn, hasInterface, isForEverything }: ConnFacts): ConnDraft[] {
  const number = conn.settings.get("ipsec-interface");
  const vti = conn.settings.get("vti-interface");
  const drafts: ConnDraft[] = [];
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
