import { writeFileSync } from "node:fs";
import { ConfigError, ExternalError } from "../../config/problems";
import type { Site } from "../../config/site";
import { renderDot } from "../../diagram/render-dot";
import { renderMermaid } from "../../diagram/render-mermaid";
import { renderSvg } from "../../diagram/render-svg";
import type { Io } from "../io";
import { loadSiteFile, resolveIn } from "../site-file";

const FORMATS: Readonly<Record<string, (site: Site) => string | Promise<string>>> = {
  svg: renderSvg,
  dot: renderDot,
  mermaid: renderMermaid,
};

export async function diagram(
  io: Io,
  argument: string | undefined,
  options: { format: string; out?: string; json?: boolean },
): Promise<number> {
  const draw = Object.hasOwn(FORMATS, options.format) ? FORMATS[options.format] : undefined;
  if (!draw) {
    throw new ConfigError("diagram", [
      {
        path: ["--format"],
        rule: `must be one of ${Object.keys(FORMATS).join(", ")}`,
        got: options.format,
        fix: "use for example --format svg",
      },
    ]);
  }
  const text = await draw(loadSiteFile(io, argument));
  if (options.out === undefined) {
    io.out(options.json ? `${JSON.stringify({ ok: true, format: options.format, text }, null, 2)}\n` : text);
    return 0;
  }
  try {
    writeFileSync(resolveIn(io, options.out), text);
  } catch (error) {
    throw new ExternalError(`can't write ${JSON.stringify(options.out)}: ${(error as Error).message}`);
  }
  io.out(
    options.json
      ? `${JSON.stringify({ ok: true, format: options.format, written: options.out }, null, 2)}\n`
      : `Wrote ${options.out}\n`,
  );
  return 0;
}
