import type { Site } from "../config/site";
import type { TreeFile } from "../config/tree-file";
import type { NetworkFacts } from "../config/tunnel-facts";
import { needsCatalog, type PlannedProvider, planCatalog } from "./plan-catalog";
import { renderEnvironment } from "./render-environment";
import { renderSakuraConfig } from "./render-sakura-config";
import { renderVcpConfig } from "./render-vcp-config";
import { toYaml } from "./to-yaml";

/**
 * The files of NII's portable VC controller: the catalog once, under `catalog/`, and what differs from controller to
 * controller under `catalog/<controller>/`. Nothing for a site that needs no catalog.
 * @param networks by id, `aws/tokyo`; an existing network's ids stand in the site file already
 * @throws ConfigError if a network has no facts yet
 * @see https://github.com/nii-gakunin-cloud/ocs-vcp-portable
 */
export function renderCatalog(site: Site, networks: ReadonlyMap<string, NetworkFacts>): TreeFile[] {
  if (!needsCatalog(site)) return [];
  const providers = planCatalog(site, networks);
  return [
    { path: "catalog/vpn_catalog.yml", content: renderVpnCatalog(site, providers), mode: 0o644 },
    ...renderSakuraConfig(site),
    ...site.controllers.flatMap((controller) =>
      controller.vcController
        ? [
            ...renderEnvironment(site, controller, controller.vcController),
            ...renderVcpConfig(site, controller, providers),
          ]
        : [],
    ),
  ];
}

function renderVpnCatalog(site: Site, providers: readonly PlannedProvider[]): string {
  const value = {
    cci_version: "1.0",
    ...Object.fromEntries(
      providers.map(({ name, networks }) => [
        name,
        Object.fromEntries(networks.map((network) => [network.name, network.values])),
      ]),
    ),
  };
  const comments = new Map<string, string>(
    providers.flatMap(({ name, networks }) =>
      networks.map((network) => [`${name}/${network.name}`, network.comment] as const),
    ),
  );
  if (providers.some(({ name }) => name === "aws"))
    comments.set("aws", "for Spot instances, repeat this block under the name aws_spot, with the same content");
  const header = [
    `VPN catalog of site ${site.name}. Made by Kakehashi: change the site file, not this one.`,
    "Copy it to config/vpn_catalog.yml of the portable VC controller, and apply it there:",
    "  25.x:   docker-compose exec occtr ./init.sh",
    "  26.10:  docker compose exec occtr vcc vpncatalog set",
  ];
  return toYaml(value, header, comments);
}
