import { ConfigError } from "../../config/problems";
import { isKnownKeyword } from "./keyword-table";
import type { ConfDocument, ConfSection, Setting } from "./read-conf";

/** A conn with everything that `also=` and `conn %default` give it. */
export interface ResolvedConn {
  readonly name: string;
  readonly line: number;
  /** By keyword; the first of several wins, as in 5.2. */
  readonly settings: ReadonlyMap<string, Setting>;
}

export type ResolveNoteKind =
  | "duplicate-keyword"
  | "duplicate-conn"
  | "also-missing"
  | "also-loop"
  | "also-duplicate"
  | "template";

export interface ResolveNote {
  readonly kind: ResolveNoteKind;
  readonly line: number;
  readonly keyword: string;
}

export interface ResolvedConf {
  readonly conns: readonly ResolvedConn[];
  readonly notes: readonly ResolveNote[];
}

/** Far beyond any controller; a conn may take some 200 lines from `%default`, so that more would fill the memory. */
const MAX_CONNS = 5_000;
/** As deep as Libreswan follows `also=`, with room to spare. */
const MAX_DEPTH = 32;

/**
 * A conn without both ends is a template for others and is left out, with a note if none uses it.
 * @throws ConfigError for more than 5,000 conns.
 * @see https://libreswan.org/man/ipsec.conf.5.html (also=, %default)
 */
export function resolveConns({ sections }: ConfDocument, file: string): ResolvedConf {
  const conns = sections.filter(({ kind }) => kind === "conn");
  if (conns.length > MAX_CONNS) {
    throw new ConfigError(file, [
      { path: [], rule: `must hold at most ${MAX_CONNS} conns`, got: conns.length, fix: "split the file" },
    ]);
  }
  const resolver = new Resolver(conns);
  return { conns: resolver.resolve(), notes: resolver.notes };
}

class Resolver {
  readonly notes: ResolveNote[] = [];
  readonly #byName = new Map<string, ConfSection>();
  readonly #flat = new Map<ConfSection, ReadonlyMap<string, Setting>>();
  readonly #used = new Set<string>();
  readonly #defaults = new Map<string, Setting>();

  constructor(sections: readonly ConfSection[]) {
    for (const section of sections) {
      if (section.name === "%default") addMissing(this.#defaults, this.#own(section));
      else if (this.#byName.has(section.name)) this.#note("duplicate-conn", section.line, section.name);
      else this.#byName.set(section.name, section);
    }
  }

  resolve(): ResolvedConn[] {
    const conns = [...this.#byName.values()].map((section) => {
      const settings = new Map(this.#flatten(section, 0, new Set()));
      addMissing(settings, this.#defaults);
      return { name: section.name, line: section.line, settings };
    });
    const isWhole = ({ settings }: ResolvedConn) => settings.has("left") && settings.has("right");
    for (const conn of conns)
      if (!isWhole(conn) && !this.#used.has(conn.name)) this.#note("template", conn.line, conn.name);
    return conns.filter(isWhole);
  }

  #flatten(section: ConfSection, depth: number, path: Set<ConfSection>): ReadonlyMap<string, Setting> {
    const known = this.#flat.get(section);
    if (known) return known;
    const settings = this.#own(section);
    path.add(section);
    for (const also of section.settings.filter(({ keyword }) => keyword === "also")) {
      const target = this.#byName.get(also.value);
      this.#used.add(also.value);
      if (!target) this.#note("also-missing", also.line, "also");
      else if (path.has(target) || depth >= MAX_DEPTH) this.#note("also-loop", also.line, "also");
      else {
        const inherited = this.#flatten(target, depth + 1, path);
        const twice = [...inherited.keys()].find((keyword) => settings.has(keyword));
        if (twice) this.#note("also-duplicate", also.line, twice);
        addMissing(settings, inherited);
      }
    }
    path.delete(section);
    this.#flat.set(section, settings);
    return settings;
  }

  #own(section: ConfSection): Map<string, Setting> {
    const settings = new Map<string, Setting>();
    for (const setting of section.settings) {
      if (setting.keyword === "also" || !isKnownKeyword(setting.keyword)) continue;
      if (settings.has(setting.keyword)) this.#note("duplicate-keyword", setting.line, setting.keyword);
      else settings.set(setting.keyword, setting);
    }
    return settings;
  }

  #note(kind: ResolveNoteKind, line: number, keyword: string): void {
    this.notes.push({ kind, line, keyword });
  }
}

function addMissing(settings: Map<string, Setting>, more: ReadonlyMap<string, Setting>): void {
  for (const [keyword, setting] of more) if (!settings.has(keyword)) settings.set(keyword, setting);
}
