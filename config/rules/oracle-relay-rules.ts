import type { Problem } from "../problems";
import type { RelayInput } from "../schema/relays";
import { doCidrsOverlap, doesCidrContain } from "../values/cidr";
import type { Draft } from "./draft";

/** What a relay on Oracle Cloud needs of its network and of its chat. */
export function oraclePlace(draft: Draft, key: string, relay: RelayInput): Problem[] {
  const path = ["relays", key];
  const network = draft.oracle.get(relay.network.slice("oracle/".length));
  const notHere =
    relay.subnets.length > 0 ? [{ path: [...path, "subnets"], rule: "is for relays on aws", fix: "remove it" }] : [];
  if (!network) return notHere;
  const neighbours = [
    ...Object.entries(network.subnets).map(([name, { cidr }]) => ({ name: `${relay.network}'s ${name}`, cidr })),
    ...[...draft.relays]
      .filter(([, other]) => other.network === relay.network)
      .flatMap(([other, { gatewayCidr, functionCidr }]) => [
        { name: `relays.${other}.gatewayCidr`, cidr: gatewayCidr },
        { name: `relays.${other}.functionCidr`, cidr: functionCidr },
      ]),
  ];
  const fields = (["gatewayCidr", "functionCidr"] as const).flatMap((field): Problem[] => {
    const own = relay[field];
    if (own === undefined) {
      const fix = `use a free /28 inside ${network.cidr}`;
      return [{ path: [...path, field], rule: "must be given for a relay on oracle: a subnet is made there", fix }];
    }
    const at = [...path, field];
    if (!doesCidrContain(network.cidr, own)) {
      const rule = `must lie inside ${relay.network} (${network.cidr})`;
      return [{ path: at, rule, got: own, fix: "use a free prefix of it" }];
    }
    const hit = neighbours.find(
      ({ name, cidr }) => name !== `relays.${key}.${field}` && cidr !== undefined && doCidrsOverlap(cidr, own),
    );
    return hit
      ? [{ path: at, rule: `must not overlap ${hit.name} (${hit.cidr})`, got: own, fix: "use a free prefix" }]
      : [];
  });
  return [...notHere, ...ownVcn(key, relay, draft), ...smallCertificates(key, relay, draft), ...fields];
}

/** Gateways are made in the VCN, and a VCN has one of each kind. */
function ownVcn(key: string, { network }: RelayInput, draft: Draft): Problem[] {
  const path = ["relays", key, "network"];
  if (draft.oracle.get(network.slice("oracle/".length))?.existing) {
    const fix = "use a network that is made here";
    return [{ path, rule: "must not be an existing VCN: gateways are made in it", got: network, fix }];
  }
  const [first] = [...draft.relays].filter(([, other]) => other.network === network).map(([name]) => name);
  if (first === undefined || first === key) return [];
  const fix = `let one relay carry the alarms of both, or use another network (relays.${first} has this one)`;
  return [{ path, rule: "must have one relay only: a VCN has one internet gateway", got: network, fix }];
}

/** A function's configuration is 4 KB in all. @see https://docs.oracle.com/en-us/iaas/Content/Functions/Tasks/functionspassingconfigparams.htm */
const MAX_CA_LENGTH = 3000;

function smallCertificates(key: string, { chat }: RelayInput, draft: Draft): Problem[] {
  const length = draft.chats.get(chat)?.ca?.length ?? 0;
  if (length <= MAX_CA_LENGTH) return [];
  return [
    {
      path: ["relays", key, "chat"],
      rule: `must have a ca of at most ${MAX_CA_LENGTH} characters for a relay on oracle, and chats.${chat} has ${length}`,
      fix: "leave the root alone in it",
    },
  ];
}
