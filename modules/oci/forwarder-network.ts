import { CoreDefaultSecurityList } from "@cdktf/provider-oci/core-default-security-list";
import { CoreNatGateway } from "@cdktf/provider-oci/core-nat-gateway";
import { CoreNetworkSecurityGroup } from "@cdktf/provider-oci/core-network-security-group";
import { CoreNetworkSecurityGroupSecurityRule } from "@cdktf/provider-oci/core-network-security-group-security-rule";
import { CorePublicIp } from "@cdktf/provider-oci/core-public-ip";
import { CoreRouteTable } from "@cdktf/provider-oci/core-route-table";
import { CoreSubnet } from "@cdktf/provider-oci/core-subnet";
import { CoreVcn } from "@cdktf/provider-oci/core-vcn";
import { Construct } from "constructs";

export interface OciForwarderNetworkProps {
  readonly compartmentId: string;
  readonly name: string;
}

/** Joined to nothing, so that it may be the same everywhere. */
const CIDR = "192.168.255.0/28";
const TCP = "6";

/**
 * A VCN of the forwarder's own, which no VPN ends in: what breaks the watched network does not break the alarm's way out. Out by
 * HTTPS alone, through a NAT gateway whose address is reserved, so that a relay can name it.
 */
export class OciForwarderNetwork extends Construct {
  readonly subnetId: string;
  readonly networkSecurityGroupId: string;
  /** What a relay sees. */
  readonly publicAddress: string;

  constructor(scope: Construct, id: string, { compartmentId, name }: OciForwarderNetworkProps) {
    super(scope, id);
    const vcn = new CoreVcn(this, "vcn", { compartmentId, displayName: name, cidrBlocks: [CIDR] });
    new CoreDefaultSecurityList(this, "default-security-list", {
      manageDefaultResourceId: vcn.defaultSecurityListId,
      compartmentId,
      displayName: `${name}-default`,
    });
    const address = new CorePublicIp(this, "address", { compartmentId, displayName: name, lifetime: "RESERVED" });
    // OCI would tie the address to the NAT gateway behind Terraform's back, and the next plan would take it away again.
    address.addOverride("lifecycle.ignore_changes", ["private_ip_id"]);
    const nat = new CoreNatGateway(this, "nat-gateway", {
      compartmentId,
      vcnId: vcn.id,
      displayName: name,
      publicIpId: address.id,
    });
    const routes = new CoreRouteTable(this, "routes", {
      compartmentId,
      vcnId: vcn.id,
      displayName: name,
      routeRules: [{ networkEntityId: nat.id, destination: "0.0.0.0/0", destinationType: "CIDR_BLOCK" }],
    });
    const subnet = new CoreSubnet(this, "subnet", {
      compartmentId,
      vcnId: vcn.id,
      displayName: name,
      cidrBlock: CIDR,
      routeTableId: routes.id,
      prohibitPublicIpOnVnic: true,
      prohibitInternetIngress: true,
    });
    const group = new CoreNetworkSecurityGroup(this, "group", { compartmentId, vcnId: vcn.id, displayName: name });
    new CoreNetworkSecurityGroupSecurityRule(this, "https-out", {
      networkSecurityGroupId: group.id,
      direction: "EGRESS",
      destination: "0.0.0.0/0",
      destinationType: "CIDR_BLOCK",
      protocol: TCP,
      tcpOptions: { destinationPortRange: { min: 443, max: 443 } },
      description: "the relay, the vault",
    });
    this.subnetId = subnet.id;
    this.networkSecurityGroupId = group.id;
    this.publicAddress = nat.natIp;
  }
}
