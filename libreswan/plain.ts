// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const NOT_PLAIN = /[\u0000-\u001f\u007f-\u009f\u2028\u2029"'`\\]|\$[({]/;

/**
 * Template tag for everything that ends in a file of the controller: refuses a value that could end a line, a quoted string
 * or a word of a shell. `config` has refused it before, so that it is a bug if it gets here. The message never holds the
 * value, which may be a key.
 */
export function plain(strings: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  let text = strings[0] ?? "";
  for (let at = 0; at < values.length; at++) text += assertPlain(values[at] ?? "") + (strings[at + 1] ?? "");
  return text;
}

function assertPlain(value: string | number): string {
  const text = String(value);
  if (NOT_PLAIN.test(text))
    throw new Error("bug: a quote, line break or other special character was about to be written to a file");
  return text;
}
