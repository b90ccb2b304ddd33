import type { TreeFile } from "../config/tree-file";
import { FACTS_VERSION } from "../config/tunnel-facts";
import type { ControllerPlan, TunnelPlan } from "./controller-plan";
import { plain } from "./plain";

const NONE = "-";

/** `etc/kakehashi/controller`, lines of `key value`: what the scripts on the machine have to know, read and never sourced. */
export function renderControllerFile(plan: ControllerPlan): TreeFile {
  const values: readonly (readonly [string, string | number])[] = [
    ["site", plan.site],
    ["controller", plan.controller],
    ["libreswan", plan.libreswan],
    ["language", plan.language],
    ["asn", plan.asn],
    ["public_ip", plan.publicIp],
    ["private_ip", plan.privateIp],
    ["source_ip", plan.sourceIp ?? NONE],
    ["behind_nat", plan.isBehindNat ? "yes" : "no"],
    ["local_prefixes", plan.localPrefixes.join(",")],
    ["facts_version", FACTS_VERSION],
  ];
  return {
    path: "etc/kakehashi/controller",
    content: lines(values.map(([key, value]) => plain`${key} ${value}`)),
    mode: 0o644,
  };
}

/** The columns of `etc/kakehashi/tunnels`, in order. */
const COLUMNS: readonly (readonly [name: string, of: (tunnel: TunnelPlan) => string | number])[] = [
  ["name", ({ name }) => name],
  ["connection", ({ connection }) => connection],
  ["number", ({ number }) => number],
  ["cloud", ({ cloud }) => cloud],
  ["mode", ({ mode }) => mode],
  ["routing", ({ routing }) => routing],
  ["balance", ({ balance }) => balance],
  ["interface", ({ device }) => device?.name ?? NONE],
  ["if_number", ({ device }) => device?.number ?? NONE],
  ["cloud_address", ({ cloudAddress }) => cloudAddress],
  ["controller_inside", ({ device }) => device?.controllerInsideAddress ?? NONE],
  ["cloud_inside", ({ device }) => device?.cloudInsideAddress ?? NONE],
  ["probe", ({ probe }) => probe ?? NONE],
  ["mtu", ({ mtuBytes }) => mtuBytes],
  ["mss", ({ mssBytes }) => mssBytes],
  ["local_prefixes", ({ localPrefixes }) => localPrefixes.join(",")],
  ["remote_prefixes", ({ remotePrefixes }) => remotePrefixes.join(",")],
  ["cloud_asn", ({ cloudAsn }) => cloudAsn ?? NONE],
];

/** `etc/kakehashi/tunnels`: a comment with the columns' names, then one line a tunnel, single spaces between, `-` for none. */
export function renderTunnelsFile(tunnels: readonly TunnelPlan[]): TreeFile {
  return {
    path: "etc/kakehashi/tunnels",
    content: lines([
      `# ${COLUMNS.map(([name]) => name).join(" ")}`,
      ...tunnels.map((tunnel) => COLUMNS.map(([, of]) => plain`${of(tunnel)}`).join(" ")),
    ]),
    mode: 0o644,
  };
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join("");
}
