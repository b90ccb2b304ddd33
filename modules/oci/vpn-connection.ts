import { CoreCpe } from "@cdktf/provider-oci/core-cpe";
import { CoreIpsec } from "@cdktf/provider-oci/core-ipsec";
import { DataOciCoreIpsecConnectionTunnels } from "@cdktf/provider-oci/data-oci-core-ipsec-connection-tunnels";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import type { Proposal } from "../../config/proposals";
import type { TunnelParameters } from "../../config/tunnel-parameters";
import type { Asn } from "../../config/values/asn";
import type { Cidr } from "../../config/values/cidr";
import type { IpAddress } from "../../config/values/ip-address";
import { type OciInsideAddresses, OciTunnel, type OciTunnelOutputs, type OciTunnelRouting } from "./tunnel";

export interface OciVpnConnectionProps {
  readonly name: string;
  readonly compartmentId: string;
  readonly drgId: string;
  readonly controller: OciController;
  readonly routing: "bgp" | "static";
  /**
   * The VCN's prefix of a policy-based connection; the other side of the pair is the controller's subnets.
   * @default - route-based: any to any
   */
  readonly policyPrefix?: Cidr;
  readonly tunnels: readonly [OciConnectionTunnel, OciConnectionTunnel];
  readonly proposals: readonly Proposal[];
  readonly parameters: TunnelParameters;
}

export interface OciController {
  readonly publicIp: IpAddress;
  readonly asn: Asn;
  readonly isBehindNat: boolean;
  /** At most 10 where the routing is static. */
  readonly subnets: readonly Cidr[];
}

export interface OciConnectionTunnel extends OciInsideAddresses {
  readonly presharedKey: string;
}

/**
 * A CPE and its IPSec connection with both tunnels set. `OciTunnel` says, loudly, what destroying does and does not.
 *
 * A controller's new public address makes a new CPE and so a new connection, with other headend addresses, which reach
 * the controller with the tunnel facts. No `prevent_destroy` against it: Terraform takes no variable there, so that a
 * wanted `cdktf destroy` would be impossible too; the plan says what is replaced.
 */
export class OciVpnConnection extends Construct {
  readonly ipsecId: string;
  readonly tunnels: readonly [OciTunnelOutputs, OciTunnelOutputs];

  constructor(scope: Construct, id: string, props: OciVpnConnectionProps) {
    super(scope, id);
    const ipsec = this.makeIpsec(props);
    const [tunnelId1, tunnelId2] = this.readTunnelIds(ipsec);
    const first = this.makeTunnel(props, ipsec, 1, tunnelId1);
    const second = this.makeTunnel(props, ipsec, 2, tunnelId2, first);
    this.ipsecId = ipsec.id;
    this.tunnels = [first.outputs, second.outputs];
  }

  private makeIpsec({ name, compartmentId, drgId, controller, routing }: OciVpnConnectionProps): CoreIpsec {
    const cpe = new CoreCpe(this, "cpe", { compartmentId, displayName: name, ipAddress: controller.publicIp });
    return new CoreIpsec(this, "connection", {
      compartmentId,
      cpeId: cpe.id,
      drgId,
      displayName: name,
      // The IKE identity that Oracle expects; behind NAT the controller's own address would be another.
      cpeLocalIdentifier: controller.publicIp,
      cpeLocalIdentifierType: "IP_ADDRESS",
      // Required with BGP too, at most 10, and not used then: the tunnels are static for the moment before they are
      // set.
      staticRoutes: routing === "bgp" ? controller.subnets.slice(0, 1) : [...controller.subnets],
    });
  }

  /**
   * Oracle makes both tunnels and lists them in no promised order. Tunnel 1 is the one whose headend address sorts
   * first as text (`values()` of a map goes by its sorted keys): so the inside addresses stay where they are, whatever
   * the order.
   */
  private readTunnelIds(ipsec: CoreIpsec): readonly [string, string] {
    const tunnels = new DataOciCoreIpsecConnectionTunnels(this, "tunnels", { ipsecId: ipsec.id });
    const attributeOfAll = (name: string) => tunnels.getListAttribute(`ip_sec_connection_tunnels[*].${name}`);
    const ids = Fn.values(Fn.zipmap(attributeOfAll("vpn_ip"), attributeOfAll("id")));
    return [Fn.element(ids, 0), Fn.element(ids, 1)];
  }

  private makeTunnel(
    props: OciVpnConnectionProps,
    ipsec: CoreIpsec,
    number: 1 | 2,
    tunnelId: string,
    after?: OciTunnel,
  ): OciTunnel {
    const { presharedKey, ...inside } = props.tunnels[number - 1] as OciConnectionTunnel;
    return new OciTunnel(this, `tunnel-${number}`, {
      name: `${props.name}-${number}`,
      ipsecId: ipsec.id,
      tunnelId,
      presharedKey,
      inside,
      routing: toTunnelRouting(props),
      isBehindNat: props.controller.isBehindNat,
      proposals: props.proposals,
      parameters: props.parameters,
      after,
    });
  }
}

function toTunnelRouting({ routing, controller, policyPrefix }: OciVpnConnectionProps): OciTunnelRouting {
  if (policyPrefix !== undefined) {
    return { type: "POLICY", controllerPrefixes: controller.subnets, cloudPrefixes: [policyPrefix] };
  }
  return routing === "bgp" ? { type: "BGP", customerAsn: controller.asn } : { type: "STATIC" };
}
