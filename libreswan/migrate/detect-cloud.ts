import type { Cloud } from "../../config/proposals";
import type { ConfDocument } from "./read-conf";
import type { ResolvedConn } from "./resolve-conns";

export interface CloudGuess {
  readonly cloud: Cloud;
  readonly reason: string;
}

const WORDS: Readonly<Record<Cloud, RegExp>> = {
  aws: /\b(amazon|aws|vgw-|cgw-|virtual private gateway|customer gateway)/i,
  oracle: /\b(oracle\w*|oci|drg|vcn)\b/i,
  azure: /\b(azure|microsoft|vnet)\b/i,
};
const CLOUDS = Object.keys(WORDS) as Cloud[];

/**
 * Which cloud a conn leads to: by its name, by the lines of a vendor's own sample, else by the comments and prose of
 * the file, when they name one cloud only. A guess, and reported as one.
 */
export function detectClouds({ remarks }: ConfDocument): (conn: ResolvedConn) => CloudGuess | undefined {
  const named = CLOUDS.flatMap((cloud) => {
    const remark = remarks.find(({ text }) => WORDS[cloud].test(text));
    return remark ? [{ cloud, reason: `line ${remark.line} names it` }] : [];
  });
  const fromText = named.length === 1 ? named[0] : undefined;
  return (conn) => fromName(conn) ?? fromSample(conn) ?? fromText;
}

function fromName({ name }: ResolvedConn): CloudGuess | undefined {
  const cloud = CLOUDS.find((cloud) => WORDS[cloud].test(name.replace(/[_-]/g, " ")));
  return cloud && { cloud, reason: "the conn's name" };
}

/**
 * @see https://docs.aws.amazon.com/vpn/latest/s2svpn/cgw-static-routing-examples.html (Openswan)
 * @see https://docs.oracle.com/en-us/iaas/Content/Network/Reference/libreswanCPE.htm
 */
function fromSample({ settings }: ResolvedConn): CloudGuess | undefined {
  const is = (keyword: string, pattern: RegExp) => pattern.test(settings.get(keyword)?.value ?? "");
  if (is("dpdaction", /^restart_by_peer$/i) && is("dpddelay", /^10s?$/) && is("dpdtimeout", /^30s?$/)) {
    return { cloud: "aws", reason: "the DPD lines of AWS's Openswan download" };
  }
  if (is("ike", /^aes_cbc256-sha2_384;modp1536$/i) && is("phase2alg", /^aes_gcm256;modp1536$/i)) {
    return { cloud: "oracle", reason: "the proposals of Oracle's Libreswan page" };
  }
  return undefined;
}
