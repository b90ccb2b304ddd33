// What a short run of cdktf 0.21 needs not do, taken out while it is bundled. Nothing of it changes what is synthesised; a text
// that is not found stops the build, so that another version of cdktf is never patched by halves.
import { readFile } from "node:fs/promises";

/** A quarter of a synth: the zip library of assets, of which no stack has any, and the child processes that would run it. */
const NO_ARCHIVES = [
  [
    'const archiver = require("archiver");',
    'const archiver = () => { throw new Error("archives are left out of this bundle: see scripts/patch-cdktf.mjs"); };',
  ],
  [
    'const child_process_1 = require("child_process");',
    'const child_process_1 = { get execSync() { return require("child_process").execSync; } };',
  ],
];

/**
 * Strings without anything that could be a token or need escaping are returned as they are, without seven regular expressions
 * and two contexts each: the expression finds all that begins one of cdktf's markers, a number token's mantissa, or a map
 * token's placeholder.
 */
const PLAIN_TEXT_FIRST = [
  [
    "function resolve(obj, options) {",
    "const MAY_HOLD_TOKEN = /[{}]|[-|\\d.+]e|Token Value/;\n" +
      "const isPlain = (x) => typeof x === 'string' && !MAY_HOLD_TOKEN.test(x);\n" +
      "function resolve(obj, options) {\n    if (isPlain(obj)) return obj;",
  ],
  [
    "const resolvedKey = makeContext()[0].resolve(key);",
    "const resolvedKey = isPlain(key) ? key : makeContext()[0].resolve(key);",
  ],
];

/** A whole stack trace as text for each token, which only cdktf's own errors would show. */
const NO_TRACES = [["function captureStackTrace(below) {", "function captureStackTrace(below) {\n    return [];"]];

const PATCHES = {
  "private/fs.js": NO_ARCHIVES,
  "validations/validate-binary-version.js": NO_ARCHIVES.slice(1),
  "tokens/private/resolve.js": PLAIN_TEXT_FIRST,
  "tokens/private/stack-trace.js": NO_TRACES,
};

export const patchCdktf = {
  name: "patch-cdktf",
  setup(build) {
    const patched = new Set();
    build.onLoad({ filter: /[\\/]cdktf[\\/]lib[\\/].*\.js$/ }, async ({ path }) => {
      const file = path.replaceAll("\\", "/").replace(/^.*\/cdktf\/lib\//, "");
      const patches = PATCHES[file];
      if (!patches) return undefined;
      patched.add(file);
      return {
        contents: patches.reduce((text, patch) => replaceOnce(file, text, patch), await readFile(path, "utf8")),
      };
    });
    build.onEnd(() => {
      const errors = Object.keys(PATCHES).filter((file) => !patched.has(file));
      return { errors: errors.map((file) => ({ text: `cdktf/lib/${file} was not met` })) };
    });
  },
};

function replaceOnce(file, text, [find, put]) {
  const parts = text.split(find);
  if (parts.length !== 2)
    throw new Error(`cdktf/lib/${file}: ${JSON.stringify(find)} stands there ${parts.length - 1} times`);
  return parts.join(put);
}
