type Path = readonly (string | number)[];

/** Fields whose value never appears in a message, wherever in a file they stand and whatever is wrong with them. */
const SECRET_FIELD =
  /psk(?!Epoch$)|secret|passw|passphrase|token(?!Epoch$)|shared.?key|private.?key|api.?key|credential/i;

/** A user name and password, or a query, in a URL. */
const SECRET_IN_URL = /:\/\/\S*[@?]/;

export function isSecretPath(path: Path): boolean {
  return path.some((segment) => SECRET_FIELD.test(String(segment))) || isChatSecret(path);
}

/** A webhook's URL is its password, and a private key may be pasted where the certificate belongs. */
function isChatSecret([section, , field]: Path): boolean {
  return section === "chats" && (field === "url" || field === "ca");
}

/** Pasted where a certificate belongs. */
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

export function isSecretText(value: unknown): boolean {
  return typeof value === "string" && (SECRET_IN_URL.test(value) || PRIVATE_KEY.test(value));
}

/** `psk:abc` and `psk abc`, where a space or colon was forgotten, make a key out of a secret: only its name is kept. */
export function hideSecretsInKeys(path: Path): Path {
  return path.map((segment) => {
    const text = String(segment);
    const found = SECRET_FIELD.exec(text);
    return found === null || /^[\w.-]+$/.test(text) ? segment : `${text.slice(0, found.index + found[0].length)}…`;
  });
}
