import {
  fromStrongSwan,
  isAead,
  isEncryptionBuilt,
  isEncryptionRemoved,
  isHashBuilt,
  type Phase,
  toGroupNotBuilt,
  toGroupNumber,
} from "./algorithm-table";
import { type ParsedProposal, parseProposals } from "./parse-proposals";
import { ALL_OK, byVersion, onEvery, type Verdicts } from "./verdict";

export interface ProposalFault {
  readonly verdicts: Verdicts;
  readonly why: string;
  readonly fix: string;
  readonly source: string;
}

const MANUAL = "https://libreswan.org/man/ipsec.conf.5.html";
const BUILD = "https://github.com/libreswan/libreswan/blob/main/mk/config.mk";
const ALGORITHMS = "https://www.rfc-editor.org/rfc/rfc8247";
const REFUSED = onEvery("refused-when-added");
const SINCE_410 = byVersion((version) => (version === "3.32" ? "ok" : "refused-when-added"));
const ONLY_332: Verdicts = { ...ALL_OK, "3.32": "refused-when-added" };
const MAX_PROPOSALS = 64;

/** Everything that keeps pluto from taking the value, and what it takes but nobody should use any more. */
export function checkProposals(phase: Phase, value: string): ProposalFault[] {
  if (value === "") return [EMPTY];
  const faults = new Map<string, ProposalFault>();
  const add = (fault: ProposalFault) => faults.set(fault.why, fault);
  const proposals = parseProposals(value).slice(0, MAX_PROPOSALS);
  for (const proposal of proposals) {
    for (const fault of [...checkNames(phase, proposal), ...checkCombination(phase, proposal)]) {
      add(fault);
    }
  }
  if (phase === "esp") for (const fault of checkEspGroups(proposals)) add(fault);
  return [...faults.values(), ...checkStrength(proposals)];
}

const EMPTY: ProposalFault = {
  verdicts: { ...ALL_OK, "5.2": "refused-when-added" },
  why: "5.2 refuses an empty list; before, it means the defaults",
  fix: "name one, or remove the line",
  source: MANUAL,
};

function refused(why: string, fix: string, source = MANUAL, verdicts = REFUSED): ProposalFault {
  return { verdicts, why, fix, source };
}

function checkNames(
  phase: Phase,
  { encryptions, hashes, groups, extra, hasMisplacedGroup }: ParsedProposal,
): ProposalFault[] {
  const why = "a group stands where the hash belongs: only 3.32 takes that";
  return [
    ...(hasMisplacedGroup ? [refused(why, "put a semicolon before the group", MANUAL, SINCE_410)] : []),
    ...(encryptions.length === 0 ? [refused("a proposal without an encryption", "name one: aes_gcm256")] : []),
    ...encryptions.flatMap((name) => encryptionFault(phase, name)),
    ...checkHashes(phase, hashes, extra),
    ...groups.flatMap((name) => groupFault(name)),
  ];
}

function checkHashes(phase: Phase, hashes: readonly string[], extra: readonly string[]): ProposalFault[] {
  const why = `${show(extra[0] ?? "")} is one part too many`;
  const tooMany = refused(why, "write encryption-hash;group and nothing more");
  // `aes_gcm256-none-sha2_256`: no integrity, and a PRF.
  const isNoneAndPrf = phase === "ike" && hashes.join() === "none" && extra.length === 1;
  if (isNoneAndPrf) return [{ ...tooMany, verdicts: ONLY_332 }, ...extra.flatMap((name) => hashFault(phase, name))];
  return [...hashes.flatMap((name) => hashFault(phase, name)), ...(extra.length > 0 ? [tooMany] : [])];
}

function encryptionFault(phase: Phase, name: string): ProposalFault[] {
  if (isEncryptionBuilt(name, phase)) return [];
  if (isEncryptionRemoved(name)) {
    return [refused(`${show(name)} was removed in 4.0`, "use aes_gcm256", MANUAL, SINCE_410)];
  }
  const ours = fromStrongSwan(name);
  if (ours) return [refused(`${show(name)} is strongSwan's spelling`, `write ${ours}`)];
  return [refused(`pluto has no ${phase.toUpperCase()} encryption ${show(name)}`, "use aes_gcm256 or aes256")];
}

function hashFault(phase: Phase, name: string): ProposalFault[] {
  if (isHashBuilt(name, phase, true)) return [];
  if (isHashBuilt(name, phase, false)) {
    return [refused(`3.32 doesn't know ${show(name)} in ike=`, "use sha2_256", MANUAL, ONLY_332)];
  }
  if (/^prf/.test(name)) return [refused(`${show(name)} is strongSwan's way to name a PRF`, "leave it out")];
  return [refused(`pluto has no hash ${show(name)} here`, "use sha2_256 or sha2_384")];
}

function groupFault(name: string): ProposalFault[] {
  if (toGroupNumber(name) || name === "none" || name === "null" || name === "dh0") return [];
  const number = toGroupNotBuilt(name);
  if (number) {
    const other = number === name ? "" : ` (${number})`;
    const why = `DH group ${name}${other} is not built into Libreswan; checkconfig doesn't notice`;
    return [refused(why, "use dh20, or dh14 at least, at both ends", BUILD)];
  }
  if (name.endsWith("!")) return [refused("the ! at the end is strongSwan's", "leave it out")];
  const ours = fromStrongSwan(name);
  return [refused(`pluto has no DH group ${show(name)}`, `use ${ours ?? "dh20"}`)];
}

function checkCombination(phase: Phase, { encryptions, hashes, groups }: ParsedProposal): ProposalFault[] {
  const aead = encryptions.filter(isAead);
  const faults: ProposalFault[] = [];
  const isNone = (name: string) => name === "none" || name === "null";
  if (phase === "esp" && aead.length > 0 && hashes.some((name) => !isNone(name))) {
    faults.push(
      refused("GCM has integrity of its own: a hash beside it in esp= is refused", "write esp=aes_gcm256;dh20"),
    );
  }
  if (phase === "esp" && aead.length > 0 && aead.length < encryptions.length) {
    faults.push(refused("GCM and CBC can't stand in one proposal", "put a comma between them"));
  }
  if (aead.length < encryptions.length && hashes.some(isNone) && !encryptions.includes("null")) {
    faults.push(refused("CBC without integrity is refused", "add a hash: aes256-sha2_256"));
  }
  if (phase === "ike" && groups.some((name) => isNone(name) || name === "dh0")) {
    faults.push(refused("IKE needs a DH group", "use dh20"));
  }
  return faults;
}

/** Measured: `CHILD_SA INVALID_KE` is not implemented, and a mix of with and without is refused. */
function checkEspGroups(proposals: readonly ParsedProposal[]): ProposalFault[] {
  const groups = proposals.map(({ groups }) => groups.map((name) => toGroupNumber(name) ?? name).join("+"));
  if (new Set(groups).size < 2) return [];
  return [
    refused(
      "the proposals of esp= differ in their DH group, which pluto refuses",
      "give them all the same group, the one of ike=",
    ),
  ];
}

const WEAK: readonly (readonly [RegExp, string])[] = [
  [/^(3des|des)/, "3DES is weak (64-bit blocks)"],
  [/^null$/, "null encrypts nothing"],
  [/md5/, "MD5 is broken"],
  [/^(sha|sha1|hmac_sha1|sha1_96|hmac_sha1_96)$/, "SHA-1 is being retired"],
  [/^(dh5|modp1536)$/, "DH group 5 (modp1536) is too small"],
  [/^(aes|aes_cbc|aes_gcm|aes_ctr)_?128$/, "AES-128 holds, but AES-256 costs nothing more"],
];

function checkStrength(proposals: readonly ParsedProposal[]): ProposalFault[] {
  const names = proposals.flatMap(({ encryptions, hashes, groups }) => [...encryptions, ...hashes, ...groups]);
  const whys = WEAK.filter(([pattern]) => names.some((name) => pattern.test(name))).map(([, why]) => why);
  if (whys.length === 0) return [];
  const fix = "use aes_gcm256, sha2_384 and dh20 where the other end allows them";
  return [{ verdicts: ALL_OK, why: whys.join("; "), fix, source: ALGORITHMS }];
}

/** A name from the user's file, short enough for a sentence. */
function show(name: string): string {
  const plain = name.replace(/[^\w.!+-]/g, "?");
  return `'${plain.length > 24 ? `${plain.slice(0, 24)}…` : plain}'`;
}
