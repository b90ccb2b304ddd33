const FIELDS: Readonly<Record<string, string>> = {
  region: "ap-northeast-1",
  vpc: "demo-tokyo",
  instance: "vpn",
  strategy: "stamp",
  subnets: "[public-a, public-c]",
  address: "eipalloc-0123456789abcdef0",
  clientRanges: "[10.242.2.0/24]",
  routeTables: "[role=clients]",
  securityGroups: "[vpn]",
  profile: "vpn-appliance",
  service: "{ protocol: tcp, port: 443 }",
  detection: "{ probeSubnets: [demo-tokyo-default] }",
  alarm: "noc",
};

/** A site file with one appliance, `vpn`, with some of its fields changed; an empty text leaves a field out. */
export function applianceSite(changes: Readonly<Record<string, string>> = {}): string {
  const fields = Object.entries({ ...FIELDS, ...changes }).filter(([, value]) => value !== "");
  return `site: demo
controllers:
  tokyo: { publicIp: 198.51.100.10, privateIp: 10.0.2.15, subnets: [10.0.2.0/24], asn: 65010, libreswan: "4.10" }
networks:
  aws:
    tokyo: { region: ap-northeast-1, cidr: 172.30.0.0/16, asn: 64512, subnets: { default: { cidr: 172.30.2.0/24, availabilityZone: ap-northeast-1a } } }
connections:
  tokyo-aws: { controller: tokyo, network: aws/tokyo, routing: bgp }
alarms: { noc: {} }
appliances:
  vpn: { ${fields.map(([name, value]) => `${name}: ${value}`).join(", ")} }
`;
}
