import type { z } from "zod";
import type { Problem } from "../problems";
import { toProblems } from "../schema/to-problems";
import { KEY_PATTERN } from "../values/key";

/** A place in a facts file. */
export interface Place {
  readonly file: string;
  readonly path: Path;
}

type Path = readonly (string | number)[];

const DEPLOY_AGAIN = "deploy the stack again and write its outputs again";
const MAX_SHOWN_LENGTH = 40;

/** Words that facts files are made of; any other text of theirs may be a key that stands in the wrong place. */
const KNOWN_WORDS =
  /^(tunnel_facts|network_facts|value|outputs|version|stack|connections|controller|network|tunnels|cloudAddress|cloudInsideAddress|controllerInsideAddress|presharedKey|pskEpoch|securityGroup|resourceGroup|virtualNetwork|subnets|VpnConnections|CustomerGatewayConfiguration|vpn_connection|vpn_connection_type|ipsec_tunnel|customer_gateway|vpn_gateway|tunnel_(in|out)side_address|ip_address|network_cidr|ike|pre_shared_key|bgp|asn)$/;

/** `got` only if it can't be a pre-shared key: a number, an address, or a name such as a site file has. */
export function factProblem(place: Place, rule: string, fix: string, got?: unknown): Problem {
  const shown = isShowable(got) ? { got } : {};
  return { file: place.file, path: place.path.map(toShowableSegment), rule, ...shown, fix };
}

/** What zod found in facts. Nobody mends those by hand, so the advice is where to get better ones. */
export function toFactProblems(
  place: Place,
  schema: z.ZodType,
  issues: readonly z.core.$ZodIssue[],
  value: unknown,
  fix = DEPLOY_AGAIN,
): Problem[] {
  return toProblems(schema, issues, value).map(({ path, rule, got, fix: own }) => {
    return factProblem(at(place, ...path), rule, own.includes("pskEpoch") ? own : fix, got);
  });
}

export function at(place: Place, ...path: Path): Place {
  return { file: place.file, path: [...place.path, ...path] };
}

function isShowable(value: unknown): boolean {
  if (typeof value !== "string") return typeof value === "number" || typeof value === "boolean";
  return isName(value) || /^\d{1,3}(\.\d{1,3}){3}(\/\d{1,2})?$/.test(value);
}

function isName(text: string): boolean {
  return text.length <= MAX_SHOWN_LENGTH && text.split("/").every((part) => KEY_PATTERN.test(part));
}

function toShowableSegment(segment: string | number): string | number {
  return typeof segment === "number" || /^\d{1,6}$/.test(segment) || KNOWN_WORDS.test(segment) || isName(segment)
    ? segment
    : "…";
}
