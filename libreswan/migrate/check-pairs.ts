import { atConn, type ConnDraft } from "./conn-draft";
import type { ConnFacts } from "./describe-conn";
import { findTwins } from "./plan-devices";
import { showText } from "./to-finding";
import { onEvery } from "./verdict";

const MANUAL = "https://libreswan.org/man/ipsec.conf.5.html";
const AWS_OPTIONS = "https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html";
const ORACLE_PARAMETERS = "https://docs.oracle.com/en-us/iaas/Content/Network/Reference/supportedIPsecparams.htm";

/** The conns beside each other: two tunnels to one network, or only one of two. */
export function checkPairs(conns: readonly ConnFacts[]): ConnDraft[] {
  return [...checkTwins(conns), ...checkMarks(conns), ...checkLoneTunnel(conns)];
}

/** Measured on 4.10 and 5.2: of policy-based twins one comes up, the other retries for ever. */
function checkTwins(conns: readonly ConnFacts[]): ConnDraft[] {
  return findTwins(conns)
    .filter((twins) => twins.every(({ hasInterface }) => !hasInterface))
    .flatMap(([first, ...others]) =>
      others.map((facts) => ({
        ...atConn(facts),
        verdicts: onEvery("loads-but-wrong"),
        why: `has the same prefixes as conn ${showText(first?.name ?? "")}: only one of such twins comes up`,
        fix: "make both route-based, each with an interface and a mark of its own; the new text does",
        source: MANUAL,
      })),
    );
}

function checkMarks(conns: readonly ConnFacts[]): ConnDraft[] {
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
      const why = `has the same prefixes as conn ${showText(other.name)}, and no mark of its own: only one comes up`;
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
function checkLoneTunnel(conns: readonly ConnFacts[]): ConnDraft[] {
  const [only, ...others] = conns;
  if (!only || others.length > 0 || (only.cloud !== "aws" && only.cloud !== "oracle")) return [];
  const name = only.cloud === "aws" ? "AWS" : "Oracle";
  const source = only.cloud === "aws" ? AWS_OPTIONS : ORACLE_PARAMETERS;
  const why = `only one of two tunnels is here: ${name} takes each down for maintenance in turn`;
  return [{ ...atConn(only), severity: "warning", why, fix: "add the second, route-based like the first", source }];
}
