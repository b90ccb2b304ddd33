import type { TreeFile } from "../config/tree-file";
import type { TunnelDevice } from "./controller-plan";
import { plain } from "./plain";

/**
 * `etc/sysctl.d/60-kakehashi.conf`.
 * @see https://docs.kernel.org/networking/ip-sysctl.html
 */
export function renderSysctl(devices: readonly TunnelDevice[]): TreeFile {
  return {
    path: "etc/sysctl.d/60-kakehashi.conf",
    content: [
      "# Written by Kakehashi: a change here is lost at the next render.",
      "net.ipv4.ip_forward = 1",
      "",
      "# A controller that forwards between two networks on one interface would tell hosts to go round it, past the tunnel.",
      "# An interface sends redirects if either its own or all's value says so.",
      "net.ipv4.conf.all.send_redirects = 0",
      "net.ipv4.conf.default.send_redirects = 0",
      "-net.ipv4.conf.*.send_redirects = 0",
      "net.ipv4.conf.all.accept_redirects = 0",
      "net.ipv4.conf.default.accept_redirects = 0",
      "",
      "# Answers may come by the other tunnel: loose on the tunnels. The larger of all's value and the interface's counts, so",
      "# that 2 holds whatever all's is, and every other interface keeps its own.",
      ...devices.flatMap(deviceLines),
      "",
    ].join("\n"),
    mode: 0o644,
  };
}

/** A VTI's packets were checked against the policy already, by its key. The minus: no error while the interface is not there. */
function deviceLines({ name }: TunnelDevice): string[] {
  const isVti = name.startsWith("vti");
  return [
    plain`-net.ipv4.conf.${name}.rp_filter = 2`,
    ...(isVti ? [plain`-net.ipv4.conf.${name}.disable_policy = 1`] : []),
  ];
}
