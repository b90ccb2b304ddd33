import type { Site } from "../config/site";
import { type Box, type ConnectionBox, type Picture, planPicture } from "./picture";
import type { ChatBox, RoadBox } from "./road-boxes";

type AnyBox = Box | RoadBox | ChatBox;

const COLORS: Readonly<Record<AnyBox["kind"], { readonly head: string; readonly body: string }>> = {
  controller: { head: "#2d4a3e", body: "#f2f7f4" },
  aws: { head: "#b35900", body: "#fff8f0" },
  oracle: { head: "#a63a2b", body: "#fdf4f2" },
  azure: { head: "#005a9e", body: "#f0f7fc" },
  sakura: { head: "#a34a73", body: "#fdf4f8" },
  openstack: { head: "#5f5f5f", body: "#f6f6f6" },
  onpremises: { head: "#5f5f5f", body: "#f6f6f6" },
  alarm: { head: "#8a1f3d", body: "#fdf3f6" },
  chat: { head: "#4b3a8f", body: "#f6f4fd" },
};
const QUIET = "#5a6570";

/** Graphviz' language, drawn from left to right: controllers, connections with both tunnels, networks. */
export function renderDot(site: Site): string {
  const picture = planPicture(site);
  return [
    "digraph site {",
    '  graph [rankdir=LR, nodesep=0.35, ranksep=0.9, pad=0.3, splines=spline, fontname="Helvetica", bgcolor="white"];',
    '  node [shape=plain, fontname="Helvetica", fontsize=11];',
    '  edge [arrowhead=none, penwidth=1.6, fontname="Helvetica", fontsize=10];',
    `  label=<<b>${escapeLabel(picture.title)}</b>>; labelloc=t; labeljust=l; fontsize=16;`,
    ...picture.controllers.map((box) => `  ${quote(box.id)} [label=<${boxTable(box)}>];`),
    ...picture.connections.map((box) => `  ${quote(box.id)} [label=<${connectionTable(box)}>];`),
    ...picture.networks.map((box) => `  ${quote(box.id)} [label=<${boxTable(box)}>];`),
    ...picture.connections.flatMap(edges),
    ...roads(picture),
    ...elsewhere(picture),
    ...belowTheNetworks(picture),
    "}",
    "",
  ].join("\n");
}

function edges({ id, kind, controllerId, networkId, tunnels }: ConnectionBox): string[] {
  const color = quote(COLORS[kind].head);
  return tunnels.flatMap(({ number, stands }) => {
    const style = `color=${color}, style=${stands === "carries" ? "solid" : "dashed"}`;
    return [
      `  ${quote(controllerId)}:out:e -> ${quote(id)}:t${number}:w [${style}];`,
      `  ${quote(id)}:o${number}:e -> ${quote(networkId)}:in:w [${style}];`,
    ];
  });
}

/** To the right of the networks where they begin, and back to the one over which they come home; chats stand behind controllers. */
function roads({ roads: boxes, chats }: Picture): string[] {
  const style = `color=${quote(COLORS.alarm.head)}, style=dashed, arrowhead=normal, penwidth=1.2`;
  return [
    ...[...boxes, ...chats].map((box) => `  ${quote(box.id)} [label=<${boxTable(box)}>];`),
    ...boxes.flatMap(({ id, fromIds, relayNetworkId }) => [
      ...fromIds.map((from) => `  ${quote(from)}:out:e -> ${quote(id)}:in:w [${style}];`),
      // What other sections tell begins at no network: it stands in the same column all the same.
      ...(fromIds.length === 0 && relayNetworkId ? [`  ${quote(relayNetworkId)} -> ${quote(id)} [style=invis];`] : []),
      ...(relayNetworkId
        ? [`  ${quote(id)}:in:w -> ${quote(relayNetworkId)}:out:e [${style}, constraint=false];`]
        : []),
    ]),
    // Drawn from left to right, told from right to left.
    ...chats.flatMap(({ id, controllerIds }) =>
      controllerIds.map(
        (controller) => `  ${quote(id)}:out:e -> ${quote(controller)}:in:w [${style}, dir=back, arrowtail=normal];`,
      ),
    ),
  ];
}

/** In a frame of their own, below: no line leads to them. */
function elsewhere({ elsewhere: boxes }: Picture): string[] {
  if (boxes.length === 0) return [];
  return [
    "  subgraph cluster_elsewhere {",
    `    label="In the VPN catalog, not joined by a VPN of this site"; labeljust=l; fontsize=11; fontcolor="${QUIET}"; color="#c5ccd3"; style="rounded,dashed"; margin=14;`,
    ...boxes.map((box) => `    ${quote(box.id)} [label=<${boxTable(box)}>];`),
    "  }",
  ];
}

/** Invisible edges keep that frame in the networks' column. */
function belowTheNetworks({ connections, elsewhere: boxes }: Picture): string[] {
  const last = connections.at(-1);
  return last ? boxes.map((box) => `  ${quote(last.id)} -> ${quote(box.id)} [style=invis];`) : [];
}

const TABLE = 'border="1" cellborder="0" cellspacing="0" cellpadding="4"';

function boxTable({ kind, title, subtitle, rows }: AnyBox): string {
  const { head, body } = COLORS[kind];
  return [
    `<table ${TABLE} color="${head}" bgcolor="${body}">`,
    `<tr><td port="in" bgcolor="${head}" align="left"><font color="white"><b>${escapeLabel(title)}</b></font></td>`,
    `<td port="out" bgcolor="${head}" align="right"><font color="white" point-size="9">${escapeLabel(subtitle)}</font></td></tr>`,
    ...rows.map(
      ([label, value]) =>
        `<tr><td align="left"><font color="${QUIET}">${escapeLabel(label)}</font></td><td align="right">${escapeLabel(value)}</td></tr>`,
    ),
    "</table>",
  ].join("");
}

function connectionTable({ kind, title, subtitle, tunnels, proposal }: ConnectionBox): string {
  const { head } = COLORS[kind];
  return [
    `<table ${TABLE} color="${head}" bgcolor="white" style="rounded">`,
    `<tr><td align="left"><b>${escapeLabel(title)}</b></td><td colspan="2" align="right"><font color="${QUIET}">${escapeLabel(subtitle)}</font></td></tr>`,
    ...tunnels.map(
      ({ number, title: name, ends, stands }) =>
        `<tr><td port="t${number}" align="left">${escapeLabel(name)}</td><td>${escapeLabel(ends)}</td><td port="o${number}" align="right"><font color="${head}">${stands}</font></td></tr>`,
    ),
    ...proposal.map(
      (line) =>
        `<tr><td colspan="3" align="left"><font color="${QUIET}" point-size="9">${escapeLabel(line)}</font></td></tr>`,
    ),
    "</table>",
  ].join("");
}

function quote(text: string): string {
  return `"${text}"`;
}

function escapeLabel(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
