import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import SCRIPT from "./frr-lab.sh";

export interface FrrLabTunnel {
  readonly tunnel: string;
  readonly interface: string;
  readonly controllerInside: string;
  readonly cloudInside: string;
}

export interface FrrLab {
  readonly frrConf: string;
  readonly asn: number;
  readonly cloudAsn: number;
  readonly networkCidr: string;
  /** An address in networkCidr. */
  readonly destination: string;
  readonly tunnels: readonly [FrrLabTunnel, FrrLabTunnel];
}

const NAMESPACES = ["-n", "-m", "-p", "-f", "--kill-child", "--mount-proc"];

/**
 * Runs the controller's real frr.conf in a namespace of its own against two clouds that speak BGP, each at the end of a pair of
 * virtual wires with the tunnel's name and addresses. Kills tunnel 1 with the commands that frr.conf documents, heals it, and
 * shuts both. Answers what was to be seen after each step, by label.
 */
export async function runFrrLab(lab: FrrLab): Promise<Readonly<Record<string, string>>> {
  const folder = mkdtempSync(join(tmpdir(), "kakehashi-frr-"));
  try {
    writeFileSync(join(folder, "frr.conf"), lab.frrConf);
    const [one, two] = lab.tunnels;
    const environment = {
      FOLDER: folder,
      ASN: String(lab.asn),
      CLOUD_ASN: String(lab.cloudAsn),
      NETWORK: lab.networkCidr,
      DESTINATION: lab.destination,
      TUNNEL_1: `${one.interface} ${one.controllerInside} ${one.cloudInside} ${one.tunnel}`,
      TUNNEL_2: `${two.interface} ${two.controllerInside} ${two.cloudInside} ${two.tunnel}`,
    };
    const { stdout, stderr } = await promisify(execFile)("unshare", [...NAMESPACES, "bash", "-c", SCRIPT], {
      timeout: 90_000,
      env: { ...process.env, ...environment },
    });
    const sections = stdout.split(/^== /m).slice(1);
    return {
      ...Object.fromEntries(
        sections.map((section) => [section.split("\n")[0], section.split("\n").slice(1).join("\n").trim()]),
      ),
      stderr,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
