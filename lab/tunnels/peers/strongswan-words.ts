/**
 * strongSwan's words for what the clouds' documents name, in strongSwan's own table.
 * Nothing here is taken from what translates the other way: a wrong word there is to show as a tunnel that stays down.
 * @see https://docs.strongswan.org/docs/latest/config/proposals.html
 */
export interface Suite {
  /** `aes256gcm16` or `aes256`, the cloud's preference first. */
  readonly encryption: readonly string[];
  /** `sha384`, …; the PRF where the encryption is an AEAD. */
  readonly integrity: readonly string[];
  /** `ecp384`, …; empty: none. */
  readonly group: readonly string[];
}

/** By their numbers at IANA. @see https://www.iana.org/assignments/ikev2-parameters/ikev2-parameters.xhtml#ikev2-parameters-8 */
const GROUPS: Readonly<Record<number, string>> = {
  1: "modp768",
  2: "modp1024",
  5: "modp1536",
  14: "modp2048",
  15: "modp3072",
  16: "modp4096",
  17: "modp6144",
  18: "modp8192",
  19: "ecp256",
  20: "ecp384",
  21: "ecp521",
  22: "modp1024s160",
  23: "modp2048s224",
  24: "modp2048s256",
};

export function groupWord(number: number): string {
  return lookUp(GROUPS, number, "a Diffie-Hellman group");
}

/** @throws Error for a word that the vendor's document does not have: the cloud would refuse it too */
export function lookUp<T>(table: Readonly<Record<string, T>>, word: string | number, what: string): T {
  const found = Object.hasOwn(table, word) ? table[word] : undefined;
  if (found === undefined) throw new Error(`${JSON.stringify(word)} is not ${what} that this cloud has`);
  return found;
}

/** AEADs and others cannot stand in one proposal: one each. */
export function ikeProposal(suite: Suite): string {
  return byKind(suite)
    .map(({ encryption, isAead }) =>
      [...encryption, ...suite.integrity.map((hash) => (isAead ? `prf${hash}` : hash)), ...suite.group].join("-"),
    )
    .join(",");
}

export function espProposal(suite: Suite): string {
  return byKind(suite)
    .map(({ encryption, isAead }) => [...encryption, ...(isAead ? [] : suite.integrity), ...suite.group].join("-"))
    .join(",");
}

function byKind({ encryption }: Suite): { encryption: string[]; isAead: boolean }[] {
  const isAead = (word: string) => word.includes("gcm");
  const kinds = [
    { encryption: encryption.filter((word) => !isAead(word)), isAead: false },
    { encryption: encryption.filter(isAead), isAead: true },
  ];
  return kinds.filter((kind) => kind.encryption.length > 0);
}
