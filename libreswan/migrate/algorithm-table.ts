/**
 * Names that pluto takes in `ike=` and `esp=`, tried one by one by adding a connection to pluto 3.32, 4.10, 4.14 and
 * 5.2. Libreswan's spellings only: strongSwan's `aes256gcm16`, `prfsha256` and `x25519` are not among them.
 * @see https://libreswan.org/man/ipsec.conf.5.html (ike=, esp=)
 */
const ENCRYPTION = /^(aes|aes_cbc|aes_ctr|aes_gcm|aes_gcm_(8|12|16|a|b|c)|camellia|camellia_cbc)(_?(128|192|256))?$/;
const ONLY_ESP_ENCRYPTION = /^(null|aes_gmac|null_auth_aes_gmac|aes_ccm(_(8|12|16|a|b|c))?(_?(128|192|256))?)$/;
const PLAIN_ENCRYPTION = new Set(["3des", "3des_cbc", "chacha20_poly1305", "chacha20poly1305"]);
/** In 3.32 only. */
const REMOVED_ENCRYPTION = /^(twofish|serpent)(_?(128|192|256))?$/;

const HASHES = new Set(
  `md5 sha sha1 sha2 sha256 sha384 sha512 sha2_256 sha2_384 sha2_512 hmac_md5 hmac_sha1 hmac_sha2_256 hmac_sha2_384
  hmac_sha2_512 aes_xcbc aes128_xcbc`.split(/\s+/),
);
const TRUNCATED_HASHES = new Set(
  "aes_xcbc_96 sha2_256_128 sha1_96 hmac_sha1_96 hmac_md5_96 hmac_sha2_256_128".split(" "),
);
const ONLY_ESP_HASHES = new Set(["aes_cmac", "aes_cmac_96", "none", "null"]);

/** Each with the others of its group, so that `modp2048` and `dh14` compare as one. */
const GROUPS = new Map(
  [
    ["dh5", "modp1536"],
    ["dh14", "modp2048"],
    ["dh15", "modp3072"],
    ["dh16", "modp4096"],
    ["dh17", "modp6144"],
    ["dh18", "modp8192"],
    ["dh19", "ecp256", "ecp_256"],
    ["dh20", "ecp384", "ecp_384"],
    ["dh21", "ecp521", "ecp_521"],
    ["dh31", "curve25519"],
  ].flatMap(([number = "", ...names]) => [number, ...names].map((name) => [name, number] as const)),
);

/**
 * Groups that IKE has, but no Libreswan of a distribution is built with (USE_DH2, USE_DH22).
 * @see https://github.com/libreswan/libreswan/blob/main/mk/config.mk
 */
const GROUPS_NOT_BUILT = new Map(
  [
    ["dh1", "modp768"],
    ["dh2", "modp1024"],
    ["dh22", "modp1024s160"],
    ["dh23", "modp2048s224"],
    ["dh24", "modp2048s256"],
  ].flatMap(([number = "", ...names]) => [number, ...names].map((name) => [name, number] as const)),
);

export type Phase = "ike" | "esp";

export function isEncryptionBuilt(name: string, phase: Phase): boolean {
  return ENCRYPTION.test(name) || PLAIN_ENCRYPTION.has(name) || (phase === "esp" && ONLY_ESP_ENCRYPTION.test(name));
}

/** Whether 3.32 has it and later ones don't. */
export function isEncryptionRemoved(name: string): boolean {
  return REMOVED_ENCRYPTION.test(name);
}

/** An encryption with integrity of its own. */
export function isAead(name: string): boolean {
  return /^(aes_gcm|aes_ccm|aes_gmac|null_auth|chacha20)/.test(name);
}

export function isHashBuilt(name: string, phase: Phase, isBefore410: boolean): boolean {
  if (HASHES.has(name)) return true;
  if (phase === "esp") return TRUNCATED_HASHES.has(name) || ONLY_ESP_HASHES.has(name);
  return TRUNCATED_HASHES.has(name) && !isBefore410;
}

/** `dh14` for `modp2048`; missing where no version has it. */
export function toGroupNumber(name: string): string | undefined {
  return GROUPS.get(name);
}

/** `dh2` for `modp1024`; missing for groups that are built or that nobody knows. */
export function toGroupNotBuilt(name: string): string | undefined {
  return GROUPS_NOT_BUILT.get(name);
}

/** The Libreswan name for one that strongSwan uses. */
export function fromStrongSwan(name: string): string | undefined {
  const gcm = /^aes(128|192|256)gcm(8|12|16|64|96|128)$/.exec(name);
  if (gcm) return `aes_gcm${gcm[1]}`;
  const ctr = /^aes(128|192|256)ctr$/.exec(name);
  if (ctr) return `aes_ctr${ctr[1]}`;
  if (name === "x25519") return "curve25519";
  return undefined;
}
