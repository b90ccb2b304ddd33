import { parseKeyword, type SectionKind } from "./keyword-table";
import { beforeAndSinceFive, byVersion, onEvery, type Verdicts } from "./verdict";

/** What the new text does with the line. `planned`: the connection's plan writes it anew. */
export type Rewrite = "keep" | "drop" | "planned" | { readonly keyword: string };

export interface KeywordRule {
  /** Without `left` or `right`. */
  readonly keyword: string;
  /** Which values; all unless given. */
  readonly value?: { test(value: string): boolean };
  readonly section?: SectionKind;
  /** Missing where the tables of keywords and values already tell. */
  readonly verdicts?: Verdicts;
  readonly why: string;
  readonly fix: string;
  readonly rewrite: Rewrite;
  readonly source: string;
}

const MANUAL = "https://libreswan.org/man/ipsec.conf.5.html";
const CHANGES = "https://github.com/libreswan/libreswan/blob/main/CHANGES";
const KEYWORDS_4_10 = "https://github.com/libreswan/libreswan/blob/v4.10/lib/libipsecconf/keywords.c";
const STRONGSWAN = "https://docs.strongswan.org/docs/latest/config/swanctlIntro.html";

/** `ikev1-policy=drop` is the default of 4.10 (as Debian builds it), 4.14 and 5.x. */
const IKEV1_REFUSED = byVersion((version) => (version === "3.32" ? "ok" : "refused-when-added"));
const AUTHENTICATION = /^(never|secret|null|rsasig|rsa|ecdsa)(-\w+)?$/i;
const USE_IKEV2 = "ask for IKEv2: ikev2=insist up to 4.14, keyexchange=ikev2 from 5.0 on; the other end must allow it";

/** Each verdict was seen with the real addconn and pluto of that version. The first rule that fits a line is used. */
const RULES: readonly KeywordRule[] = [
  {
    keyword: "auth",
    value: /^(esp|ah)$/i,
    why: "auth= says how an end proves who it is; esp was Openswan's word for the kind of phase 2",
    fix: "remove the line; ESP is the default",
    rewrite: "drop",
    source: KEYWORDS_4_10,
  },
  {
    keyword: "keyexchange",
    value: /^ike$/i,
    verdicts: onEvery("ok"),
    why: "names no version of IKE: 4.10 and later then speak IKEv2 and nothing else",
    fix: USE_IKEV2,
    rewrite: "planned",
    source: MANUAL,
  },
  {
    keyword: "keyexchange",
    value: /^ikev1$/i,
    verdicts: beforeAndSinceFive("fails-to-load", "refused-when-added"),
    why: "up to 4.14 keyexchange= knows only the word ike; 5.2 refuses IKEv1 by default",
    fix: USE_IKEV2,
    rewrite: "planned",
    source: CHANGES,
  },
  {
    keyword: "keyexchange",
    value: /^ikev2$/i,
    why: "up to 4.14 keyexchange= knows only the word ike",
    fix: "write ikev2=insist there",
    rewrite: "planned",
    source: KEYWORDS_4_10,
  },
  {
    keyword: "ikev2",
    value: /^(no|never|permit|off|false)$/i,
    verdicts: IKEV1_REFUSED,
    why: "asks for IKEv1, which pluto refuses by default since 4.x (ikev1-policy=drop)",
    fix: USE_IKEV2,
    rewrite: "planned",
    source: CHANGES,
  },
  {
    keyword: "aggrmode",
    value: /^(yes|on|true|1)$/i,
    verdicts: beforeAndSinceFive("ok", "refused-when-added"),
    why: "IKEv2 has no aggressive mode, and 5.2 refuses the two together",
    fix: "remove the line",
    rewrite: "drop",
    source: MANUAL,
  },
  {
    keyword: "aggressive",
    value: /^(yes|on|true|1)$/i,
    verdicts: beforeAndSinceFive("ok", "refused-when-added"),
    why: "IKEv2 has no aggressive mode, and 5.2 refuses the two together",
    fix: "remove the line",
    rewrite: "drop",
    source: MANUAL,
  },
  {
    keyword: "authby",
    value: { test: (value) => value.split(/[,|]/).some((word) => !AUTHENTICATION.test(word)) },
    verdicts: onEvery("refused-when-added"),
    why: "authby= doesn't know this word: a message (`authby= value is unknown`), and the connection isn't there",
    fix: "use authby=secret for a pre-shared key",
    rewrite: "planned",
    source: MANUAL,
  },
  {
    keyword: "dpdaction",
    value: /^none$/i,
    why: "dpdaction= has no none up to 4.14, and the keyword is obsolete from 5.0 on",
    fix: "leave out dpddelay= to switch liveness checks off; use dpdaction=restart to keep the tunnel up",
    rewrite: "planned",
    source: MANUAL,
  },
  {
    keyword: "dpdaction",
    why: "obsolete from 5.0 on: a connection with auto=start revives by itself",
    fix: "leave the line out there",
    rewrite: "planned",
    source: CHANGES,
  },
  {
    keyword: "interface-ip",
    why: "4.10 and 4.14 were built without it and refuse the file; on 3.32 it does nothing",
    fix: "put the address on the interface yourself, before pluto starts",
    rewrite: "drop",
    source: CHANGES,
  },
  ...["mark", "mark-in", "mark-out"].map(
    (keyword): KeywordRule => ({
      keyword,
      value: /^[^/]*$/,
      verdicts: beforeAndSinceFive("refused-when-added", "ok"),
      why: "a bare number is no mark before 5.2 (`Invalid mark value`), and the connection isn't there",
      fix: "write the mask: mark=11/0xffffffff",
      rewrite: "planned",
      source: MANUAL,
    }),
  ),
  {
    keyword: "subnet",
    value: /,/,
    verdicts: beforeAndSinceFive("refused-when-added", "ok"),
    why: "several prefixes in one line are taken from 5.0 on; before, it is one bad prefix",
    fix: "write leftsubnets={10.0.2.0/24 10.0.3.0/24}, or one route-based tunnel for everything",
    rewrite: "planned",
    source: CHANGES,
  },
  {
    keyword: "forceencaps",
    why: "obsolete since 3.19 (ignored with a warning) and gone in 5.2, which refuses the file",
    fix: "write encapsulation=yes",
    rewrite: { keyword: "encapsulation" },
    source: CHANGES,
  },
  {
    keyword: "ah",
    why: "AH doesn't pass NAT, and no cloud has it; ah= and esp= together are a `duplicate key`",
    fix: "remove the line; ESP has integrity too",
    verdicts: onEvery("ok"),
    rewrite: "planned",
    source: MANUAL,
  },
  {
    keyword: "pfsgroup",
    why: "the group of perfect forward secrecy stands in esp= since Libreswan 3",
    fix: "write it after a semicolon: esp=aes_gcm256;dh20",
    rewrite: "drop",
    source: MANUAL,
  },
  {
    keyword: "ipsec-lifetime",
    why: "the name since 4.8; 3.32 doesn't know it",
    fix: "write salifetime= there",
    rewrite: "planned",
    source: CHANGES,
  },
  {
    keyword: "protostack",
    value: /^(klips|mast|auto)$/i,
    section: "setup",
    verdicts: byVersion((version) => (version === "3.32" ? "fails-to-load" : "ok")),
    why: "KLIPS was removed in 4.0: pluto 3.32 doesn't start with it, later ones ignore it",
    fix: "remove the line",
    rewrite: "drop",
    source: CHANGES,
  },
  ...["klipsdebug", "interfaces", "hidetos", "fragicmp", "overridemtu"].map(
    (keyword): KeywordRule => ({
      keyword,
      why: "belonged to the KLIPS stack, which was removed in 4.0",
      fix: "remove the line",
      rewrite: "drop",
      source: CHANGES,
    }),
  ),
  {
    keyword: "nat_traversal",
    why: "NAT traversal is always on; the keyword was removed in 4.0",
    fix: "remove the line; encapsulation=yes in the conn forces UDP",
    rewrite: "drop",
    source: CHANGES,
  },
  ...["oe", "pluto", "plutoopts", "plutowait", "plutofork", "prepluto", "postpluto", "nocrsend", "rp_filter"].map(
    (keyword): KeywordRule => ({
      keyword,
      why: "left over from Openswan, and removed in 4.0",
      fix: "remove the line",
      rewrite: "drop",
      source: CHANGES,
    }),
  ),
];

/** Old spellings, by the one that every version takes. */
const RENAMED: Readonly<Record<string, string>> = {
  cisco_unity: "cisco-unity",
  crl_strict: "crl-strict",
  curl_iface: "curl-iface",
  curl_timeout: "curl-timeout",
  ike_frag: "fragmentation",
  "ike-frag": "fragmentation",
  initial_contact: "initial-contact",
  keep_alive: "keep-alive",
  mark_in: "mark-in",
  mark_out: "mark-out",
  margintime: "rekeymargin",
  modecfgdomain: "modecfgdomains",
  nat_keepalive: "nat-keepalive",
  nm_configured: "nm-configured",
  ocsp_enable: "ocsp-enable",
  ocsp_strict: "ocsp-strict",
  ocsp_timeout: "ocsp-timeout",
  ocsp_trust_name: "ocsp-trustname",
  ocsp_uri: "ocsp-uri",
  plutostderrlogtime: "logtime",
  policy_label: "policy-label",
  send_vendorid: "send-vendorid",
  sha2_truncbug: "sha2-truncbug",
  strictcrlpolicy: "crl-strict",
};

const STRONGSWAN_ONLY = new Set(
  `aaa_identity charondebug closeaction cachecrls dpdinterval eap_identity inactivity installpolicy leftallowany
  leftauth2 leftcert2 leftdns leftfirewall leftgroups lefthostaccess leftid2 leftsigkey lifebytes lifepackets
  marginbytes marginpackets me_peerid mediated_by mediation modeconfig rightallowany rightauth2 rightdns rightfirewall
  rightgroups righthostaccess rightid2 rightsigkey xauth xauth_identity`.split(/\s+/),
);

export function keywordRule(keyword: string, value: string, section: SectionKind): KeywordRule | undefined {
  const { base, side } = parseKeyword(keyword);
  // `leftauth=` is Libreswan's own; only the keyword without a side is Openswan's.
  if (base === "auth" && side) return undefined;
  const rule = RULES.find(
    (rule) => rule.keyword === base && (rule.section ?? section) === section && (rule.value?.test(value) ?? true),
  );
  return rule ?? renamedRule(keyword) ?? strongSwanRule(keyword);
}

function renamedRule(keyword: string): KeywordRule | undefined {
  const name = Object.hasOwn(RENAMED, keyword) ? RENAMED[keyword] : undefined;
  if (name === undefined) return undefined;
  return {
    keyword,
    why: `an old spelling of ${name}= that was removed in 4.0`,
    fix: `write ${name}=`,
    rewrite: { keyword: name },
    source: CHANGES,
  };
}

function strongSwanRule(keyword: string): KeywordRule | undefined {
  if (!STRONGSWAN_ONLY.has(keyword)) return undefined;
  return {
    keyword,
    why: "a keyword of strongSwan's ipsec.conf; no Libreswan knows it",
    fix: "remove the line",
    rewrite: "drop",
    source: STRONGSWAN,
  };
}
