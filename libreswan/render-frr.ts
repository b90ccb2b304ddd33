import type { TreeFile } from "../config/tree-file";
import type { BgpNeighborPlan, BgpPlan } from "./controller-plan";
import { plain } from "./plain";

interface FrrInput {
  readonly site: string;
  readonly controller: string;
  readonly bgp: BgpPlan;
}

/** More than any network's own prefix is split into; what is received is filtered anyway, so that it only warns. */
const MAXIMUM_PREFIXES = 1_000;

/** FRR reads its files as the user frr, who owns them; install.sh sees to that. */
const FRR_FILE_MODE = 0o640;

/**
 * `etc/frr/frr.conf`, whole: FRR has one file, which can't be shared. Each tunnel has three route-maps, all of which pass
 * nothing but listed prefixes, as `bgp ebgp-requires-policy` wants.
 * @see https://docs.frrouting.org/en/latest/bgp.html
 */
export function renderFrrConf({ site, controller, bgp }: FrrInput): TreeFile {
  const { neighbors } = bgp;
  const content = [
    plain`! Written by Kakehashi (site ${site}, controller ${controller}).`,
    "! FRR has one configuration file, and this is all of it: a change here is lost at the next render.",
    "!",
    ...TAKEOVER_COMMENT,
    "!",
    "frr defaults traditional",
    "log syslog informational",
    "service integrated-vtysh-config",
    "!",
    ...prefixList("kk-local", bgp.localPrefixes),
    ...prefixList("kk-halves", bgp.halves),
    ...acceptedPrefixLists(neighbors),
    "!",
    ...neighbors.flatMap((neighbor) => routeMaps(bgp, neighbor)),
    ...sourceLines(bgp),
    ...bgpLines(bgp),
    "",
  ].join("\n");
  return { path: "etc/frr/frr.conf", content, mode: FRR_FILE_MODE };
}

const TAKEOVER_COMMENT = [
  "! kk-TUNNEL-out is in force while all is well. When a tunnel is dead, kakehashi-routes shuts its session and announces the",
  "! halves of each prefix over the other tunnel: being more specific they win in the cloud at once, long before its hold time.",
  "!   configure terminal",
  "!   router bgp ASN",
  "!    neighbor DEAD shutdown                                  (back: no neighbor DEAD shutdown)",
  "!    address-family ipv4 unicast",
  "!     neighbor OTHER route-map kk-OTHER-TUNNEL-takeover out  (back: ... kk-OTHER-TUNNEL-out out)",
];

function prefixList(name: string, prefixes: readonly string[]): string[] {
  return prefixes.map((prefix, at) => plain`ip prefix-list ${name} seq ${5 * (at + 1)} permit ${prefix}`);
}

/** One a connection: the network's prefix and parts of it. */
function acceptedPrefixLists(neighbors: readonly BgpNeighborPlan[]): string[] {
  const accepted = new Map(neighbors.map(({ connection, acceptedPrefix }) => [connection, acceptedPrefix]));
  return [...accepted].map(
    ([connection, prefix]) => plain`ip prefix-list kk-${connection}-in seq 5 permit ${prefix} le 32`,
  );
}

function routeMaps(bgp: BgpPlan, { tunnel, connection, preference, hasTakeoverHalves }: BgpNeighborPlan): string[] {
  const { localPreference, metricOffset, prependCount } = preference;
  const prepended = Array<number>(prependCount).fill(bgp.asn).join(" ");
  return [
    plain`route-map kk-${tunnel}-in permit 10`,
    plain` match ip address prefix-list kk-${connection}-in`,
    ...(localPreference === undefined ? [] : [plain` set local-preference ${localPreference}`]),
    ...(metricOffset === undefined ? [] : [plain` set metric +${metricOffset}`]),
    "exit",
    plain`route-map kk-${tunnel}-out permit 10`,
    " match ip address prefix-list kk-local",
    ...(prependCount === 0 ? [] : [plain` set as-path prepend ${prepended}`]),
    "exit",
    plain`route-map kk-${tunnel}-takeover permit 10`,
    " match ip address prefix-list kk-local",
    "exit",
    ...(hasTakeoverHalves && bgp.halves.length > 0
      ? [plain`route-map kk-${tunnel}-takeover permit 20`, " match ip address prefix-list kk-halves", "exit"]
      : []),
    "!",
  ];
}

/** The source of the controller's own packets: without it they would carry an address from inside the tunnel. */
function sourceLines({ sourceIp }: BgpPlan): string[] {
  if (sourceIp === undefined) return [];
  return [
    "route-map kk-source permit 10",
    plain` set src ${sourceIp}`,
    "exit",
    "!",
    "ip protocol bgp route-map kk-source",
    "!",
  ];
}

function bgpLines({ asn, routerId, localPrefixes, halves, maximumPaths, neighbors }: BgpPlan): string[] {
  return [
    plain`router bgp ${asn}`,
    plain` bgp router-id ${routerId}`,
    " bgp log-neighbor-changes",
    // With it a dead tunnel's routes would stay in use for as long as the peer was given to restart.
    " bgp graceful-restart-disable",
    " no bgp default ipv4-unicast",
    // The prefixes are announced whether or not a route to them stands in the machine's table; the halves never do.
    " no bgp network import-check",
    ...neighbors.flatMap(neighborLines),
    " !",
    " address-family ipv4 unicast",
    ...[...localPrefixes, ...halves].map((prefix) => plain`  network ${prefix}`),
    ...neighbors.flatMap(familyLines),
    plain`  maximum-paths ${maximumPaths}`,
    " exit-address-family",
    "exit",
    "!",
  ];
}

function neighborLines(neighbor: BgpNeighborPlan): string[] {
  const { address, asn, tunnel, updateSource, keepaliveSeconds, holdSeconds, connectRetrySeconds } = neighbor;
  return [
    plain` neighbor ${address} remote-as ${asn}`,
    plain` neighbor ${address} description ${tunnel}`,
    plain` neighbor ${address} update-source ${updateSource}`,
    plain` neighbor ${address} timers ${keepaliveSeconds} ${holdSeconds}`,
    plain` neighbor ${address} timers connect ${connectRetrySeconds}`,
  ];
}

function familyLines({ address, tunnel }: BgpNeighborPlan): string[] {
  return [
    plain`  neighbor ${address} activate`,
    plain`  neighbor ${address} route-map kk-${tunnel}-in in`,
    plain`  neighbor ${address} route-map kk-${tunnel}-out out`,
    plain`  neighbor ${address} maximum-prefix ${MAXIMUM_PREFIXES} warning-only`,
  ];
}

/** `etc/frr/daemons`: zebra and staticd always run, bgpd is all that is added. */
export function renderFrrDaemons(): TreeFile {
  return {
    path: "etc/frr/daemons",
    content: `# Written by Kakehashi: a change here is lost at the next render.
bgpd=yes
vtysh_enable=yes
zebra_options="  -A 127.0.0.1 -s 90000000"
bgpd_options="   -A 127.0.0.1"
staticd_options="-A 127.0.0.1"
`,
    mode: FRR_FILE_MODE,
  };
}
