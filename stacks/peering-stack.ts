import type { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { oneSubnetPerZone } from "../config/aws-zones";
import { isPeerManaged, type Peering, type PeerVpc, type TransitPeering, type VpcPeering } from "../config/peering";
import { resourceName } from "../config/resource-names";
import type { AwsNetwork } from "../config/site";
import { type AwsLanSide, AwsLanSideLookup } from "../modules/aws/lan-side";
import { AwsTransitLan, type AwsTransitSide } from "../modules/aws/transit-lan";
import { AwsVpcPeering } from "../modules/aws/vpc-peering";
import { applyTags } from "../modules/common/tags";
import { addAwsAccountProvider, addAwsPeerProvider, addBackend, type StackBackend } from "./providers";
import { SiteStack } from "./site-stack";

export interface PeeringStackProps {
  /** Every resource's name begins with it. */
  readonly site: string;
  readonly peering: Peering;
  /** The networks that the peering names, by their ids. */
  readonly networks: ReadonlyMap<string, AwsNetwork>;
  readonly tags: Readonly<Record<string, string>>;
  readonly backend: StackBackend;
}

/** Networks that become one LAN: nothing of the networks themselves is in this state. */
export class PeeringStack extends SiteStack {
  private readonly site: string;
  private readonly networks: ReadonlyMap<string, AwsNetwork>;

  constructor(scope: Construct, name: string, props: PeeringStackProps) {
    super(scope, name);
    this.site = props.site;
    this.networks = props.networks;
    addBackend(this, name, props.backend);
    if (props.peering.type === "vpc") this.joinTwo(props.peering);
    else this.joinMany(props.peering);
    applyTags(this, props.tags);
  }

  private joinTwo(peering: VpcPeering): void {
    const network = this.network(peering.network);
    addAwsAccountProvider(this, { region: network.region });
    const other = peering.peerNetwork === undefined ? undefined : this.network(peering.peerNetwork);
    const peer = other ?? peering.peerVpc;
    if (!peer) throw new Error("a peering has two ends");
    const accountId = other ? undefined : peering.peerVpc?.accountId;
    const isFar = peer.region !== network.region || accountId !== undefined;
    const isManaged = other !== undefined || isPeerManaged(peering.peerVpc as PeerVpc);
    const provider = isFar && isManaged ? addAwsPeerProvider(this, this.peerPlace(peering, peer.region)) : undefined;
    new AwsVpcPeering(this, "peering", {
      name: resourceName(this.site, peering.key),
      requester: this.side("requester", network),
      accepter: other ? this.side("accepter", other, provider) : toSide(peering.peerVpc as PeerVpc, provider),
      accepterRegion: peer.region === network.region ? undefined : peer.region,
      accepterAccountId: accountId,
      isAccepterManaged: isManaged,
      enableDns: peering.dns,
      allow: peering.allow,
    });
  }

  private joinMany(peering: TransitPeering): void {
    const networks = peering.networks.map((id) => this.network(id));
    addAwsAccountProvider(this, { region: (networks[0] as AwsNetwork).region });
    new AwsTransitLan(this, "lan", {
      name: resourceName(this.site, peering.key),
      asn: peering.asn,
      sides: networks.map((network): AwsTransitSide => {
        const subnets = oneSubnetPerZone(network.subnets);
        const side = this.side(network.key, network, undefined, subnets);
        return { ...side, key: network.key, attachmentSubnetIds: subnets.map((key) => side.subnetIds[key] as string) };
      }),
      allow: peering.allow,
    });
  }

  private peerPlace({ peerVpc }: VpcPeering, region: string) {
    return { region, accountId: peerVpc?.accountId, roleArn: peerVpc?.roleArn };
  }

  private network(id: string): AwsNetwork {
    const network = this.networks.get(id);
    if (!network) throw new Error(`no network ${id}`);
    return network;
  }

  private side(id: string, network: AwsNetwork, provider?: TerraformProvider, subnets: readonly string[] = []) {
    const { existing, cidr } = network;
    if (existing) {
      return {
        vpcId: existing.vpcId,
        cidrs: [cidr],
        routeTables: existing.routeTableIds.map((table) => ({ key: table, id: table })),
        securityGroupId: existing.securityGroupId,
        provider,
        subnetIds: Object.fromEntries(network.subnets.map((subnet) => [subnet.key, subnet.subnetId ?? ""])),
      };
    }
    const kinds = new Set(
      network.subnets.map((subnet) => (subnet.public ? ("public" as const) : ("private" as const))),
    );
    const { vpcId, cidrs, routeTables, securityGroupId, subnetIds } = new AwsLanSideLookup(this, id, {
      name: resourceName(this.site, network.key),
      cidr,
      routeTables: [...kinds],
      subnets,
      provider,
    });
    return { vpcId, cidrs, routeTables, securityGroupId, provider, subnetIds };
  }
}

function toSide({ vpcId, cidrs, routeTableIds, securityGroupId }: PeerVpc, provider?: TerraformProvider): AwsLanSide {
  return { vpcId, cidrs, routeTables: routeTableIds.map((id) => ({ key: id, id })), securityGroupId, provider };
}
