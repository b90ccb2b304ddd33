/** One proposal of `ike=` or `esp=`: `aes256+aes128-sha2_256;dh14` has two encryptions. */
export interface ParsedProposal {
  /** Lower case, with the key length: `aes_gcm256`. */
  readonly encryptions: readonly string[];
  /** Integrity of ESP, PRF of IKE. */
  readonly hashes: readonly string[];
  /** `dh14`, `modp2048`. */
  readonly groups: readonly string[];
  /** Whether a group follows the encryption after a `-`, where only 3.32 looks for one. */
  readonly hasMisplacedGroup: boolean;
  /** Parts that fit nowhere. */
  readonly extra: readonly string[];
}

const GROUP = /^(dh|modp|ecp_?|group|curve|x)\d/;

/**
 * Reads `enc-hash;group`, `enc-hash-group` and the `+` and `,` between alternatives. Never fails: what it can't place
 * is in `extra`, what it doesn't know stays as it is.
 * @see https://libreswan.org/man/ipsec.conf.5.html (ike=, esp=)
 */
export function parseProposals(value: string): ParsedProposal[] {
  return value
    .toLowerCase()
    .split(",")
    .map((proposal) => parseProposal(proposal.trim()));
}

function parseProposal(proposal: string): ParsedProposal {
  const [algorithms = "", ...groupParts] = proposal.split(";");
  const fields = joinKeyLengths(algorithms.split("-"));
  const [encryption = "", ...rest] = fields;
  const isGroup = (field: string) => GROUP.test(field);
  const hashes = rest.filter((field) => !isGroup(field));
  const groups = [...rest.filter(isGroup), ...groupParts];
  return {
    encryptions: alternatives([encryption]),
    hashes: alternatives(hashes.slice(0, 1)),
    groups: alternatives(groups.slice(0, 1)),
    hasMisplacedGroup: isGroup(rest[0] ?? ""),
    extra: [...alternatives(hashes.slice(1)), ...alternatives(groups.slice(1))],
  };
}

/** `aes-256-sha1` is `aes256-sha1`. */
function joinKeyLengths(fields: readonly string[]): string[] {
  const [first = "", second = "", ...rest] = fields;
  return /^\d{2,3}$/.test(second) ? [first + second, ...rest] : [...fields];
}

function alternatives(fields: readonly string[]): string[] {
  return fields.flatMap((field) => field.split("+")).filter((name) => name !== "");
}
