import type { Problem } from "../problems";
import { NETWORK_FACTS_OUTPUT, TUNNEL_FACTS_OUTPUT } from "../tunnel-facts";
import type { FactFile } from "./fact-file";
import { factProblem, type Place } from "./fact-problem";

/** Something that was found in a file, not yet looked at. */
export interface Found<T> {
  readonly place: Place;
  readonly value: T;
}

/** What a file holds, told by its content: its name says nothing. */
export interface FileContent {
  readonly tunnelFacts: readonly Found<unknown>[];
  readonly networkFacts: readonly Found<unknown>[];
  /** AWS's customer_gateway_configuration, as XML text. */
  readonly awsConfigurations: readonly Found<string>[];
  readonly problems: readonly Problem[];
}

/** Twice what 10,000 connections need. */
const MAX_FILE_LENGTH = 32 * 1024 * 1024;
/** cdktf nests an output as deep as its construct lies in the app. */
const MAX_DEPTH = 8;

export const WRITE_OUTPUTS =
  "write it with `cdktf output '*' --outputs-file outputs.json --outputs-file-include-sensitive-outputs`";
const DOWNLOAD_XML =
  "`aws ec2 describe-vpn-connections --vpn-connection-ids ID --query 'VpnConnections[0].CustomerGatewayConfiguration' --output text` writes it";

/** Never throws: what is wrong with the file is in `problems`. */
export function recogniseFile({ name, text }: FactFile): FileContent {
  const place: Place = { file: name, path: [] };
  const refuse = (rule: string, fix: string) => ({ ...NOTHING, problems: [factProblem(place, rule, fix)] });
  if (text.length > MAX_FILE_LENGTH)
    return refuse(`must be at most ${MAX_FILE_LENGTH / 1024 / 1024} MiB`, "is this the right file?");
  const content = text.replace(/^\uFEFF/, "").trim();
  if (content === "") return refuse("must not be empty", WRITE_OUTPUTS);
  if (content.includes("\0") || content.includes("\uFFFD"))
    return refuse("must be text in UTF-8", "save it as UTF-8; Windows PowerShell's > writes UTF-16");
  if (content.startsWith("<")) return { ...NOTHING, awsConfigurations: [{ place, value: content }] };
  if (/^\s*conn Tunnel\d/m.test(content)) return refuse("must be AWS's XML, not its Openswan text", DOWNLOAD_XML);
  try {
    return recogniseJson(place, JSON.parse(content));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return refuse(`must be JSON or XML${lineOf(error, content)}`, WRITE_OUTPUTS);
  }
}

const NOTHING: FileContent = { tunnelFacts: [], networkFacts: [], awsConfigurations: [], problems: [] };

/** V8's message quotes the text around the fault, which may be a key: only the position is taken. */
function lineOf(error: SyntaxError, content: string): string {
  const position = /at position (\d+)/.exec(error.message)?.[1];
  return position === undefined ? "" : ` (line ${content.slice(0, Number(position)).split("\n").length})`;
}

function recogniseJson(place: Place, value: unknown): FileContent {
  const xml = findConfigurations(place, value);
  if (xml.length > 0) return { ...NOTHING, awsConfigurations: xml };
  const tunnelFacts = isTunnelFacts(value) ? [{ place, value }] : findOutputs(place, value, TUNNEL_FACTS_OUTPUT);
  const networkFacts = findOutputs(place, value, NETWORK_FACTS_OUTPUT);
  if (tunnelFacts.length + networkFacts.length > 0) return { ...NOTHING, tunnelFacts, networkFacts };
  return {
    ...NOTHING,
    problems: [
      factProblem(place, `must hold an output ${TUNNEL_FACTS_OUTPUT} or ${NETWORK_FACTS_OUTPUT}`, WRITE_OUTPUTS),
    ],
  };
}

/** `terraform output -json tunnel_facts` prints the value alone. */
function isTunnelFacts(value: unknown): boolean {
  return isRecord(value) && "version" in value && "connections" in value;
}

/** Outputs by their name, at any depth, bare as cdktf writes them or as Terraform does: `{ sensitive, type, value }`. */
function findOutputs(place: Place, value: unknown, name: string, depth = 0): Found<unknown>[] {
  if (!isRecord(value) || depth > MAX_DEPTH) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here: Place = { file: place.file, path: [...place.path, key] };
    if (key !== name) return findOutputs(here, inner, name, depth + 1);
    const isWrapped = isRecord(inner) && "value" in inner && !("version" in inner);
    return [
      isWrapped
        ? { place: { ...here, path: [...here.path, "value"] }, value: inner.value }
        : { place: here, value: inner },
    ];
  });
}

/** XML inside JSON: `--output json` of one connection, or the whole answer of describe-vpn-connections. */
function findConfigurations(place: Place, value: unknown): Found<string>[] {
  if (typeof value === "string") return value.trimStart().startsWith("<") ? [{ place, value }] : [];
  if (!isRecord(value) || !Array.isArray(value.VpnConnections)) return [];
  return value.VpnConnections.flatMap((connection: unknown, index: number) => {
    const xml = isRecord(connection) ? connection.CustomerGatewayConfiguration : undefined;
    return typeof xml === "string" && xml !== ""
      ? [{ place: { ...place, path: ["VpnConnections", index, "CustomerGatewayConfiguration"] }, value: xml }]
      : [];
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
