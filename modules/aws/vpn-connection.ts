import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { CustomerGateway } from "@cdktf/provider-aws/lib/customer-gateway";
import { Ec2TransitGatewayRoute } from "@cdktf/provider-aws/lib/ec2-transit-gateway-route";
import { VpnConnection, type VpnConnectionConfig } from "@cdktf/provider-aws/lib/vpn-connection";
import { VpnConnectionRoute } from "@cdktf/provider-aws/lib/vpn-connection-route";
import { Construct } from "constructs";
import type { Proposal } from "../../config/proposals";
import type { TunnelParameters } from "../../config/tunnel-parameters";
import type { Asn } from "../../config/values/asn";
import type { Cidr } from "../../config/values/cidr";
import type { IpAddress } from "../../config/values/ip-address";
import { planTunnelOptions, toTunnel1Options, toTunnel2Options } from "./tunnel-options";

export interface AwsVpnConnectionProps {
  readonly name: string;
  readonly gateway: {
    readonly vpnGatewayId?: string;
    readonly transitGatewayId?: string;
    readonly transitRouteTableId?: string;
  };
  readonly controller: {
    readonly publicIp: IpAddress;
    readonly asn: Asn;
    readonly isBehindNat: boolean;
    readonly subnets: readonly Cidr[];
  };
  readonly routing: "bgp" | "static";
  /**
   * The one prefix pair of a policy-based connection.
   * @default - any to any, as route-based tunnels have it
   */
  readonly selectors?: { readonly controller: Cidr; readonly cloud: Cidr };
  readonly tunnels: readonly [AwsTunnelProps, AwsTunnelProps];
  readonly proposals: readonly Proposal[];
  readonly parameters: TunnelParameters;
}

export interface AwsTunnelProps {
  /** A /30; AWS takes its first address. Given always: AWS's answer tells the tunnels apart by it. */
  readonly insideCidr: Cidr;
  readonly presharedKey: string;
}

export interface AwsTunnelOutputs {
  readonly cloudAddress: string;
  readonly cloudInsideAddress: string;
  readonly controllerInsideAddress: string;
  readonly presharedKey: string;
}

/** `bgp_asn` takes up to 31 bits. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateCustomerGateway.html */
const MAX_PLAIN_ASN = 2_147_483_647;
const LOG_RETENTION_DAYS = 90;

/**
 * A customer gateway and its VPN connection, every option of both tunnels pinned: AWS's own defaults allow IKEv1 and
 * DH group 2, and AWS picks the lowest value that it is allowed.
 * @see https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html
 */
export class AwsVpnConnection extends Construct {
  readonly vpnConnectionId: string;
  readonly tunnels: readonly [AwsTunnelOutputs, AwsTunnelOutputs];

  constructor(scope: Construct, id: string, props: AwsVpnConnectionProps) {
    super(scope, id);
    const logGroup = new CloudwatchLogGroup(this, "logs", {
      // The prefix spares a resource policy of limited length.
      name: `/aws/vendedlogs/vpn/${props.name}`,
      retentionInDays: LOG_RETENTION_DAYS,
    });
    const common = {
      isBehindNat: props.controller.isBehindNat,
      hasBgp: props.routing === "bgp",
      proposals: props.proposals,
      parameters: props.parameters,
      logGroupArn: logGroup.arn,
    };
    const connection = new VpnConnection(this, "connection", {
      customerGatewayId: this.makeCustomerGateway(props).id,
      type: "ipsec.1",
      ...gatewayOf(props),
      staticRoutesOnly: props.routing === "static",
      localIpv4NetworkCidr: props.selectors?.controller,
      remoteIpv4NetworkCidr: props.selectors?.cloud,
      ...toTunnel1Options(planTunnelOptions({ ...common, ...props.tunnels[0] })),
      ...toTunnel2Options(planTunnelOptions({ ...common, ...props.tunnels[1] })),
      tags: { Name: props.name },
    });
    if (props.routing === "static") this.makeStaticRoutes(props, connection);
    this.vpnConnectionId = connection.id;
    this.tunnels = outputsOf(connection);
  }

  private makeCustomerGateway({ name, controller }: AwsVpnConnectionProps): CustomerGateway {
    const asn = String(controller.asn);
    return new CustomerGateway(this, "customer-gateway", {
      type: "ipsec.1",
      ipAddress: controller.publicIp,
      ...(controller.asn > MAX_PLAIN_ASN ? { bgpAsnExtended: asn } : { bgpAsn: asn }),
      tags: { Name: name },
      // Another address or ASN means another customer gateway: the connection moves to the new one before the old goes.
      lifecycle: { createBeforeDestroy: true },
    });
  }

  private makeStaticRoutes({ controller, gateway }: AwsVpnConnectionProps, connection: VpnConnection): void {
    for (const prefix of controller.subnets) {
      const id = `route-to-${prefix.replace("/", "_")}`;
      if (gateway.transitRouteTableId === undefined) {
        new VpnConnectionRoute(this, id, { vpnConnectionId: connection.id, destinationCidrBlock: prefix });
      } else {
        new Ec2TransitGatewayRoute(this, id, {
          destinationCidrBlock: prefix,
          transitGatewayAttachmentId: connection.transitGatewayAttachmentId,
          transitGatewayRouteTableId: gateway.transitRouteTableId,
        });
      }
    }
  }
}

function gatewayOf({ gateway }: AwsVpnConnectionProps): Pick<VpnConnectionConfig, "vpnGatewayId" | "transitGatewayId"> {
  return gateway.vpnGatewayId === undefined
    ? { transitGatewayId: gateway.transitGatewayId }
    : { vpnGatewayId: gateway.vpnGatewayId };
}

function outputsOf(connection: VpnConnection): readonly [AwsTunnelOutputs, AwsTunnelOutputs] {
  return [
    {
      cloudAddress: connection.tunnel1Address,
      cloudInsideAddress: connection.tunnel1VgwInsideAddress,
      controllerInsideAddress: connection.tunnel1CgwInsideAddress,
      presharedKey: connection.tunnel1PresharedKey,
    },
    {
      cloudAddress: connection.tunnel2Address,
      cloudInsideAddress: connection.tunnel2VgwInsideAddress,
      controllerInsideAddress: connection.tunnel2CgwInsideAddress,
      presharedKey: connection.tunnel2PresharedKey,
    },
  ];
}
