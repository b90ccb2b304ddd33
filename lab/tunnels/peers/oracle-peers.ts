import type { LabEndpoint } from "./lab-file";
import { ANY, deployedTunnel, endpointsOf, hostAddress, type ReadPeers } from "./peer";
import {
  onlyResource,
  type Resource,
  referenced,
  resourcesOf,
  type WiredConnection,
  wiredConnections,
} from "./stack-json";
import { espProposal, groupWord, ikeProposal, lookUp } from "./strongswan-words";

/** @see https://docs.oracle.com/en-us/iaas/Content/Network/Reference/supportedIPsecparams.htm */
const PHASE_1_ENCRYPTION = { AES_256_CBC: "aes256", AES_192_CBC: "aes192", AES_128_CBC: "aes128" };
const PHASE_1_INTEGRITY = { SHA2_384: "sha384", SHA2_256: "sha256", SHA1_96: "sha1" };
const PHASE_2_ENCRYPTION = {
  AES_256_GCM: "aes256gcm16",
  AES_192_GCM: "aes192gcm16",
  AES_128_GCM: "aes128gcm16",
  AES_256_CBC: "aes256",
  AES_192_CBC: "aes192",
  AES_128_CBC: "aes128",
};
const PHASE_2_INTEGRITY = { HMAC_SHA2_256_128: "sha256", HMAC_SHA1_128: "sha1" };
const GROUPS = { GROUP2: 2, GROUP5: 5, GROUP14: 14, GROUP19: 19, GROUP20: 20, GROUP24: 24 };
/** Commercial regions. @see https://docs.oracle.com/en-us/iaas/Content/Network/Tasks/vpn_to_aws.htm */
const ORACLE_ASN = 31_898;
/** Oracle writes nothing of the VPN's own timers: the protocol's customary ones, which negotiate down. */
const BGP = { keepalive: 60, hold: 180 };
/** Likewise of when Oracle rekeys: at its own time, before a lifetime ends. */
const REKEY = { marginSeconds: 540, fuzzPercent: 100 };
const DPD_DELAY_SECONDS = 5;

/** A DRG's two headends. What leaves takes any tunnel that is up, the shortest AS path where there is BGP. */
export const readOraclePeers: ReadPeers = (stack, deployed) => {
  const subnets = Object.values(resourcesOf(stack, "oci_core_subnet")).map(({ cidr_block }) => cidr_block as string);
  return {
    // The attachment's routes are the subnets' prefixes unless it says VCN_CIDRS.
    network: {
      host: hostAddress(subnets),
      prefixes: doesAnnounceVcn(stack) ? onlyResource(stack, "oci_core_vcn").cidr_blocks : subnets,
      returnPaths: 2,
    },
    endpoints: endpointsOf(wiredConnections(stack), (connection: WiredConnection, number) => {
      const type = "oci_core_ipsec_connection_tunnel_management";
      const tunnel = referenced(stack, type, connection.tunnels[number].cloudAddress);
      const ipsec = referenced(stack, "oci_core_ipsec", tunnel.ipsec_id);
      const { cloudAddress, presharedKey } = deployedTunnel(deployed, connection.key, number);
      const { bgp_session_info: session, encryption_domain_config: domain } = tunnel;
      return {
        ...toIke(tunnel),
        outsideIp: cloudAddress,
        localId: cloudAddress,
        remoteId: ipsec.cpe_local_identifier ?? referenced(stack, "oci_core_cpe", ipsec.cpe_id).ip_address,
        psk: presharedKey,
        doesInitiate: tunnel.oracle_can_initiate !== "RESPONDER_ONLY",
        localSelectors: domain?.oracle_traffic_selector ?? ANY,
        remoteSelectors: domain?.cpe_traffic_selector ?? ANY,
        cloudInside: session ? withoutLength(session.oracle_interface_ip) : `192.0.0.${number}`,
        controllerInside: session ? withoutLength(session.customer_interface_ip) : `192.0.0.${number + 2}`,
        insideLength: session ? Number(String(session.oracle_interface_ip).split("/")[1]) : 32,
        mtu: 1_446,
        localAsn: ORACLE_ASN,
        remoteAsn: Number(session?.customer_bgp_asn ?? 0),
        routing: tunnel.routing === "BGP" ? "bgp" : "static",
        // Of a policy-based tunnel too, the domains are what it routes.
        sitePrefixes: domain?.cpe_traffic_selector ?? ipsec.static_routes,
        bgpKeepaliveSeconds: BGP.keepalive,
        bgpHoldSeconds: BGP.hold,
        bgpPassive: false,
        sendMed: -1,
        returnPreference: 100,
      };
    }),
  };
};

type IkeSide = Pick<
  LabEndpoint,
  | "ikeVersion"
  | "ikeProposal"
  | "espProposal"
  | "ikeLifetimeSeconds"
  | "espLifetimeSeconds"
  | "rekeyMarginSeconds"
  | "rekeyFuzzPercent"
  | "dpdDelaySeconds"
  | "dpdGiveUpSeconds"
  | "dpdAction"
>;

function toIke({ ike_version, phase_one_details: one, phase_two_details: two, dpd_config }: Resource): IkeSide {
  const isPfs = two.is_pfs_enabled !== false;
  const dpd = dpd_config?.[0] ?? {};
  const integrity = two.custom_authentication_algorithm;
  return {
    ikeVersion: ike_version === "V2" ? 2 : 1,
    ikeProposal: ikeProposal({
      encryption: [lookUp(PHASE_1_ENCRYPTION, one.custom_encryption_algorithm, "a phase 1 encryption")],
      integrity: [lookUp(PHASE_1_INTEGRITY, one.custom_authentication_algorithm, "a phase 1 authentication")],
      group: [groupWord(lookUp(GROUPS, one.custom_dh_group, "a DH group"))],
    }),
    espProposal: espProposal({
      encryption: [lookUp(PHASE_2_ENCRYPTION, two.custom_encryption_algorithm, "a phase 2 encryption")],
      integrity: integrity === undefined ? [] : [lookUp(PHASE_2_INTEGRITY, integrity, "a phase 2 authentication")],
      group: isPfs ? [groupWord(lookUp(GROUPS, two.dh_group ?? "GROUP5", "a DH group"))] : [],
    }),
    ikeLifetimeSeconds: one.lifetime ?? 28_800,
    espLifetimeSeconds: two.lifetime ?? 3_600,
    rekeyMarginSeconds: REKEY.marginSeconds,
    rekeyFuzzPercent: REKEY.fuzzPercent,
    dpdDelaySeconds: DPD_DELAY_SECONDS,
    dpdGiveUpSeconds: (dpd.dpd_timeout_in_sec ?? 20) - DPD_DELAY_SECONDS,
    dpdAction: "clear",
  };
}

function doesAnnounceVcn(stack: Parameters<ReadPeers>[0]): boolean {
  return onlyResource(stack, "oci_core_drg_attachment").network_details?.vcn_route_type === "VCN_CIDRS";
}

const withoutLength = (address: string): string => address.split("/")[0] as string;
