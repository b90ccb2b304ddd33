import type { LabEndpoint } from "./lab-file";
import { ANY, deployedTunnel, endpointsOf, hostAddress, type ReadPeers } from "./peer";
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

/** @see https://learn.microsoft.com/azure/vpn-gateway/ipsec-ike-policy-howto */
const IKE_ENCRYPTION = {
  GCMAES256: "aes256gcm16",
  GCMAES128: "aes128gcm16",
  AES256: "aes256",
  AES192: "aes192",
  AES128: "aes128",
};
const IKE_INTEGRITY = { SHA384: "sha384", SHA256: "sha256", SHA1: "sha1", MD5: "md5" };
const IPSEC_ENCRYPTION = { ...IKE_ENCRYPTION, GCMAES192: "aes192gcm16" };
const IPSEC_INTEGRITY = { SHA256: "sha256", SHA1: "sha1", MD5: "md5" };
const DH_GROUP = { DHGroup1: 1, DHGroup2: 2, DHGroup14: 14, DHGroup2048: 14, DHGroup24: 24, ECP256: 19, ECP384: 20 };
const PFS_GROUP = { PFS1: 1, PFS2: 2, PFS14: 14, PFS2048: 14, PFS24: 24, ECP256: 19, ECP384: 20 };
/** The gateway's own, where a connection has no policy: group 2 alone. @see https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-vpn-devices */
const OWN_IKE = "aes256-sha1-modp1024,aes256-sha256-modp1024,aes128-sha1-modp1024,aes128-sha256-modp1024";
const OWN_ESP = "aes256gcm16,aes256-sha1,aes256-sha256,aes128-sha1";
const OWN_SA_LIFETIME_SECONDS = 27_000;
const IKE_LIFETIME_SECONDS = 28_800;
/** @see https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-vpn-faq (fixed) */
const BGP = { keepalive: 60, hold: 180 };
const REKEY = { marginSeconds: 300, fuzzPercent: 100 };
const DPD_DELAY_SECONDS = 10;

/**
 * The two instances of an active-active gateway: one key, one proposal and no other, both peer with the controller's one BGP
 * address, wait for it to open the session, and carry what leaves by either of them.
 */
export const readAzurePeers: ReadPeers = (stack, deployed) => {
  const gateway = onlyResource(stack, "azurerm_virtual_network_gateway");
  const subnets = Object.values(resourcesOf(stack, "azurerm_subnet"))
    .filter(({ name }) => name !== "GatewaySubnet")
    .flatMap(({ address_prefixes }) => address_prefixes as string[]);
  return {
    network: {
      host: hostAddress(subnets),
      prefixes: onlyResource(stack, "azurerm_virtual_network").address_space,
      returnPaths: 2,
    },
    endpoints: endpointsOf(wiredConnections(stack), (wired: WiredConnection, number) => {
      const key = wired.tunnels[number].presharedKey;
      const connection = referenced(stack, "azurerm_virtual_network_gateway_connection", key);
      const site = referenced(stack, "azurerm_local_network_gateway", connection.local_network_gateway_id);
      const instance = instanceOf(gateway, wired.tunnels[number].cloudAddress);
      const { cloudAddress } = deployedTunnel(deployed, wired.key, number);
      const domain = connection.traffic_selector_policy?.[0];
      return {
        ...toIke(connection),
        outsideIp: cloudAddress,
        localId: cloudAddress,
        remoteId: site.gateway_address,
        // One key a connection: tunnel 1's counts for both instances.
        psk: deployedTunnel(deployed, wired.key, 1).presharedKey,
        doesInitiate: connection.connection_mode !== "ResponderOnly",
        localSelectors: domain?.local_address_cidrs ?? ANY,
        remoteSelectors: domain?.remote_address_cidrs ?? ANY,
        ...toBgp(connection, site, gateway, instance),
        mtu: 1_400,
        sitePrefixes: site.address_space ?? [],
      };
    }),
  };
};

/** Instance 0 has the first IP configuration, instance 1 the second. */
function instanceOf(gateway: Resource, cloudAddress: string): 0 | 1 {
  const { name } = reference("azurerm_public_ip", cloudAddress);
  const place = gateway.ip_configuration.findIndex(
    (configuration: Resource) => reference("azurerm_public_ip", configuration.public_ip_address_id).name === name,
  );
  if (place !== 0 && place !== 1) throw new Error(`${cloudAddress} is not an address of the gateway`);
  return place;
}

function toIke({ ipsec_policy: policy, connection_protocol, dpd_timeout_seconds }: Resource) {
  const isGcm = String(policy?.ipsec_encryption).startsWith("GCM");
  if (isGcm && policy.ipsec_integrity !== policy.ipsec_encryption)
    throw new Error(`Azure refuses ${policy.ipsec_encryption} with ${policy.ipsec_integrity}`);
  return {
    ikeVersion: connection_protocol === "IKEv1" ? 1 : 2,
    ikeProposal: policy
      ? ikeProposal({
          encryption: [lookUp(IKE_ENCRYPTION, policy.ike_encryption, "an IKE encryption")],
          integrity: [lookUp(IKE_INTEGRITY, policy.ike_integrity, "an IKE integrity")],
          group: [groupWord(lookUp(DH_GROUP, policy.dh_group, "a DH group"))],
        })
      : OWN_IKE,
    espProposal: policy
      ? espProposal({
          encryption: [lookUp(IPSEC_ENCRYPTION, policy.ipsec_encryption, "an IPsec encryption")],
          integrity: isGcm ? [] : [lookUp(IPSEC_INTEGRITY, policy.ipsec_integrity, "an IPsec integrity")],
          group: policy.pfs_group === "None" ? [] : [groupWord(lookUp(PFS_GROUP, policy.pfs_group, "a PFS group"))],
        })
      : OWN_ESP,
    ikeLifetimeSeconds: IKE_LIFETIME_SECONDS,
    espLifetimeSeconds: policy?.sa_lifetime ?? OWN_SA_LIFETIME_SECONDS,
    rekeyMarginSeconds: REKEY.marginSeconds,
    rekeyFuzzPercent: REKEY.fuzzPercent,
    dpdDelaySeconds: DPD_DELAY_SECONDS,
    dpdGiveUpSeconds: (dpd_timeout_seconds ?? 45) - DPD_DELAY_SECONDS,
    dpdAction: "clear",
  } as const;
}

type BgpSide = Pick<
  LabEndpoint,
  | "cloudInside"
  | "controllerInside"
  | "insideLength"
  | "localAsn"
  | "remoteAsn"
  | "routing"
  | "bgpKeepaliveSeconds"
  | "bgpHoldSeconds"
  | "bgpPassive"
  | "sendMed"
  | "returnPreference"
>;

function toBgp(connection: Resource, site: Resource, gateway: Resource, instance: 0 | 1): BgpSide {
  const common = {
    insideLength: 32,
    bgpKeepaliveSeconds: BGP.keepalive,
    bgpHoldSeconds: BGP.hold,
    bgpPassive: true,
    sendMed: -1,
    returnPreference: 100,
  };
  if (connection.enable_bgp !== true) {
    // No address inside such a tunnel belongs to Azure: these are the lab's, and nobody knows them.
    const unknown = { cloudInside: `192.0.0.${8 + instance}`, controllerInside: `192.0.0.${10 + instance}` };
    return { ...common, ...unknown, localAsn: 65_515, remoteAsn: 0, routing: "static" };
  }
  const custom = connection.custom_bgp_addresses;
  const own = gateway.bgp_settings.peering_addresses[instance].apipa_addresses as string[];
  const chosen = custom ? (instance === 0 ? custom.primary : custom.secondary) : own[0];
  if (!own.includes(chosen)) throw new Error(`${chosen} is not an address of instance ${instance}`);
  return {
    ...common,
    cloudInside: chosen,
    controllerInside: site.bgp_settings.bgp_peering_address,
    localAsn: gateway.bgp_settings.asn,
    remoteAsn: site.bgp_settings.asn,
    routing: "bgp",
  };
}
