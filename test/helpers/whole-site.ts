import { parseSite } from "../../config/parse-site";
import { ConfigError } from "../../config/problems";

/** A sound site with every field in it, one a line, so that a test can exchange one line and know its number. */
export const WHOLE_SITE = `site: demo
description: a whole site
backend:
  type: local
tags:
  owner: network-team
controllers:
  tokyo:
    description: main campus
    publicIp: 198.51.100.10
    privateIp: 10.0.2.15
    subnets:
      - 10.0.2.0/24
    asn: 65010
    behindNat: true
    libreswan: "4.10"
    language: ja
    vcController:
      dnsName: vcc.example.ac.jp
      registryAddress: harbor.example.ac.jp
      certificates: true
networks:
  aws:
    tokyo:
      description: research VPC
      region: ap-northeast-1
      cidr: 172.30.0.0/16
      asn: 64512
      gateway: vpn
      natGateway: public
      subnets:
        public:
          cidr: 172.30.1.0/24
          availabilityZone: ap-northeast-1a
          public: true
        private:
          cidr: 172.30.2.0/24
          availabilityZone: ap-northeast-1c
    old:
      region: ap-southeast-1
      cidr: 172.29.0.0/16
      asn: 64513
      gateway: transit
      subnets:
        old:
          cidr: 172.29.1.0/24
          availabilityZone: ap-southeast-1a
          subnetId: subnet-0123456789abcdef0
      existing:
        vpcId: vpc-0123456789abcdef0
        transitGatewayId: tgw-0123456789abcdef0
        routeTableIds:
          - rtb-0123456789abcdef0
        securityGroupId: sg-0123456789abcdef0
  oracle:
    tokyo:
      region: ap-tokyo-1
      tenancyId: ocid1.tenancy.oc1..aaaaexample
      compartmentId: ocid1.compartment.oc1..aaaaexample
      cidr: 10.10.0.0/16
      subnets:
        oracle-default:
          cidr: 10.10.2.0/24
          availabilityDomain: aBCD:AP-TOKYO-1-AD-1
  azure:
    japan:
      location: japaneast
      cidr: 10.20.0.0/16
      gatewaySubnet: 10.20.255.0/27
      asn: 65515
      sku: VpnGw1AZ
      subnets:
        azure-default:
          cidr: 10.20.2.0/24
    kept:
      location: japanwest
      cidr: 10.21.0.0/16
      asn: 65514
      subnets:
        kept-default:
          cidr: 10.21.2.0/24
          subnetName: default
      existing:
        resourceGroup: network
        vnetName: research
        securityGroupName: research-nsg
        gatewayName: research-gateway
        publicIpNames:
          - research-ip-1
          - research-ip-2
  sakura:
    isk:
      subnets:
        switch:
          zone: tk1a
          cidr: 172.23.1.0/24
          localSwitchId: "113000000001"
          gatewayIp: 172.23.1.1
          addressPool:
            - 172.23.1.2-172.23.1.6
  openstack:
    campus:
      subnets:
        own-openstack:
          cidr: 192.168.40.0/24
          values:
            os_network_name: vcp-net
  onpremises:
    room:
      subnets:
        machines:
          cidr: 10.0.2.128/25
connections:
  tokyo-aws:
    description: to the VPC
    controller: tokyo
    network: aws/tokyo
    routing: bgp
    mode: route-based
    balance: active-standby
    probe: 172.30.2.10
    tunnels:
      1:
        insideCidr: 169.254.64.0/30
        psk: env:TOKYO_AWS_1
        pskEpoch: 2
      2:
        insideCidr: 169.254.64.4/30
  tokyo-old:
    controller: tokyo
    network: aws/old
    routing: static
    tunnels:
      1:
        insideCidr: 169.254.64.8/30
      2:
        insideCidr: 169.254.64.12/30
  tokyo-oracle:
    controller: tokyo
    network: oracle/tokyo
    routing: bgp
    tunnels:
      1:
        insideCidr: 169.254.65.0/30
      2:
        insideCidr: 169.254.65.4/30
  tokyo-azure:
    controller: tokyo
    network: azure/japan
    routing: bgp
    tunnels:
      1:
        insideCidr: 169.254.21.0/30
      2:
        insideCidr: 169.254.21.4/30
  tokyo-kept:
    controller: tokyo
    network: azure/kept
    routing: static
    probe: 10.21.2.4
    tunnels:
      1:
        insideCidr: 169.254.21.8/30
      2:
        insideCidr: 169.254.21.12/30
`;

/** Exchanges the one line that holds `line` after its indentation; `replacement` takes over its indentation, line by line. */
export function exchange(line: string, replacement: string, site = WHOLE_SITE): { text: string; line: number } {
  const lines = site.split("\n");
  const places = lines.flatMap((candidate, at) => (candidate.trim() === line ? [at] : []));
  if (places.length !== 1) throw new Error(`${places.length} lines hold ${JSON.stringify(line)}`);
  const at = places[0] as number;
  const indentation = /^ */.exec(lines[at] as string)?.[0];
  const indented = replacement.split("\n").map((part) => `${indentation}${part}`);
  return { text: lines.toSpliced(at, 1, ...indented).join("\n"), line: at + 1 };
}

/** The message that a site file is refused with, or "" if it is sound. */
export function refusal(text: string): string {
  try {
    parseSite(text, "site.yaml");
    return "";
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message;
  }
}

export type Edits = readonly (readonly [line: string, instead: string])[];

export function edit(edits: Edits, site = WHOLE_SITE): string {
  return edits.reduce((text, [line, instead]) => exchange(line, instead, text).text, site);
}

/** What a refusal with these problems says, whole. */
export function refusalOf(problems: readonly string[]): string {
  if (problems.length === 0) return "";
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return [`site.yaml: ${count}`, ...problems.map((one) => `  ${one}`)].join("\n");
}
