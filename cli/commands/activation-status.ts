import type { ActivationNode, ActivationReport } from "../aws/read-activation";
import { chooseActivation } from "../choose-activation";
import type { Io } from "../io";
import { loadAwsCommands } from "../load-aws";
import { paint } from "../paint";
import { renderTable } from "../table";

interface Options {
  readonly json?: boolean;
}

/** `activations status`, and `renew`, which shows the same afterwards. @throws ConfigError, ExternalError */
export function activationStatus(kakehashi: "status" | "renew") {
  return async (io: Io, name: string, argument: string | undefined, { json }: Options): Promise<number> => {
    const { site, activation } = chooseActivation(io, name, argument);
    const report = await (await loadAwsCommands()).readActivation(site.name, activation, { kakehashi });
    if (json)
      io.out(`${JSON.stringify({ ok: true, activation: name, region: activation.region, ...report }, null, 2)}\n`);
    else io.out(`${renderReport(io, name, report)}\n`);
    return 0;
  };
}

const CONDITIONS: Readonly<Record<ActivationReport["condition"], string>> = {
  good: "good",
  "renew-soon": "the next is made with the next hand-out",
  "must-renew": "the next is made before the next hand-out",
};

function renderReport(io: Io, name: string, report: ActivationReport): string {
  const { activationId, expiresAt, registrationLimit, handedOut, registered, condition, retired } = report;
  if (activationId === null) return `activations.${name}: none made yet; the first server that asks has one made`;
  const color = condition === "good" ? "green" : "yellow";
  const rows = [
    ["activation", activationId],
    ["expires", expiresAt ?? ""],
    ["handed out", `${handedOut} of ${registrationLimit}`],
    ["registered", registered === null ? paint(io, "red", "Systems Manager does not know it") : String(registered)],
    ["condition", paint(io, color, CONDITIONS[condition])],
    ...retired.map((one) => [
      "before it",
      `${one.activationId}, ${one.handedOut} handed out, expires ${new Date(one.expiresAtMs).toISOString()}`,
    ]),
  ];
  return `activations.${name}\n${renderTable(rows)}`;
}

/** @throws ConfigError, ExternalError */
export async function activationNodes(
  io: Io,
  name: string,
  argument: string | undefined,
  { json }: Options,
): Promise<number> {
  const { site, activation } = chooseActivation(io, name, argument);
  const nodes = await (await loadAwsCommands()).readActivationNodes(site.name, activation);
  if (json) io.out(`${JSON.stringify({ ok: true, activation: name, region: activation.region, nodes }, null, 2)}\n`);
  else io.out(`${renderNodes(io, name, nodes)}\n`);
  return 0;
}

function renderNodes(io: Io, name: string, nodes: readonly ActivationNode[]): string {
  if (nodes.length === 0) return `activations.${name}: no server has registered`;
  const online = nodes.filter(({ ping }) => ping === "Online").length;
  const rows = nodes.map((node) => [
    node.id,
    plain(node.name),
    node.address,
    node.ping === "Online" ? node.ping : paint(io, "yellow", node.ping),
    node.lastPing,
    plain(node.platform),
    node.agent,
    node.activationId,
  ]);
  return `activations.${name}: ${nodes.length} registered, ${online} online\n${renderTable([COLUMNS, ...rows])}`;
}

const COLUMNS = ["node", "name", "address", "ping", "last ping", "platform", "agent", "activation"];

/** A server says its own name: a terminal would act on what it puts there. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, "?");
}
