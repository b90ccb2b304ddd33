import { type Edits, edit } from "./whole-site";

/** Two clouds that watch each other over two controllers, one field a line. */
export const ROAD_SITE = `site: demo
controllers:
  tokyo:
    publicIp: 198.51.100.10
    privateIp: 10.0.2.15
    subnets: [10.0.2.0/24]
    asn: 65010
    libreswan: "5.2"
  osaka:
    publicIp: 203.0.113.10
    privateIp: 10.0.3.15
    subnets: [10.0.3.0/24]
    asn: 65011
    libreswan: "5.2"
networks:
  aws:
    tokyo:
      region: ap-northeast-1
      cidr: 172.30.0.0/16
      asn: 64512
      subnets:
        public: { cidr: 172.30.1.0/24, availabilityZone: ap-northeast-1a, public: true }
        default: { cidr: 172.30.2.0/24, availabilityZone: ap-northeast-1a }
  oracle:
    tokyo:
      region: ap-tokyo-1
      tenancyId: ocid1.tenancy.oc1..aaaaexample
      compartmentId: ocid1.compartment.oc1..aaaaexample
      cidr: 10.10.0.0/16
      subnets:
        oracle-default: { cidr: 10.10.2.0/24, availabilityDomain: "aBCD:AP-TOKYO-1-AD-1" }
connections:
  tokyo-aws: { controller: tokyo, network: aws/tokyo, routing: bgp }
  osaka-aws: { controller: osaka, network: aws/tokyo, routing: bgp }
  tokyo-oracle: { controller: tokyo, network: oracle/tokyo, routing: bgp }
chats:
  campus:
    type: mattermost
    url: env:CAMPUS_CHAT_URL
    address: 10.0.2.30
relays:
  by-aws:
    network: aws/tokyo
    connection: tokyo-aws
    chat: campus
    subnets: [default]
  by-oracle:
    network: oracle/tokyo
    connection: tokyo-oracle
    chat: campus
    gatewayCidr: 10.10.250.0/28
    functionCidr: 10.10.250.16/28
alarms:
  noc:
    emails: [noc@example.ac.jp]
    relay: by-aws
    watch: [tokyo-oracle]
  noc-aws:
    emails: [noc@example.ac.jp]
    relay: by-oracle
    watch: [tokyo-aws, osaka-aws]
`;

export function roadSite(...edits: Edits): string {
  return edit(edits, ROAD_SITE);
}
