import type { TreeFile } from "../../config/tree-file";
import installCheck from "./install/check.sh";
import installReload from "./install/reload.sh";
import installSwap from "./install/swap.sh";
import installTree from "./install/tree.sh";
import install from "./install.sh";
import interfacesUnit from "./kakehashi-interfaces.service.tmpl";
import interfaces from "./kakehashi-interfaces.sh";
import nftablesUnit from "./kakehashi-nftables.service.tmpl";
import routesUnit from "./kakehashi-routes.service.tmpl";
import routes from "./kakehashi-routes.sh";
import ownAddress from "./own-address.sh";
import watcherAct from "./watcher/act.sh";
import watcherDecide from "./watcher/decide.sh";
import watcherFiles from "./watcher/files.sh";
import watcherProbes from "./watcher/probes.sh";

/** install.sh, the tunnels' interfaces, the watcher, and what systemd starts: the same on every controller. */
export const CONTROLLER_SCRIPTS: readonly TreeFile[] = [
  { path: "install.sh", content: install, mode: 0o755 },
  { path: "usr/local/sbin/kakehashi-interfaces", content: interfaces, mode: 0o755 },
  { path: "usr/local/sbin/kakehashi-routes", content: routes, mode: 0o755 },
  part("install/check.sh", installCheck),
  part("install/reload.sh", installReload),
  part("install/swap.sh", installSwap),
  part("install/tree.sh", installTree),
  part("usr/local/lib/kakehashi/own-address.sh", ownAddress),
  part("usr/local/lib/kakehashi/watcher/act.sh", watcherAct),
  part("usr/local/lib/kakehashi/watcher/decide.sh", watcherDecide),
  part("usr/local/lib/kakehashi/watcher/files.sh", watcherFiles),
  part("usr/local/lib/kakehashi/watcher/probes.sh", watcherProbes),
  unit("kakehashi-interfaces.service", interfacesUnit),
  unit("kakehashi-nftables.service", nftablesUnit),
  unit("kakehashi-routes.service", routesUnit),
];

/** What a script reads in; not to be run by itself. */
function part(path: string, content: string): TreeFile {
  return { path, content, mode: 0o644 };
}

function unit(name: string, content: string): TreeFile {
  return { path: `etc/systemd/system/${name}`, content, mode: 0o644 };
}
