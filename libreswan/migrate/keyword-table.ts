import { LIBRESWAN_VERSIONS, type LibreswanVersion } from "../../config/schema/controllers";
import { ALL_OK, beforeAndSinceFive, byVersion, onEvery, type Verdict, type Verdicts } from "./verdict";

export type SectionKind = "conn" | "setup";

/**
 * Every keyword that at least one version knows, tried one by one with `ipsec addconn --checkconfig` of each version:
 * one row for each kind of answer. The two words say what 3.32, 4.10, 4.14 and 5.2 did with it in a conn and in config
 * setup: `+` takes it, `o` calls it obsolete and ignores it, `m` knows it, but not in this section, `-` doesn't know
 * it.
 * @see https://libreswan.org/man/ipsec.conf.5.html
 * @see https://github.com/libreswan/libreswan/blob/v4.10/lib/libipsecconf/keywords.c (and the tags v3.32, v4.14, v5.2)
 */
const ANSWERS: readonly (readonly [inConn: string, inSetup: string, keywords: string])[] = [
  [
    "++++",
    "mmmm",
    `accept-redirect accept-redirect-to aggressive aggrmode ah also authby cisco-unity compress connalias decap-dscp
    encapsulation esn esp fake-strongswan fragmentation ike ikepad ikev2 initial-contact ipsec-interface keyingtries
    left mark mark-in mark-out metric mobike modecfgbanner modecfgdns modecfgdomains modecfgpull ms-dh-downgrade mtu
    narrowing nat-keepalive nflog nic-offload nm-configured nopmtudisc overlapip pam-authorize pfs phase2alg
    policy-label ppk priority reauth redirect-to rekey replay-window reqid require-id-on-certificate right
    send-no-esp-tfc send-redirect send-vendorid sha2-truncbug tfc vti-interface vti-routing vti-shared addresspool ca
    cat cert ckaid id modecfgclient modecfgserver nexthop protoport rsasigkey sourceip subnet subnets updown username
    vti xauthclient xauthserver xauthusername auto clientaddrfamily failureshunt hostaddrfamily keyexchange
    nat-ikev1-method negotiationshunt phase2 rekeyfuzz remote-peer-type remote_peer_type sendca type xauthby xauthfail
    auth sendcert ikelifetime keylife lifetime rekeymargin retransmit-interval retransmit-timeout salifetime dpddelay
    dpdtimeout`,
  ],
  [
    "mmmm",
    "++++",
    `audit-log crl-strict curl-iface ddos-ike-threshold ddos-mode dnssec-anchors dnssec-enable dnssec-rootkey-file
    drop-oppo-null dumpdir global-redirect global-redirect-to ike-socket-bufsize ike-socket-errqueue ipsecdir keep-alive
    listen logappend logfile logip logtime max-halfopen-ike myvendorid nflog-all nhelpers nssdir ocsp-cache-size
    ocsp-enable ocsp-method ocsp-strict ocsp-timeout ocsp-trustname ocsp-uri plutodebug plutostderrlog protostack
    secretsfile seedbits statsbin syslog uniqueids virtual-private virtual_private xfrmlifetime crlcheckinterval
    curl-timeout ocsp-cache-max-age ocsp-cache-min-age shuntlifetime`,
  ],
  [
    "m---",
    "+---",
    `crl_strict curl_iface curl_timeout fragicmp hidetos keep_alive klipsdebug nat-ikeport nat_ikeport ocsp_enable
    ocsp_strict ocsp_timeout ocsp_trust_name ocsp_uri overridemtu perpeerlog perpeerlogdir plutostderrlogtime
    secctx-attr-value secctx_attr_value strictcrlpolicy`,
  ],
  [
    "m---",
    "o---",
    `disable_port_floating force-busy force_keepalive forwardcontrol nat_traversal nocrsend oe pluto plutofork plutoopts
    plutorestartoncrash plutowait postpluto prepluto rp_filter`,
  ],
  [
    "+---",
    "m---",
    `cisco_unity disablearrivalcheck ike-frag ike_frag initial_contact modecfgdns1 modecfgdomain nat_keepalive
    nm_configured policy_label rsasigkey2 sareftrack send_vendorid sha2_truncbug xauthname`,
  ],
  ["o---", "m---", "connaddrfamily labeled-ipsec labeled_ipsec modecfgdns2 modecfgwins1 modecfgwins2"],
  ["-+++", "-mmm", "autheap ecdsakey enable-tcp ignore-peer-dns intermediate pubkey sec-label tcp-remoteport"],
  ["-+++", "-mmm", "ipsec-lifetime ipsec-max-bytes ipsec-max-packets"],
  ["-mmm", "-+++", "ikev1-policy listen-tcp listen-udp"],
  [
    "---+",
    "---m",
    `encap-dscp groundhog ikev1-dpdtimeout iptfs iptfs-drop-time iptfs-fragmentation iptfs-init-delay
    iptfs-max-queue-size iptfs-packet-size iptfs-reorder-window pfs-rekey-workaround ppk-ids session-resumption debug`,
  ],
  ["+--+", "m--m", "interface-ip"],
  ["+++o", "mmmo", "dpdaction"],
  ["ooo-", "mmm-", "forceencaps"],
  ["+++-", "mmm-", "alsoflip"],
  ["m+++", "+mmm", "ikeport"],
  ["mmmo", "+ooo", "interfaces"],
  ["mmmo", "+++o", "secctx-attr-type"],
  ["-mmo", "-++o", "ikev1-secctx-attr-type"],
  ["---m", "---+", "ipsec-interface-managed"],
];

/** Keywords that are written with `left` or `right` before them. */
const SIDE_KEYWORDS = new Set(
  `addresspool auth autheap ca cat cert ckaid ecdsakey groundhog id ikeport interface-ip modecfgclient modecfgserver
  nexthop protoport pubkey rsasigkey rsasigkey2 sendcert sourceip subnet subnets updown username vti xauthclient
  xauthname xauthserver xauthusername`.split(/\s+/),
);

const TABLE = new Map(
  ANSWERS.flatMap(([conn, setup, keywords]) =>
    keywords.split(/\s+/).map((keyword) => [keyword, { conn, setup }] as const),
  ),
);

export interface KeywordName {
  /** Without `left` or `right`: `subnet`. */
  readonly base: string;
  readonly side?: "left" | "right";
}

export function parseKeyword(keyword: string): KeywordName {
  for (const side of ["left", "right"] as const) {
    const base = keyword.slice(side.length);
    if (keyword.startsWith(side) && SIDE_KEYWORDS.has(base)) return { base, side };
  }
  return { base: keyword };
}

export function isKnownKeyword(keyword: string): boolean {
  return TABLE.has(parseKeyword(keyword).base);
}

export function isSideKeyword(base: string): boolean {
  return SIDE_KEYWORDS.has(base);
}

export const KNOWN_KEYWORDS: readonly string[] = [...TABLE.keys()];

/** What each version does with the keyword, whatever its value. */
export function keywordVerdicts(keyword: string, section: SectionKind): Verdicts {
  // `x-` and `x_` keywords are comments. 5.2 says so at each load.
  if (/^x[-_]/.test(keyword)) return beforeAndSinceFive("ok", "warning");
  const { base, side } = parseKeyword(keyword);
  const answers = side && section === "setup" ? TABLE.get(base)?.conn.replaceAll("+", "m") : ofEnd(base, side, section);
  if (answers === undefined) return onEvery("fails-to-load");
  if (answers === "++++") return ALL_OK;
  return byVersion((version) => toVerdict(answers.charAt(LIBRESWAN_VERSIONS.indexOf(version)), section, version));
}

function ofEnd(base: string, side: string | undefined, section: SectionKind): string | undefined {
  // 3.32 has one port for both ends, in config setup.
  return base === "ikeport" && side ? "-+++" : TABLE.get(base)?.[section];
}

function toVerdict(answer: string, section: SectionKind, version: LibreswanVersion): Verdict {
  if (answer === "+") return "ok";
  if (answer === "o") return "warning";
  if (answer === "-") return "fails-to-load";
  // A keyword of config setup in a conn is ignored with a message; a conn's one in config setup stops 3.32 to 4.14.
  return section === "conn" || version.startsWith("5.") ? "warning" : "fails-to-load";
}
