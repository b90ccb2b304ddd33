import { LocalNetworkGateway } from "@cdktf/provider-azurerm/lib/local-network-gateway";
import { VirtualNetworkGatewayConnection } from "@cdktf/provider-azurerm/lib/virtual-network-gateway-connection";
import { Construct } from "constructs";
import type { Proposal } from "../../config/proposals";
import type { TunnelParameters } from "../../config/tunnel-parameters";
import type { Asn } from "../../config/values/asn";
import type { Cidr } from "../../config/values/cidr";
import type { IpAddress } from "../../config/values/ip-address";
import { toAzureProposal } from "./azure-proposal";

export interface AzureVpnConnectionProps {
  readonly name: string;
  readonly location: string;
  readonly resourceGroupName: string;
  readonly gateway: { readonly gatewayId: string; readonly publicAddresses: readonly [string, string] };
  readonly controller: AzureController;
  readonly routing: "bgp" | "static";
  /**
   * The VNet's prefix of a policy-based connection; the other side of the pair is the controller's subnets.
   * @default - route-based: any to any
   */
  readonly policyPrefix?: Cidr;
  /** Of both tunnels: Azure has one key a connection, and its two tunnels are one connection. */
  readonly presharedKey: string;
  readonly inside: AzureInsideAddresses;
  readonly proposals: readonly Proposal[];
  readonly parameters: TunnelParameters;
}

export interface AzureController {
  readonly publicIp: IpAddress;
  readonly asn: Asn;
  readonly isBehindNat: boolean;
  readonly subnets: readonly Cidr[];
}

export interface AzureInsideAddresses {
  /** Instance 1's and instance 2's. Only BGP uses them, but each tunnel has its own. */
  readonly cloud: readonly [IpAddress, IpAddress];
  /** One for both tunnels: a local network gateway has one BGP address. */
  readonly controller: IpAddress;
}

export interface AzureTunnelOutputs {
  readonly cloudAddress: string;
  readonly cloudInsideAddress: string;
  readonly controllerInsideAddress: string;
  readonly presharedKey: string;
}

/** As long as the gateway's own: Azure makes a gateway's connections one after the other. */
const TIMEOUT = "90m";

/**
 * A local network gateway and the one connection to it. Both instances of the gateway open a tunnel to the controller,
 * so that one connection is two tunnels, which therefore share one key.
 *
 * With BGP both instances peer with the controller's one inside address, each from its own. Azure never opens that
 * session: the controller does.
 * @see https://learn.microsoft.com/azure/vpn-gateway/about-active-active-gateways
 * @see https://learn.microsoft.com/azure/vpn-gateway/configure-bgp
 */
export class AzureVpnConnection extends Construct {
  readonly connectionId: string;
  readonly tunnels: readonly [AzureTunnelOutputs, AzureTunnelOutputs];

  constructor(scope: Construct, id: string, props: AzureVpnConnectionProps) {
    super(scope, id);
    const localNetworkGateway = this.makeLocalNetworkGateway(props);
    const connection = this.makeConnection(props, localNetworkGateway);
    this.connectionId = connection.id;
    const inside = props.routing === "bgp" ? actualAddresses(connection, localNetworkGateway) : props.inside;
    const toOutputs = (instance: 0 | 1): AzureTunnelOutputs => ({
      cloudAddress: props.gateway.publicAddresses[instance],
      cloudInsideAddress: inside.cloud[instance],
      controllerInsideAddress: inside.controller,
      presharedKey: connection.sharedKey,
    });
    this.tunnels = [toOutputs(0), toOutputs(1)];
  }

  private makeLocalNetworkGateway(props: AzureVpnConnectionProps): LocalNetworkGateway {
    const { name, location, resourceGroupName, controller, inside } = props;
    return new LocalNetworkGateway(this, "controller", {
      name,
      location,
      resourceGroupName,
      gatewayAddress: controller.publicIp,
      // What stands in the address space becomes a static route, which BGP must not have beside its own.
      ...(props.routing === "bgp"
        ? { bgpSettings: { asn: controller.asn, bgpPeeringAddress: inside.controller } }
        : { addressSpace: [...controller.subnets] }),
    });
  }

  private makeConnection(props: AzureVpnConnectionProps, localNetworkGateway: LocalNetworkGateway) {
    const { name, location, resourceGroupName, controller, inside, parameters } = props;
    return new VirtualNetworkGatewayConnection(this, "connection", {
      name,
      location,
      resourceGroupName,
      type: "IPsec",
      virtualNetworkGatewayId: props.gateway.gatewayId,
      localNetworkGatewayId: localNetworkGateway.id,
      sharedKey: props.presharedKey,
      connectionProtocol: "IKEv2",
      // Where NAT stands before the controller, Azure can't begin: it waits for the controller.
      connectionMode: controller.isBehindNat ? "ResponderOnly" : "Default",
      dpdTimeoutSeconds: parameters.cloudDpdTimeoutSeconds,
      // Azure's own proposals have DH group 2 only, which Debian's Libreswan does not know.
      ipsecPolicy: toAzureProposal(props.proposals, parameters),
      enableBgp: props.routing === "bgp",
      ...(props.routing === "bgp" && { customBgpAddresses: { primary: inside.cloud[0], secondary: inside.cloud[1] } }),
      ...(props.policyPrefix !== undefined && {
        usePolicyBasedTrafficSelectors: true,
        trafficSelectorPolicy: [
          { localAddressCidrs: [props.policyPrefix], remoteAddressCidrs: [...controller.subnets] },
        ],
      }),
      timeouts: { create: TIMEOUT, update: TIMEOUT, delete: TIMEOUT },
    });
  }
}

function actualAddresses(connection: VirtualNetworkGatewayConnection, localNetworkGateway: LocalNetworkGateway) {
  const { primary, secondary } = connection.customBgpAddresses;
  return { cloud: [primary, secondary], controller: localNetworkGateway.bgpSettings.bgpPeeringAddress } as const;
}
