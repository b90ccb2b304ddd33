import { CoreInternetGateway } from "@cdktf/provider-oci/core-internet-gateway";
import { CoreNetworkSecurityGroup } from "@cdktf/provider-oci/core-network-security-group";
import {
  CoreNetworkSecurityGroupSecurityRule,
  type CoreNetworkSecurityGroupSecurityRuleConfig,
} from "@cdktf/provider-oci/core-network-security-group-security-rule";
import { CoreRouteTable, type CoreRouteTableRouteRules } from "@cdktf/provider-oci/core-route-table";
import { CoreServiceGateway } from "@cdktf/provider-oci/core-service-gateway";
import { CoreSubnet } from "@cdktf/provider-oci/core-subnet";
import { DataOciCoreServices } from "@cdktf/provider-oci/data-oci-core-services";
import { Construct } from "constructs";
import type { Cidr } from "../../config/values/cidr";
import type { IpAddress } from "../../config/values/ip-address";

export interface OciRelayNetworkProps {
  readonly compartmentId: string;
  readonly name: string;
  readonly vcnId: string;
  readonly drgId: string;
  readonly gatewayCidr: Cidr;
  readonly functionCidr: Cidr;
  /** Who may call the gateway. Empty: whoever has the token. */
  readonly allow: readonly Cidr[];
  /** Prefixes behind the controller: the way to the chat server. */
  readonly sitePrefixes: readonly Cidr[];
  readonly chatAddress: IpAddress;
  readonly chatPort: number;
}

const TCP = "6";
const ANYWHERE = "0.0.0.0/0";
const HTTPS = { destinationPortRange: { min: 443, max: 443 } };

/** A subnet, and the group that says what its interfaces may do. */
export interface OciRelayPlace {
  readonly subnetId: string;
  readonly groupId: string;
}

/**
 * Two subnets of the VCN that the connection ends in: a public one for the API gateway, and one for the functions from which ways
 * lead to Oracle's own services and to the site over the VPN, none to the Internet.
 * @see https://docs.oracle.com/en-us/iaas/Content/APIGateway/Tasks/apigatewayprerequisites.htm
 */
export class OciRelayNetwork extends Construct {
  readonly gateway: OciRelayPlace;
  readonly functions: OciRelayPlace;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: OciRelayNetworkProps,
  ) {
    super(scope, id);
    this.gateway = this.makeGatewayPlace();
    this.functions = this.makeFunctionPlace();
  }

  private makeGatewayPlace(): OciRelayPlace {
    const { compartmentId, vcnId, name, gatewayCidr, allow } = this.props;
    const internet = new CoreInternetGateway(this, "internet", { compartmentId, vcnId, displayName: name });
    const subnetId = this.makeSubnet("gateway", gatewayCidr, true, [
      { networkEntityId: internet.id, destination: ANYWHERE, destinationType: "CIDR_BLOCK" },
    ]);
    const groupId = this.makeGroup("gateway");
    for (const source of allow.length > 0 ? allow : [ANYWHERE]) {
      this.addRule(groupId, `in-from-${source.replace("/", "_")}`, {
        direction: "INGRESS",
        source,
        sourceType: "CIDR_BLOCK",
        tcpOptions: HTTPS,
        description: allow.length > 0 ? "a forwarder" : "whoever has the token",
      });
    }
    this.addRule(groupId, "gateway-out", {
      direction: "EGRESS",
      destination: ANYWHERE,
      destinationType: "CIDR_BLOCK",
      tcpOptions: HTTPS,
      description: "the functions' service",
    });
    return { subnetId, groupId };
  }

  private makeFunctionPlace(): OciRelayPlace {
    const { compartmentId, vcnId, drgId, name, functionCidr, sitePrefixes, chatAddress, chatPort } = this.props;
    const service = new DataOciCoreServices(this, "services", {
      filter: [{ name: "name", values: ["All .* Services In Oracle Services Network"], regex: true }],
    }).services.get(0);
    const services = new CoreServiceGateway(this, "service-gateway", {
      compartmentId,
      vcnId,
      displayName: name,
      services: [{ serviceId: service.id }],
    });
    const subnetId = this.makeSubnet("functions", functionCidr, false, [
      { networkEntityId: services.id, destination: service.cidrBlock, destinationType: "SERVICE_CIDR_BLOCK" },
      ...sitePrefixes.map((destination) => ({
        networkEntityId: drgId,
        destination,
        destinationType: "CIDR_BLOCK",
        description: "the site over the VPN",
      })),
    ]);
    const groupId = this.makeGroup("functions");
    this.addRule(groupId, "chat-out", {
      direction: "EGRESS",
      destination: `${chatAddress}/32`,
      destinationType: "CIDR_BLOCK",
      tcpOptions: { destinationPortRange: { min: chatPort, max: chatPort } },
      description: "the chat server",
    });
    this.addRule(groupId, "services-out", {
      direction: "EGRESS",
      destination: service.cidrBlock,
      destinationType: "SERVICE_CIDR_BLOCK",
      tcpOptions: HTTPS,
      description: "the vault, the queue",
    });
    return { subnetId, groupId };
  }

  private makeSubnet(key: string, cidrBlock: Cidr, isPublic: boolean, routeRules: CoreRouteTableRouteRules[]): string {
    const { compartmentId, vcnId } = this.props;
    const displayName = `${this.props.name}-${key}`;
    const routes = new CoreRouteTable(this, `${key}-routes`, { compartmentId, vcnId, displayName, routeRules });
    return new CoreSubnet(this, `${key}-subnet`, {
      compartmentId,
      vcnId,
      displayName,
      cidrBlock,
      routeTableId: routes.id,
      prohibitPublicIpOnVnic: !isPublic,
      prohibitInternetIngress: !isPublic,
    }).id;
  }

  private makeGroup(key: string): string {
    const { compartmentId, vcnId, name } = this.props;
    return new CoreNetworkSecurityGroup(this, `${key}-group`, { compartmentId, vcnId, displayName: `${name}-${key}` })
      .id;
  }

  private addRule(
    networkSecurityGroupId: string,
    id: string,
    rule: Omit<CoreNetworkSecurityGroupSecurityRuleConfig, "networkSecurityGroupId" | "protocol">,
  ): void {
    new CoreNetworkSecurityGroupSecurityRule(this, id, { networkSecurityGroupId, protocol: TCP, ...rule });
  }
}
