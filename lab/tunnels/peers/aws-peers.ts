import type { LabEndpoint } from "./lab-file";
import { ANY, type DeployedConnection, deployedTunnel, endpointsOf, hostAddress, pairOf, type ReadPeers } from "./peer";
import {
  onlyResource,
  type Resource,
  reference,
  referenced,
  resourcesOf,
  type WiredConnection,
  wiredConnections,
} from "./stack-json";
import { espProposal, groupWord, ikeProposal, lookUp } from "./strongswan-words";

/** @see https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html (in AWS's order of preference: the lowest first) */
const ENCRYPTION = {
  AES128: "aes128",
  AES256: "aes256",
  "AES128-GCM-16": "aes128gcm16",
  "AES256-GCM-16": "aes256gcm16",
};
const INTEGRITY = { SHA1: "sha1", "SHA2-256": "sha256", "SHA2-384": "sha384", "SHA2-512": "sha512" };
const PHASE_1_GROUPS = [2, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24];
const PHASE_2_GROUPS = [2, 5, ...PHASE_1_GROUPS.slice(1)];
/** AWS's offer; the lower hold time of the two ends counts. @see https://docs.aws.amazon.com/vpn/latest/s2svpn/cgw-dynamic-routing-examples.html */
const BGP = { keepalive: 10, hold: 30 };
const DPD_INTERVAL_SECONDS = 10;
/** One tunnel at a time carries what leaves a virtual private gateway. @see https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-route-priority.html */
const MED = { 1: 100, 2: 200 } as const;
const PREFERENCE = { 1: 110, 2: 100 } as const;

/**
 * A virtual private gateway's two endpoints: any to any, one SA pair a tunnel, one tunnel preferred for what goes to the
 * site and by MED for what comes from it.
 */
export const readAwsPeers: ReadPeers = (stack, deployed) => {
  const gateway = onlyResource(stack, "aws_vpn_gateway");
  const vpc = onlyResource(stack, "aws_vpc");
  const subnets = Object.values(resourcesOf(stack, "aws_subnet"));
  const inner = subnets.filter((subnet) => subnet.map_public_ip_on_launch !== true).map(({ cidr_block }) => cidr_block);
  return {
    network: { host: hostAddress(inner), prefixes: [vpc.cidr_block], returnPaths: 1 },
    endpoints: endpointsOf(wiredConnections(stack), (connection: WiredConnection, number) => {
      const { name, attribute } = reference("aws_vpn_connection", connection.tunnels[number].cloudAddress);
      const vpn = resourcesOf(stack, "aws_vpn_connection")[name] as Resource;
      const place = /^tunnel([12])_address$/.exec(attribute)?.[1];
      if (!place) throw new Error(`${connection.key}: ${attribute} is no tunnel's address`);
      return toEndpoint({
        option: (option) => vpn[`tunnel${place}_${option}`],
        vpn,
        customerGateway: referenced(stack, "aws_customer_gateway", vpn.customer_gateway_id),
        asn: Number(gateway.amazon_side_asn),
        sitePrefixes: Object.values(resourcesOf(stack, "aws_vpn_connection_route"))
          .filter((route) => reference("aws_vpn_connection", route.vpn_connection_id).name === name)
          .map((route) => route.destination_cidr_block),
        deployed: deployedTunnel(deployed, connection.key, number),
        number,
      });
    }),
  };
};

interface AwsTunnel {
  readonly option: (name: string) => Resource[string];
  readonly vpn: Resource;
  readonly customerGateway: Resource;
  readonly asn: number;
  readonly sitePrefixes: readonly string[];
  readonly deployed: DeployedConnection[1];
  readonly number: 1 | 2;
}

function toEndpoint({
  option,
  vpn,
  customerGateway,
  asn,
  sitePrefixes,
  deployed,
  number,
}: AwsTunnel): Omit<LabEndpoint, "network"> {
  const [cloudInside, controllerInside] = pairOf(option("inside_cidr"));
  const dpdTimeout: number = option("dpd_timeout_seconds") ?? 30;
  return {
    outsideIp: deployed.cloudAddress,
    ikeVersion: toIkeVersion(option("ike_versions")),
    ikeProposal: ikeProposal({
      encryption: words(ENCRYPTION, option("phase1_encryption_algorithms")),
      integrity: words(INTEGRITY, option("phase1_integrity_algorithms")),
      group: groups(option("phase1_dh_group_numbers"), PHASE_1_GROUPS),
    }),
    espProposal: espProposal({
      encryption: words(ENCRYPTION, option("phase2_encryption_algorithms")),
      integrity: words(INTEGRITY, option("phase2_integrity_algorithms")),
      group: groups(option("phase2_dh_group_numbers"), PHASE_2_GROUPS),
    }),
    ikeLifetimeSeconds: option("phase1_lifetime_seconds") ?? 28_800,
    espLifetimeSeconds: option("phase2_lifetime_seconds") ?? 3_600,
    rekeyMarginSeconds: option("rekey_margin_time_seconds") ?? 270,
    rekeyFuzzPercent: option("rekey_fuzz_percentage") ?? 100,
    dpdDelaySeconds: DPD_INTERVAL_SECONDS,
    dpdGiveUpSeconds: dpdTimeout - DPD_INTERVAL_SECONDS,
    dpdAction: option("dpd_timeout_action") === "restart" ? "restart" : "clear",
    localId: deployed.cloudAddress,
    remoteId: customerGateway.ip_address,
    psk: deployed.presharedKey,
    doesInitiate: option("startup_action") === "start",
    localSelectors: [vpn.remote_ipv4_network_cidr ?? ANY[0]],
    remoteSelectors: [vpn.local_ipv4_network_cidr ?? ANY[0]],
    cloudInside,
    controllerInside,
    insideLength: 30,
    mtu: 1_446,
    localAsn: asn,
    remoteAsn: Number(customerGateway.bgp_asn ?? customerGateway.bgp_asn_extended),
    routing: vpn.static_routes_only === true ? "static" : "bgp",
    sitePrefixes,
    bgpKeepaliveSeconds: BGP.keepalive,
    bgpHoldSeconds: BGP.hold,
    bgpPassive: false,
    sendMed: MED[number],
    returnPreference: PREFERENCE[number],
  };
}

/** In AWS's order; what is left out allows all. */
function words(table: Record<string, string>, chosen: string[] = Object.keys(table)): string[] {
  for (const word of chosen) lookUp(table, word, "an algorithm");
  return Object.entries(table).flatMap(([word, ours]) => (chosen.includes(word) ? [ours] : []));
}

function groups(chosen: number[] | undefined, all: number[]): string[] {
  const unknown = chosen?.find((group) => !all.includes(group));
  if (unknown !== undefined) throw new Error(`${unknown} is not a DH group that this cloud has`);
  return all.filter((group) => chosen?.includes(group) ?? true).map(groupWord);
}

function toIkeVersion(versions: string[] = ["ikev1", "ikev2"]): 0 | 1 | 2 {
  const known = versions.map((version) => lookUp({ ikev1: 1, ikev2: 2 } as const, version, "an IKE version"));
  return known.length === 1 ? (known[0] as 1 | 2) : 0;
}
