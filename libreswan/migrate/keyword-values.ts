import { parseKeyword } from "./keyword-table";
import { beforeAndSinceFive, byVersion, type Verdicts } from "./verdict";

interface WordList {
  readonly every: string;
  readonly beforeFive?: string;
  readonly sinceFour?: string;
  readonly sinceFive?: string;
}

/**
 * Keywords that take one word of a list, as `ipsec addconn --checkconfig` of each version took them: on every version,
 * and on some. 3.32 to 4.14 refuse the whole file for another word, 5.2 warns and ignores the line.
 * @see https://github.com/libreswan/libreswan/blob/v4.10/lib/libipsecconf/keywords.c (and the tags v3.32, v4.14, v5.2)
 */
const WORDS: Readonly<Record<string, WordList>> = {
  auto: { every: "add start up ondemand route ignore", sinceFour: "keep" },
  type: { every: "drop reject tunnel transport pass passthrough" },
  dpdaction: { every: "hold clear restart restart_by_peer" },
  phase2: { every: "esp ah" },
  keyexchange: { every: "ike", sinceFive: "ikev1 ikev2" },
  auth: { every: "never secret rsasig null", sinceFour: "rsa ecdsa eaponly" },
  autheap: { every: "none tls" },
  sendca: { every: "none all issuer" },
  sendcert: { every: "never always sendifasked alwayssend" },
  fragmentation: { every: "yes no never force insist", sinceFive: "true false on off" },
  encapsulation: { every: "yes no auto", sinceFive: "true false on off" },
  ppk: { every: "yes no never always insist permit propose", sinceFive: "true false on off" },
  esn: { every: "yes no either", sinceFive: "true false on off" },
  xauthby: { every: "file pam alwaysok" },
  xauthfail: { every: "hard soft" },
  failureshunt: { every: "drop reject passthrough hold none" },
  negotiationshunt: { every: "drop passthrough hold" },
  hostaddrfamily: { every: "ipv4 ipv6" },
  clientaddrfamily: { every: "ipv4 ipv6" },
  "nat-ikev1-method": { every: "none both rfc drafts" },
  "remote-peer-type": { every: "cisco" },
  ikev2: { every: "yes no never always insist permit propose", sinceFive: "true false on off" },
  "ddos-mode": { every: "auto busy unlimited" },
  "ocsp-method": { every: "get post" },
  "ikev1-policy": { every: "drop reject accept" },
  "nic-offload": { every: "yes no", beforeFive: "auto", sinceFive: "packet crypto" },
  "send-redirect": { every: "yes no auto" },
  "accept-redirect": { every: "yes no", beforeFive: "auto" },
  "enable-tcp": { every: "yes no fallback" },
  remote_peer_type: { every: "cisco" },
  ikepad: { every: "yes no true false on off" },
  sareftrack: { every: "yes no conntrack" },
};

const BOOLEANS = new Set(
  `aggressive aggrmode audit-log cat cisco-unity compress crl-strict decap-dscp dnssec-enable drop-oppo-null
  fake-strongswan ignore-peer-dns ike-socket-errqueue initial-contact intermediate listen-tcp listen-udp logappend
  logip logtime mobike modecfgclient modecfgpull modecfgserver ms-dh-downgrade narrowing nat-keepalive nm-configured
  nopmtudisc ocsp-enable ocsp-strict overlapip pam-authorize pfs reauth rekey require-id-on-certificate
  send-no-esp-tfc send-vendorid disablearrivalcheck encap-dscp ipsec-interface-managed iptfs iptfs-fragmentation
  perpeerlog pfs-rekey-workaround session-resumption sha2-truncbug uniqueids vti-routing vti-shared xauthclient
  xauthserver`.split(/\s+/),
);

const DURATIONS = new Set(
  `crlcheckinterval curl-timeout dpddelay dpdtimeout ikelifetime ikev1-dpdtimeout ipsec-lifetime keep-alive
  iptfs-drop-time iptfs-init-delay keylife lifetime ocsp-cache-max-age ocsp-cache-min-age ocsp-timeout rekeymargin
  retransmit-interval retransmit-timeout salifetime shuntlifetime`.split(/\s+/),
);

const NUMBERS = new Set(
  `ddos-ike-threshold ike-socket-bufsize ikeport ipsec-max-bytes ipsec-max-packets iptfs-max-queue-size
  iptfs-packet-size iptfs-reorder-window max-halfopen-ike metric mtu nflog nflog-all nhelpers ocsp-cache-size priority
  reqid replay-window seedbits tcp-remoteport tfc xfrmlifetime`.split(/\s+/),
);

/** Keywords whose value is any text. Without quotes a number isn't text to 3.32, 4.10 and 4.14: `Invalid id value`. */
const TEXTS = new Set(
  `accept-redirect-to ah ca cert id modecfgbanner modecfgdns modecfgdns1 modecfgdomains policy-label protoport
  redirect-to sec-label updown username vti-interface xauthname xauthusername`.split(/\s+/),
);

/** Whether the value needs quotes to be text. */
export function isNumberForText(keyword: string, value: string): boolean {
  return TEXTS.has(parseKeyword(keyword).base) && /^\d+$/.test(value);
}

export interface ValueFault {
  readonly verdicts: Verdicts;
  readonly why: string;
  readonly fix: string;
}

/** What is wrong with a value, from its type alone. */
export function valueFault(keyword: string, value: string): ValueFault | undefined {
  const { base } = parseKeyword(keyword);
  const word = value.toLowerCase();
  const words = Object.hasOwn(WORDS, base) ? WORDS[base] : undefined;
  if (words) return wordFault(keyword, words, word);
  if (BOOLEANS.has(base)) return booleanFault(keyword, word);
  if (DURATIONS.has(base) && !/^\d{1,9}(ms|[smhdw])?$/.test(word)) {
    return {
      verdicts: beforeAndSinceFive("loads-but-wrong", "warning"),
      why: `${keyword}= is not a duration: up to 4.14 it is read as something else without a word, 5.2 ignores it`,
      fix: `write a number and a unit: ${keyword}=3600s`,
    };
  }
  if (NUMBERS.has(base) && !/^\d{1,10}$/.test(word)) {
    return {
      verdicts: beforeAndSinceFive("loads-but-wrong", "warning"),
      why: `${keyword}= is not a number: up to 4.14 it is read as something else without a word, 5.2 ignores it`,
      fix: `write a number, or leave ${keyword}= out`,
    };
  }
  return undefined;
}

function wordFault(
  keyword: string,
  { every, beforeFive, sinceFour, sinceFive }: WordList,
  word: string,
): ValueFault | undefined {
  const has = (list: string | undefined) => list?.split(" ").includes(word) ?? false;
  const verdicts = byVersion((version) => {
    const isFive = version.startsWith("5.");
    const isNamed = has(every) || (isFive ? has(sinceFive) : has(beforeFive)) || (version !== "3.32" && has(sinceFour));
    if (isNamed) return "ok";
    return version.startsWith("5.") ? "warning" : "fails-to-load";
  });
  if (Object.values(verdicts).every((verdict) => verdict === "ok")) return undefined;
  return {
    verdicts,
    why: `${keyword}= has no such word everywhere: up to 4.14 that stops the whole file, 5.2 ignores the line`,
    fix: `use one of ${every.split(" ").join(", ")}`,
  };
}

function booleanFault(keyword: string, word: string): ValueFault | undefined {
  if (["yes", "no", "true", "false", "on", "off"].includes(word)) return undefined;
  const isNumber = word === "0" || word === "1";
  return {
    verdicts: beforeAndSinceFive("fails-to-load", isNumber ? "ok" : "warning"),
    why: `${keyword}= is yes or no: up to 4.14 another word stops the whole file, 5.2 ignores the line`,
    fix: `use ${keyword}=yes or ${keyword}=no`,
  };
}
