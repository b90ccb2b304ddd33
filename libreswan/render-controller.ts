import type { TreeFile } from "../config/tree-file";
import type { ControllerPlan } from "./controller-plan";
import { renderConn, renderIpsecConf, renderSecrets } from "./render-conn";
import { renderFrrConf, renderFrrDaemons } from "./render-frr";
import { renderControllerFile, renderTunnelsFile } from "./render-kakehashi-files";
import { renderNftables } from "./render-nftables";
import { renderSysctl } from "./render-sysctl";
import { SCRIPT_FILES } from "./script-files";

/** Every file of one controller, as a tree that mirrors the machine's root, and `install.sh` beside it. */
export function renderController(plan: ControllerPlan): TreeFile[] {
  const tunnels = plan.connections.flatMap((connection) => connection.tunnels);
  return [
    ...SCRIPT_FILES,
    renderIpsecConf(),
    ...plan.connections.flatMap((connection) => [renderConn(connection), renderSecrets(connection)]),
    ...(plan.bgp
      ? [renderFrrConf({ site: plan.site, controller: plan.controller, bgp: plan.bgp }), renderFrrDaemons()]
      : []),
    renderSysctl(tunnels.flatMap(({ device }) => device ?? [])),
    renderNftables(tunnels),
    renderControllerFile(plan),
    renderTunnelsFile(tunnels),
  ];
}
