import type { Site } from "../config/site";
import { type Box, planPicture } from "./picture";
import type { ChatBox, RoadBox } from "./road-boxes";

/** The same picture for Markdown: GitHub, GitLab and many wikis draw Mermaid. */
export function renderMermaid(site: Site): string {
  const { controllers, connections, networks, elsewhere, roads, chats } = planPicture(site);
  const boxes = [...controllers, ...connections, ...networks, ...elsewhere, ...roads, ...chats];
  const ids = new Map(boxes.map(({ id }, at) => [id, `n${at}`]));
  const node = ({ id, title, subtitle, rows }: Box | RoadBox | ChatBox) =>
    `  ${ids.get(id)}["${[`<b>${title}</b>`, subtitle, ...rows.map(([label, value]) => `${label} ${value}`)].map(escapeLabel).join("<br>")}"]`;
  return [
    "flowchart LR",
    ...[...controllers, ...networks, ...roads, ...chats].map(node),
    ...connections.flatMap(({ controllerId, networkId, tunnels, subtitle }) =>
      tunnels.map(
        ({ title, stands }) =>
          `  ${ids.get(controllerId)} ${stands === "carries" ? "==" : "-."} "${escapeLabel(`${title}: ${subtitle}, ${stands}`)}" ${stands === "carries" ? "==" : ".-"}> ${ids.get(networkId)}`,
      ),
    ),
    ...roads.flatMap(({ id, fromIds, relayNetworkId }) => [
      ...fromIds.map((from) => `  ${ids.get(from)} -.-> ${ids.get(id)}`),
      ...(relayNetworkId ? [`  ${ids.get(id)} -. "home by" .-> ${ids.get(relayNetworkId)}`] : []),
    ]),
    ...chats.flatMap(({ id, controllerIds }) => controllerIds.map((from) => `  ${ids.get(from)} -.-> ${ids.get(id)}`)),
    ...(elsewhere.length > 0
      ? ["  subgraph elsewhere [In the VPN catalog only]", ...elsewhere.map((box) => `  ${node(box)}`), "  end"]
      : []),
    "",
  ].join("\n");
}

/** Mermaid's labels are HTML with entities written `#34;`. Bold marks are our own. */
function escapeLabel(text: string): string {
  return text.replace(/["#;]/g, (character) => `#${character.charCodeAt(0)};`).replace(/<(?!\/?b>)/g, "#60;");
}
