/** A site file up to its appliances, whose entries follow. */
export const APPLIANCE_SITE = `site: demo
controllers:
  tokyo: { publicIp: 198.51.100.10, privateIp: 10.0.2.15, subnets: [10.0.2.0/24], asn: 65010, libreswan: "4.10" }
networks:
  aws:
    tokyo: { region: ap-northeast-1, cidr: 172.30.0.0/16, asn: 64512, subnets: { default: { cidr: 172.30.2.0/24, availabilityZone: ap-northeast-1a } } }
connections:
  tokyo-aws: { controller: tokyo, network: aws/tokyo, routing: bgp }
alarms: { noc: {} }
appliances:
`;

type Fields = Readonly<Record<string, string>>;

export const STANDBY: Fields = {
  region: "ap-northeast-1",
  vpc: "demo-tokyo",
  instance: "vpn",
  strategy: "standby",
  standby: "vpn-standby",
  address: "eipalloc-0123456789abcdef0",
  clientRanges: "[10.242.2.0/24]",
  routeTables: "[role=clients]",
  securityGroups: "[vpn]",
  service: "{ protocol: tcp, port: 443 }",
  detection: "{ probeSubnets: [demo-tokyo-default] }",
  alarm: "noc",
};
export const STAMP: Fields = {
  ...STANDBY,
  strategy: "stamp",
  standby: "",
  subnets: "[public-a, public-c]",
  profile: "vpn-appliance",
};

/** An entry with some fields changed; an empty text leaves a field out. */
export function applianceEntry(base: Fields, changes: Fields = {}, key = "vpn"): string {
  const fields = Object.entries({ ...base, ...changes }).filter(([, value]) => value !== "");
  return `  ${key}: { ${fields.map(([name, value]) => `${name}: ${value}`).join(", ")} }\n`;
}
