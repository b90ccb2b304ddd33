import type { TreeFile } from "../config/tree-file";
import type { ConnectionPlan, TunnelPlan } from "./controller-plan";
import { plain } from "./plain";

/** `etc/ipsec.d/<connection>.conf`: both tunnels of a connection. Four spaces, never tabs, LF: what every version reads. */
export function renderConn({ key, description, network, tunnels }: ConnectionPlan): TreeFile {
  return {
    path: plain`etc/ipsec.d/${key}.conf`,
    content: [
      plain`# ${key}: ${network}, both tunnels. Written by Kakehashi: a change here is lost at the next render.`,
      ...(description === undefined ? [] : [plain`# ${description}`]),
      ...tunnels.flatMap((tunnel) => ["", ...connLines(tunnel)]),
      "",
    ].join("\n"),
    mode: 0o644,
  };
}

function connLines({ name, settings }: TunnelPlan): string[] {
  return [plain`conn ${name}`, ...settings.map(([key, value]) => plain`    ${key}=${value}`)];
}

/** `etc/ipsec.d/<connection>.secrets`, for root alone. Keys are quoted: an unquoted one may end at a `#`. */
export function renderSecrets({ key, tunnels }: ConnectionPlan): TreeFile {
  return {
    path: plain`etc/ipsec.d/${key}.secrets`,
    content: [
      plain`# ${key}: pre-shared keys. Written by Kakehashi: a change here is lost at the next render.`,
      ...tunnels.map(({ secret }) => plain`${secret.localId} ${secret.remoteId} : PSK "${secret.presharedKey}"`),
      "",
    ].join("\n"),
    mode: 0o600,
  };
}

/**
 * `etc/ipsec.conf` says what the distribution's own does: nothing but the folder. install.sh leaves a machine's own file alone
 * where it includes the folder already.
 */
export function renderIpsecConf(): TreeFile {
  return {
    path: "etc/ipsec.conf",
    content: `# Written by Kakehashi, only where the machine's own file did not include /etc/ipsec.d.
# Connections belong into files of their own in /etc/ipsec.d.
config setup

include /etc/ipsec.d/*.conf
`,
    mode: 0o644,
  };
}
