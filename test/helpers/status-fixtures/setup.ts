import { type Controller, type Recording, type Run, type RunResult, readRecording, runStatus } from "./replay";

/** The recorded controller, its files, and short ways to ask kakehashi-status about it. */

export const CONTROLLER = [
  "site demo",
  "controller tokyo",
  "libreswan 4.10",
  "language en",
  "asn 65010",
  "public_ip 198.51.100.10",
  "private_ip 10.0.2.15",
  "source_ip 10.0.2.15",
  "behind_nat yes",
  "local_prefixes 10.0.2.0/24",
  "facts_version 1",
  "",
].join("\n");
export const COLUMNS =
  "# name connection number cloud mode routing balance interface if_number cloud_address controller_inside cloud_inside probe mtu mss local_prefixes remote_prefixes cloud_asn";
export const TUNNEL_1 =
  "tokyo-aws-1 tokyo-aws 1 aws route-based bgp active-active ipsec4107 4107 203.0.113.1 169.254.21.2 169.254.21.1 - 1400 1360 10.0.2.0/24 172.30.0.0/16 64512";
export const TUNNEL_2 =
  "tokyo-aws-2 tokyo-aws 2 aws route-based bgp active-active ipsec4108 4108 203.0.113.5 169.254.21.6 169.254.21.5 - 1400 1360 10.0.2.0/24 172.30.0.0/16 64512";
export const CONF = "conn tokyo-aws-1\n    authby=secret\n\nconn tokyo-aws-2\n    authby=secret\n";
export const WATCHER =
  "# tunnel state since_epoch answered reason\ntokyo-aws-1 up 1795253000 yes answers\ntokyo-aws-2 up 1795253000 yes answers\n";
export const KAKEHASHI: Controller = {
  controller: CONTROLLER,
  tunnels: `${COLUMNS}\n${TUNNEL_1}\n${TUNNEL_2}\n`,
  watcher: WATCHER,
  conf: CONF,
};
export const UP = readRecording("libreswan-4.10", "up");

export interface Layers {
  readonly [layer: string]: "ok" | "fail" | "none";
}
export interface TunnelReport {
  readonly name: string;
  readonly state: string;
  readonly layers: Layers;
  readonly cloud_should_show: string;
  readonly bytes_in: number | null;
  readonly failure: {
    readonly layer: string;
    readonly code: string;
    readonly text: string;
    readonly advice: string;
    readonly evidence: string | null;
  } | null;
}
export interface Report {
  readonly version: number;
  readonly libreswan: string;
  readonly state: string;
  readonly exit_code: number;
  readonly summary: string;
  readonly error: { readonly code: string; readonly text: string } | null;
  readonly connections: readonly {
    readonly name: string;
    readonly state: string;
    readonly routes: readonly { prefix: string; tunnels: string[] }[];
  }[];
  readonly tunnels: readonly TunnelReport[];
}

export function status(changes: Partial<Run> = {}): RunResult {
  return runStatus({ recording: UP, controller: KAKEHASHI, ...changes });
}

export function report(changes: Partial<Run> = {}): Report {
  const result = status({ ...changes, arguments: [...(changes.arguments ?? []), "--json"] });
  const parsed: Report = JSON.parse(result.stdout);
  expect(parsed.exit_code).toBe(result.exitCode);
  return parsed;
}

/** `layer code` of the first failure of each tunnel. */
export function failures({ tunnels }: Report): (string | undefined)[] {
  return tunnels.map(({ failure }) => (failure ? `${failure.layer} ${failure.code}` : undefined));
}

/** The recording with one file changed. */
export function edited(recording: Recording, file: string, edit: (text: string) => string): Recording {
  return { ...recording, [file]: edit(recording[file] ?? "") };
}

/** The controller with each line of its tunnels changed. */
export function tunnels(edit: (line: string) => string): Controller {
  return { ...KAKEHASHI, tunnels: `${COLUMNS}\n${[TUNNEL_1, TUNNEL_2].map(edit).join("\n")}\n` };
}
