/** What a source file may not do, beyond who may import whom. `path` is relative to the repository's root. */
interface SourceRule {
  readonly name: string;
  /** Folders and files that it holds for. */
  readonly where: RegExp;
  readonly except?: RegExp;
  readonly isBroken: (source: { readonly path: string; readonly text: string; readonly code: string }) => boolean;
}

const PRODUCT = /^(main\.ts$|config\/|modules\/|stacks\/|functions\/|libreswan\/|catalog\/|diagram\/|cli\/)/;
const PURE = /^(config|libreswan|modules|stacks|catalog|diagram)\//;
const LONG = 400;

const RULES: readonly SourceRule[] = [
  {
    name: "reads the environment",
    where: PRODUCT,
    except: /^(main\.ts$|cli\/|functions\/[^/]+\/handler[^/]*\.ts$)/,
    isBroken: ({ code }) => /\bprocess\s*\.\s*env\b|\bprocess\s*\[|\{[^}]*\benv\b[^}]*\}\s*=\s*process\b/.test(code),
  },
  {
    name: "asks for the time",
    where: PURE,
    isBroken: ({ code }) =>
      /\bDate\s*\.\s*now\b|\bnew\s+Date\s*(\(\s*\)|[;,)\n])|\bperformance\s*\.\s*now\b|\bprocess\s*\.\s*hrtime\b/.test(
        code,
      ),
  },
  { name: "asks for chance", where: PURE, isBroken: ({ code }) => /\bMath\s*\.\s*random\b/.test(code) },
  {
    name: "has a variable that outlives a call",
    where: PRODUCT,
    // Formatted code has the top level, and nothing else, in the first column.
    isBroken: ({ code }) => /^(export\s+)?(let|var)\s/m.test(code),
  },
  { name: "is a barrel", where: PRODUCT, isBroken: ({ path }) => /(^|\/)index\.tsx?$/.test(path) },
  {
    name: "lies in a drawer for everything",
    where: PRODUCT,
    isBroken: ({ path }) => /(^|\/)(utils?|helpers?|common-utils|misc)\//.test(path),
  },
  {
    name: `is longer than ${LONG} lines and does not say why in its first comment`,
    where: PRODUCT,
    isBroken: ({ text }) => text.trimEnd().split("\n").length > LONG && !/^\s*(\/\/|\/\*)/.test(text),
  },
  {
    name: "makes a provider or backend",
    where: /^(main\.ts$|stacks\/|modules\/)/,
    except: /^stacks\/providers\.ts$/,
    isBroken: ({ code }) => /\bnew\s+\w*(Provider|Backend)\s*\(/.test(code),
  },
  {
    name: "takes the whole configuration",
    where: /^modules\//,
    isBroken: ({ code }) => /\breadonly\s+(config|site|context|env)\??\s*:/.test(code),
  },
  {
    name: "carries a description, which may be in Japanese, to a cloud whose fields are ASCII",
    where: /^(main\.ts$|stacks\/|modules\/)/,
    isBroken: ({ code }) => /\b(site|controller|network|connection|subnet)\??\s*\.\s*description\b/.test(code),
  },
];

/** The names of the rules that a file breaks. */
export function brokenSourceRules(path: string, text: string): string[] {
  const source = { path, text, code: withoutComments(text) };
  return RULES.filter(({ where, except, isBroken }) => where.test(path) && !except?.test(path) && isBroken(source)).map(
    ({ name }) => name,
  );
}

/** Comments may speak of what code may not do, and so may quoted text. Template literals stay: code may be in them. */
function withoutComments(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (match) =>
    match.startsWith("/") ? match.replace(/[^\n]/g, " ") : '""',
  );
}
