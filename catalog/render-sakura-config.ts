import type { Site } from "../config/site";
import type { TreeFile } from "../config/tree-file";
import { prefixLength } from "../config/values/cidr";
import { toYaml } from "./to-yaml";

/** sakura_config.yml: which addresses of each switch the VC controller may give to nodes. Keys are the catalog's network names. */
export function renderSakuraConfig(site: Site): TreeFile[] {
  const subnets = site.networks.flatMap((network) => (network.provider === "sakura" ? network.subnets : []));
  if (subnets.length === 0) return [];
  const value = Object.fromEntries(
    subnets.map(({ key, cidr, addresses }) => [key, { prefix_len: prefixLength(cidr), ip_addresses: addresses }]),
  );
  const header = [
    `Addresses for VC nodes on Sakura Cloud, site ${site.name}. Made by Kakehashi: change addressPool in the site file.`,
    "Copy it to config/sakura_config.yml, beside vpn_catalog.yml, before ./init.sh (25.x).",
    "The documents of 26.10 do not mention this file; there, ask NII how addresses are given out.",
  ];
  return [{ path: "catalog/sakura_config.yml", content: toYaml(value, header), mode: 0o644 }];
}
