import { CoreIpsecConnectionTunnelManagement } from "@cdktf/provider-oci/core-ipsec-connection-tunnel-management";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import type { Proposal } from "../../config/proposals";
import type { TunnelParameters } from "../../config/tunnel-parameters";
import type { Asn } from "../../config/values/asn";
import { type Cidr, prefixLength } from "../../config/values/cidr";
import type { IpAddress } from "../../config/values/ip-address";
import { toOciProposal } from "./oci-proposal";

export interface OciTunnelProps {
  readonly name: string;
  readonly ipsecId: string;
  readonly tunnelId: string;
  readonly presharedKey: string;
  readonly inside: OciInsideAddresses;
  readonly routing: OciTunnelRouting;
  /** Where NAT stands before the controller, Oracle can't begin: it waits for the controller. */
  readonly isBehindNat: boolean;
  readonly proposals: readonly Proposal[];
  readonly parameters: TunnelParameters;
  /**
   * The tunnel that is changed before this one, so that a change never takes both down at once.
   * @default - none
   */
  readonly after?: OciTunnel;
}

export interface OciInsideAddresses {
  readonly insideCidr: Cidr;
  readonly cloudInsideAddress: IpAddress;
  readonly controllerInsideAddress: IpAddress;
}

export type OciTunnelRouting =
  | { readonly type: "BGP"; readonly customerAsn: Asn }
  /** The inside addresses are given here too: both ends can be pinged through the tunnel. */
  | { readonly type: "STATIC" }
  /** No inside addresses: only packets of this one prefix pair go through. */
  | { readonly type: "POLICY"; readonly controllerPrefixes: readonly Cidr[]; readonly cloudPrefixes: readonly Cidr[] };

export interface OciTunnelOutputs {
  readonly cloudAddress: string;
  readonly cloudInsideAddress: string;
  readonly controllerInsideAddress: string;
  readonly presharedKey: string;
}

/**
 * What one of an IPSec connection's two tunnels is set to: IKEv2 with one proposal, key, DPD, routing.
 *
 * **DESTROYING THIS LEAVES THE TUNNEL AS IT IS.** OCI's tunnels come and go with their IPSec connection; Terraform's
 * resource only changes what is there, and its destruction resets nothing, the key included. To close a tunnel, destroy
 * the connection. A change of the routing or of BGP's values takes the tunnel down while OCI makes it anew.
 * @see https://registry.terraform.io/providers/oracle/oci/latest/docs/resources/core_ipsec_connection_tunnel_management
 */
export class OciTunnel extends Construct {
  readonly outputs: OciTunnelOutputs;
  private readonly tunnel: CoreIpsecConnectionTunnelManagement;

  constructor(scope: Construct, id: string, props: OciTunnelProps) {
    super(scope, id);
    this.tunnel = new CoreIpsecConnectionTunnelManagement(this, "tunnel", {
      ipsecId: props.ipsecId,
      tunnelId: props.tunnelId,
      displayName: props.name,
      sharedSecret: props.presharedKey,
      ikeVersion: "V2",
      natTranslationEnabled: "AUTO",
      oracleCanInitiate: props.isBehindNat ? "RESPONDER_ONLY" : "INITIATOR_OR_RESPONDER",
      dpdConfig: [{ dpdMode: "INITIATE_AND_RESPOND", dpdTimeoutInSec: props.parameters.cloudDpdTimeoutSeconds }],
      routing: props.routing.type,
      ...routingDetails(props),
      ...toOciProposal(props.proposals, props.parameters),
      dependsOn: props.after && [props.after.tunnel],
    });
    this.outputs = {
      cloudAddress: this.tunnel.vpnIp,
      ...(props.routing.type === "POLICY" ? plannedAddresses(props.inside) : actualAddresses(this.tunnel)),
      presharedKey: this.tunnel.sharedSecret,
    };
  }
}

function routingDetails({ routing, inside }: OciTunnelProps) {
  if (routing.type === "POLICY") {
    return {
      encryptionDomainConfig: {
        cpeTrafficSelector: [...routing.controllerPrefixes],
        oracleTrafficSelector: [...routing.cloudPrefixes],
      },
    };
  }
  const length = prefixLength(inside.insideCidr);
  return {
    bgpSessionInfo: {
      // OCI refuses an ASN where the routing is static.
      ...(routing.type === "BGP" && { customerBgpAsn: String(routing.customerAsn) }),
      customerInterfaceIp: `${inside.controllerInsideAddress}/${length}`,
      oracleInterfaceIp: `${inside.cloudInsideAddress}/${length}`,
    },
  };
}

/** What OCI has, without the prefix length. */
function actualAddresses({ bgpSessionInfo }: CoreIpsecConnectionTunnelManagement) {
  const withoutLength = (address: string): string => Fn.element(Fn.split("/", address), 0);
  return {
    cloudInsideAddress: withoutLength(bgpSessionInfo.oracleInterfaceIp),
    controllerInsideAddress: withoutLength(bgpSessionInfo.customerInterfaceIp),
  };
}

/** OCI knows nothing of them: they are the connection's own numbering, and stay what the site says. */
function plannedAddresses({ cloudInsideAddress, controllerInsideAddress }: OciInsideAddresses) {
  return { cloudInsideAddress, controllerInsideAddress };
}
