import type { Command } from "commander";
import { ConfigError } from "../../config/problems";
import type { Outcome } from "../../functions/s2s-notifier/outcome";
import type { Act } from "../act";
import type { Io } from "../io";
import { loadAwsCommands } from "../load-aws";
import { chooseNotifier } from "../notify/choose-notifier";
import { parseMoment } from "../notify/moment";
import { renderResults } from "../notify/render-results";
import { OUTCOMES, ResultCollector } from "../notify/result-query";
import { parseWhole } from "../notify/whole-number";
import { loadSiteFile, resolveIn, siteFile } from "../site-file";

interface Choice {
  readonly site?: string;
  readonly notifier?: string;
  readonly json?: boolean;
}

const MOST_PER_SECOND = 100_000;
const MOST_SHOWN = 100_000;

export function addNotifyCommands(program: Command, act: Act): void {
  const group = program.command("notify").description("send records to partners' servers, and see what became of them");
  const add = (words: string, description: string) =>
    group
      .command(words)
      .description(description)
      .option("--site <file>", "the site file")
      .option("--notifier <key>", "which of the site's notifiers; needed where there are several")
      .option("--json", "machine-readable output");
  add("send", "put records into the queue: one JSON object or one line with a URL each")
    .argument("<file>", "a file of records, or - for standard input")
    .option("--rate <number>", "records per second, at most")
    .option("--restart", "begin at the file's first line, whatever was sent before")
    .action(act(send));
  add("results", "read what became of records")
    .requiredOption("--since <time>", "30m, 2h, 7d, or a time in ISO 8601")
    .option("--until <time>", "the same; now unless given")
    .option("--id <id>", "of one record")
    .option("--host <host>", "of one host, with its port where the URL has one")
    .option("--outcome <outcome>", OUTCOMES.join(", "))
    .option("--limit <number>", "show the newest, so many", "50")
    .action(act(results));
  add("redrive", "put dead records back into the queue")
    .option("--rate <number>", "records per second, at most")
    .option("--dry-run", "only count them")
    .action(act(redrive));
}

function choose(io: Io, options: Choice) {
  const site = loadSiteFile(io, options.site);
  return { site: site.name, notifier: chooseNotifier(site, siteFile(io, options.site), options.notifier) };
}

async function send(io: Io, source: string, options: Choice & { rate?: string; restart?: boolean }): Promise<number> {
  const ratePerSecond = parseWhole("--rate", options.rate, 1, MOST_PER_SECOND);
  const chosen = choose(io, options);
  const sent = await (await loadAwsCommands()).notifySend(io, {
    ...chosen,
    source: source === "-" ? source : resolveIn(io, source),
    ratePerSecond,
    isRestart: options.restart === true,
  });
  const before = sent.before > 0 ? `; ${sent.before} lines were sent before` : "";
  answer(io, options, sent, `${sent.queue}: ${sent.sent} records put into the queue${before}\n`);
  return 0;
}

async function results(
  io: Io,
  options: Choice & { since: string; until?: string; id?: string; host?: string; outcome?: string; limit: string },
): Promise<number> {
  const nowMs = io.now().getTime();
  const query = {
    sinceMs: parseMoment("--since", options.since, nowMs),
    untilMs: options.until === undefined ? nowMs : parseMoment("--until", options.until, nowMs),
    ...(options.id !== undefined && { id: options.id }),
    ...(options.host !== undefined && { host: options.host }),
    ...(options.outcome !== undefined && { outcome: parseOutcome(options.outcome) }),
  };
  const collector = new ResultCollector(parseWhole("--limit", options.limit, 1, MOST_SHOWN) as number);
  const bucket = await (await loadAwsCommands()).notifyResults({ ...choose(io, options), query, collector });
  const newest = collector.newest();
  answer(io, options, { bucket, counts: collector.counts, results: newest }, renderResults(collector.counts, newest));
  return 0;
}

async function redrive(io: Io, options: Choice & { rate?: string; dryRun?: boolean }): Promise<number> {
  const ratePerSecond = parseWhole("--rate", options.rate, 1, MOST_PER_SECOND);
  const isDryRun = options.dryRun === true;
  const moved = await (await loadAwsCommands()).notifyRedrive(io, { ...choose(io, options), ratePerSecond, isDryRun });
  const text = isDryRun
    ? `about ${moved.found} records are dead`
    : `${moved.moved} dead records put back into the queue`;
  answer(io, options, moved, `${moved.queue}: ${text}\n`);
  return 0;
}

function answer(io: Io, { json }: Choice, value: object, text: string): void {
  io.out(json ? `${JSON.stringify({ ok: true, ...value }, null, 2)}\n` : text);
}

function parseOutcome(text: string): Outcome {
  const outcome = OUTCOMES.find((known) => known === text);
  if (outcome) return outcome;
  const rule = `must be one of ${OUTCOMES.join(", ")}`;
  throw new ConfigError("notify", [
    { path: ["--outcome"], rule, got: text, fix: "use for example --outcome rejected" },
  ]);
}
