import { describe, expect, test } from "@jest/globals";
import { type TerraformStack, Testing } from "cdktf";
import { parseSite } from "../../config/parse-site";
import { peeringStackName } from "../../config/peering";
import { isAwsNetwork, stackName } from "../../config/site";
import { AwsNetworkStack } from "../../stacks/aws-network-stack";
import { PeeringStack } from "../../stacks/peering-stack";
import { AwsReach } from "../helpers/aws-reach";
import { exchange } from "../helpers/whole-site";

const NETWORKS = `aws:
  tools:
    region: ap-northeast-1
    cidr: 172.28.0.0/16
    subnets:
      front: { cidr: 172.28.1.0/24, availabilityZone: ap-northeast-1a, public: true }
      back: { cidr: 172.28.2.0/24, availabilityZone: ap-northeast-1c }
  store:
    region: us-east-1
    cidr: 172.27.0.0/16
    subnets: { store: { cidr: 172.27.1.0/24, availabilityZone: us-east-1a } }
  lab:
    region: ap-northeast-1
    cidr: 172.26.0.0/16
    subnets: { lab: { cidr: 172.26.1.0/24, availabilityZone: ap-northeast-1a } }`;

const PEERINGS = `peerings:
  near: { type: vpc, network: aws/tokyo, peerNetwork: aws/tools, allow: [{ protocol: tcp, ports: 80-81 }, { protocol: icmp }] }
  far: { type: vpc, network: aws/store, peerNetwork: aws/tools, allow: [{ protocol: tcp, ports: "443" }] }
  around: { type: transit, networks: [aws/tokyo, aws/lab], allow: [{ protocol: udp, ports: "53" }] }
`;

const site = parseSite(`${exchange("aws:", NETWORKS).text}${PEERINGS}`, "site.yaml");
const aws = site.networks.filter(isAwsNetwork);
const common = { site: site.name, tags: {}, backend: { type: "local", directory: "." } } as const;
const toJson = (stack: TerraformStack) => JSON.parse(Testing.synth(stack));

const networks = aws.map((network) => {
  const connections = site.connections.filter((connection) => connection.network === network);
  return toJson(new AwsNetworkStack(Testing.app(), stackName(network), { ...common, network, connections }));
});
const byId = new Map(aws.map((network) => [network.id, network]));
const reaches = new Map(
  site.peerings.map((peering) => {
    const stack = new PeeringStack(Testing.app(), peeringStackName(peering), { ...common, peering, networks: byId });
    return [peering.key as string, new AwsReach(networks, toJson(stack))];
  }),
);

function reach(peering: string): AwsReach {
  const found = reaches.get(peering);
  if (!found) throw new Error(`no peering ${peering}`);
  return found;
}

const TOKYO = "172.30.2.10/32";
const FRONT = "172.28.1.10/32";
const BACK = "172.28.2.10/32";
const STORE = "172.27.1.10/32";
const LAB = "172.26.1.10/32";

describe.each<
  [peering: string, a: string, b: string, protocol: string, port: number | undefined, stops: string | undefined]
>([
  ["near", TOKYO, FRONT, "tcp", 80, undefined],
  ["near", TOKYO, BACK, "tcp", 81, undefined],
  ["near", TOKYO, BACK, "icmp", undefined, undefined],
  ["near", TOKYO, BACK, "tcp", 82, "security group"],
  ["near", TOKYO, BACK, "udp", 80, "security group"],
  ["near", TOKYO, STORE, "tcp", 80, "no route there"],
  ["near", TOKYO, LAB, "tcp", 80, "no route there"],
  ["far", STORE, FRONT, "tcp", 443, undefined],
  ["far", STORE, BACK, "tcp", 443, undefined],
  ["far", STORE, BACK, "icmp", undefined, "security group"],
  ["far", STORE, TOKYO, "tcp", 443, "no route there"],
  ["around", TOKYO, LAB, "udp", 53, undefined],
  ["around", TOKYO, LAB, "udp", 54, "security group"],
  ["around", TOKYO, BACK, "udp", 53, "no route there"],
])("%s: from %s to %s by %s %s", (peering, a, b, protocol, port, stops) => {
  test(`and the other way round: ${stops ?? "arrives, and its answer too"}`, () => {
    expect(reach(peering).stopsAt({ from: a, to: b, protocol, port })).toBe(stops);
    expect(reach(peering).stopsAt({ from: b, to: a, protocol, port })).toBe(stops);
  });
});
