import { TUNNEL_PARAMETERS } from "../../config/tunnel-parameters";
import { at, type ConnDraft } from "./conn-draft";
import type { ConnFacts } from "./describe-conn";
import type { Setting } from "./read-conf";
import { toSeconds } from "./seconds";
import { ALL_OK, byVersion, onEvery, type Verdicts } from "./verdict";

const MANUAL = "https://libreswan.org/man/ipsec.conf.5.html";
const AWS_OPTIONS = "https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html";
const ORACLE_PARAMETERS = "https://docs.oracle.com/en-us/iaas/Content/Network/Reference/supportedIPsecparams.htm";

/** Liveness and lifetimes: what works for an hour, or until a peer dies. */
export function checkTiming(facts: ConnFacts): ConnDraft[] {
  return [...checkLiveness(facts), ...checkLifetimes(facts)];
}

function checkLiveness({ conn }: ConnFacts): ConnDraft[] {
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

function slowLiveness(settings: ReadonlyMap<string, Setting>, setting: Setting | undefined): ConnDraft[] {
  const delay = toSeconds(settings.get("dpddelay")?.value);
  if (!setting || !delay || settings.has("retransmit-timeout")) return [];
  const seconds = Math.round(2 * delay + DEFAULT_RETRANSMIT_TIMEOUT_SECONDS);
  return [
    {
      ...at(setting),
      severity: "warning",
      verdicts: onEvery("loads-but-wrong"),
      why: `IKEv2 ignores dpdtimeout= and waits for retransmit-timeout= (60 s): a dead peer costs ${seconds} s`,
      fix: "give dpddelay=5s and retransmit-timeout=8s: 14 to 15 s",
      source: MANUAL,
    },
  ];
}

function checkLifetimes({ conn, cloud }: ConnFacts): ConnDraft[] {
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
): ConnDraft[] {
  const seconds = setting ? toSeconds(setting.value) : DEFAULT_LIFETIME_SECONDS;
  if (seconds === undefined || seconds === expected) return [];
  const name = cloud === "aws" ? "AWS" : "Oracle";
  return [
    {
      ...(setting ? at(setting) : { line, keyword, text: `${keyword}= is missing` }),
      severity: "warning",
      verdicts: onEvery("loads-but-wrong"),
      why: `${seconds} s here and ${expected} s at ${name}: differing ends may interrupt the tunnel`,
      fix: `write ${keyword}=${expected}s`,
      source: cloud === "aws" ? AWS_OPTIONS : ORACLE_PARAMETERS,
    },
  ];
}
