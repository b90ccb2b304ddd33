import { readFileSync } from "node:fs";
import { join } from "node:path";
import { networksWithoutFacts } from "../catalog/plan-catalog";
import { renderCatalog } from "../catalog/render-catalog";
import { renderCertificates } from "../catalog/render-certificates";
import type { Facts } from "../config/read-facts";
import type { Site } from "../config/site";
import type { TreeFile } from "../config/tree-file";
import { renderSvg } from "../diagram/render-svg";
import { planController } from "../libreswan/plan-controller";
import { renderController } from "../libreswan/render-controller";
import { indexSite } from "../libreswan/site-index";

/** Beyond this many connections Graphviz takes minutes, and nobody reads the picture. */
const MOST_DRAWN_CONNECTIONS = 60;

export interface BuiltTree {
  /** Paths are relative to the site's own folder below the output folder. */
  readonly files: readonly TreeFile[];
  /** What was left out, and why. */
  readonly notices: readonly string[];
}

/**
 * Everything that `render` writes, before anything is written.
 * @param folder where it will lie: certificates that are there and still good are kept
 */
export async function buildTree(site: Site, facts: Facts, folder: string, now: Date): Promise<BuiltTree> {
  const index = indexSite(site);
  const controllers = site.controllers.flatMap((controller) =>
    renderController(planController(site, controller, facts.connections, index)).map((file) => ({
      ...file,
      path: `${controller.key}/${file.path}`,
    })),
  );
  const catalog = buildCatalog(site, facts);
  const picture = await drawPicture(site);
  const certificates = await renderCertificates(site, (path) => readIfThere(join(folder, path)), now);
  return {
    files: [...controllers, ...catalog.files, ...certificates, ...picture.files],
    notices: [...catalog.notices, ...picture.notices],
  };
}

/** AWS's XML tells of tunnels only: without the ids of subnets there is no catalog. */
function buildCatalog(site: Site, facts: Facts): BuiltTree {
  const unknown = networksWithoutFacts(site, facts.networks).map(({ id }) => id);
  if (facts.networks.size === 0 && unknown.length > 0) {
    return {
      files: [],
      notices: [
        `no VPN catalog: the facts hold no network_facts of ${unknown.join(", ")}; give the stacks' outputs too`,
      ],
    };
  }
  return { files: renderCatalog(site, facts.networks), notices: [] };
}

async function drawPicture(site: Site): Promise<BuiltTree> {
  if (site.connections.length > MOST_DRAWN_CONNECTIONS) {
    return {
      files: [],
      notices: [
        `no picture: ${site.connections.length} connections are more than ${MOST_DRAWN_CONNECTIONS}; \`kakehashi diagram --format dot\` gives the source`,
      ],
    };
  }
  return { files: [{ path: "topology.svg", content: await renderSvg(site), mode: 0o644 }], notices: [] };
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
