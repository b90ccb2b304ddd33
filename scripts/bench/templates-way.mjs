// The same app as the templates of CDK for Terraform run it: ts-node, which checks types as it goes, and imports from the
// providers' roots. Made in a folder of its own from this app's sources.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const SOURCES = ["main.ts", "config", "modules", "stacks"];
/** ts-node needs a TypeScript that is written in JavaScript. */
const PACKAGES = ["ts-node@10.9.2", "typescript@5.9.3"];

/** @returns the command, or undefined where the registry can't be reached */
export function prepareTemplatesWay(root, folder) {
  mkdirSync(folder, { recursive: true });
  for (const source of SOURCES) cpSync(join(root, source), join(folder, source), { recursive: true });
  for (const file of typescriptFiles(folder)) writeFileSync(file, importFromRoots(readFileSync(file, "utf8")));
  const compilerOptions = {
    target: "ES2022",
    module: "commonjs",
    moduleResolution: "node10",
    esModuleInterop: true,
    skipLibCheck: true,
    strict: true,
    resolveJsonModule: true,
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
  const tools = join(folder, "tools");
  mkdirSync(tools);
  writeFileSync(join(tools, "package.json"), "{}");
  const install = spawnSync("npm", ["install", "--no-audit", "--no-fund", ...PACKAGES], {
    cwd: tools,
    encoding: "utf8",
  });
  if (install.status !== 0) return undefined;
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  // The compiler's complaints about another version's types are none of the app's: types are checked, errors are let pass.
  return [
    process.execPath,
    "--max-old-space-size=4096",
    join(tools, "node_modules/ts-node/dist/bin.js"),
    "--log-error",
    "--compiler",
    join(tools, "node_modules/typescript"),
    "main.ts",
  ];
}

function typescriptFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** `import { Vpc } from "@cdktf/provider-aws/lib/vpc"` becomes `import { vpc } from "@cdktf/provider-aws"` and its parts. */
function importFromRoots(text) {
  return text.replace(
    /import (type )?\{([^}]*)\} from "@cdktf\/provider-(aws|azurerm|random)\/lib\/([\w-]+)";/g,
    (_, isType, names, provider, path) => {
      const space = path.replace(/-(\w)/g, (__, letter) => letter.toUpperCase());
      const alias = `${provider}_${space}`;
      const parts = names
        .split(",")
        .map((name) => name.trim())
        .filter(Boolean);
      return [
        `import { ${space} as ${alias} } from "@cdktf/provider-${provider}";`,
        ...parts.flatMap((part) => {
          const name = part.replace(/^type /, "");
          const asType = `type ${name} = ${alias}.${name};`;
          return isType || part.startsWith("type ") ? [asType] : [`const ${name} = ${alias}.${name};`, asType];
        }),
      ].join(" ");
    },
  );
}
