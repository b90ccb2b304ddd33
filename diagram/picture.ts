import { PROPOSALS } from "../config/proposals";
import {
  type CloudNetwork,
  type Connection,
  type Controller,
  isCloudNetwork,
  type Network,
  type Site,
  type Tunnel,
  tunnelName,
} from "../config/site";
import { describeProposal } from "./describe-proposal";
import { type ChatBox, planChatBoxes, planRoadBoxes, type RoadBox } from "./road-boxes";

/** What the picture says, before any drawing: three columns from the site on the left to the networks on the right. */
export interface Picture {
  readonly title: string;
  readonly controllers: readonly Box[];
  readonly connections: readonly ConnectionBox[];
  readonly networks: readonly Box[];
  /** Networks of the VPN catalog that no connection ends in. */
  readonly elsewhere: readonly Box[];
  /** Roads of alarms, and the chat servers that they lead to. */
  readonly roads: readonly RoadBox[];
  readonly chats: readonly ChatBox[];
}

export interface Box {
  readonly id: string;
  readonly kind: "controller" | Network["provider"];
  readonly title: string;
  readonly subtitle: string;
  readonly rows: readonly (readonly [label: string, value: string])[];
}

export interface ConnectionBox {
  readonly id: string;
  readonly kind: CloudNetwork["provider"];
  readonly title: string;
  readonly subtitle: string;
  readonly controllerId: string;
  readonly networkId: string;
  readonly tunnels: readonly {
    readonly number: 1 | 2;
    readonly title: string;
    readonly ends: string;
    readonly stands: "carries" | "stands by";
  }[];
  /** One line each: IKE, ESP. */
  readonly proposal: readonly string[];
}

export function planPicture(site: Site): Picture {
  return {
    title: site.name,
    controllers: site.controllers.map(toControllerBox),
    connections: site.connections.map(toConnectionBox),
    networks: site.networks.filter(isCloudNetwork).map(toNetworkBox),
    elsewhere: site.networks.filter((network) => !isCloudNetwork(network)).map(toElsewhereBox),
    roads: planRoadBoxes(site),
    chats: planChatBoxes(site),
  };
}

function toControllerBox(controller: Controller): Box {
  return {
    id: `controller ${controller.key}`,
    kind: "controller",
    title: controller.key,
    subtitle: controller.description ?? "controller",
    rows: [
      ["public", `${controller.publicIp}${controller.behindNat ? " (NAT)" : ""}`],
      ["private", controller.privateIp],
      ...controller.subnets.map((subnet) => ["behind it", subnet] as const),
      ["ASN", String(controller.asn)],
      ["Libreswan", controller.libreswan],
    ],
  };
}

const CLOUD_WORDS: Readonly<Record<CloudNetwork["provider"], { readonly cloud: string; readonly network: string }>> = {
  aws: { cloud: "AWS", network: "VPC" },
  oracle: { cloud: "Oracle Cloud", network: "VCN" },
  azure: { cloud: "Azure", network: "VNet" },
};

function toNetworkBox(network: CloudNetwork): Box {
  const { cloud, network: kind } = CLOUD_WORDS[network.provider];
  return {
    id: network.id,
    kind: network.provider,
    title: network.id,
    subtitle: `${cloud} · ${network.provider === "azure" ? network.location : network.region}`,
    rows: [
      [`${kind}${network.existing ? " (existing)" : ""}`, network.cidr],
      ["gateway", gatewayOf(network)],
      ["ASN", String(network.asn)],
      ...network.subnets.map(({ key, cidr }) => [key, cidr] as const),
    ],
  };
}

function gatewayOf(network: CloudNetwork): string {
  if (network.provider === "oracle") return "DRG";
  if (network.provider === "azure") return network.existing ? network.existing.gatewayName : network.sku;
  return network.gateway === "vpn" ? "virtual private gateway" : "Transit Gateway";
}

function toConnectionBox(connection: Connection): ConnectionBox {
  const { cloud, controller, network, routing, mode, balance } = connection;
  const how = routing === "bgp" ? `BGP ${controller.asn} ⇄ ${network.asn}` : "static routes";
  return {
    id: `connection ${connection.key}`,
    kind: cloud,
    title: connection.key,
    subtitle: mode === "policy-based" ? `${how}, policy-based` : how,
    controllerId: `controller ${controller.key}`,
    networkId: network.id,
    tunnels: connection.tunnels.map((tunnel) => ({
      number: tunnel.number,
      title: tunnelName(connection, tunnel),
      ends: endsOf(connection, tunnel),
      stands: balance === "active-active" || tunnel.number === 1 ? "carries" : "stands by",
    })),
    proposal: PROPOSALS[cloud].flatMap(describeProposal),
  };
}

/** What the tunnel's two ends are called inside. Azure has no inside addresses where routes are static. */
function endsOf({ mode, cloud, routing, controller, network }: Connection, tunnel: Tunnel): string {
  if (mode === "policy-based") return `${controller.subnets[0]} ⇄ ${network.cidr}`;
  if (cloud === "azure" && routing === "static") return "any ⇄ any";
  return `${tunnel.controllerInsideAddress} ⇄ ${tunnel.cloudInsideAddress}`;
}

const ELSEWHERE_WORDS = { sakura: "Sakura Cloud", openstack: "OpenStack", onpremises: "existing servers" } as const;

function toElsewhereBox(network: Exclude<Network, CloudNetwork>): Box {
  return {
    id: network.id,
    kind: network.provider,
    title: network.id,
    subtitle: `${ELSEWHERE_WORDS[network.provider]} · catalog only`,
    rows: network.subnets.map((subnet) => [subnet.key, subnet.cidr ?? "–"] as const),
  };
}
