import { Route } from "@cdktf/provider-aws/lib/route";
import { VpcPeeringConnection } from "@cdktf/provider-aws/lib/vpc-peering-connection";
import { VpcPeeringConnectionAccepterA } from "@cdktf/provider-aws/lib/vpc-peering-connection-accepter";
import { VpcPeeringConnectionOptions } from "@cdktf/provider-aws/lib/vpc-peering-connection-options";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { accountId } from "./account";
import { type AwsAllowedTraffic, AwsLanRules } from "./lan-rules";
import type { AwsLanSide } from "./lan-side";

export interface AwsVpcPeeringProps {
  /** Name tag. */
  readonly name: string;
  /** The side that asks. */
  readonly requester: AwsLanSide;
  readonly accepter: AwsLanSide;
  /** Region of the accepter. @default - the requester's */
  readonly accepterRegion?: string;
  /** Account of the accepter, 12 digits. @default - the requester's */
  readonly accepterAccountId?: string;
  /** Whether this stack may act for the accepter. Where it may not, the accepter's owner accepts and makes its half. */
  readonly isAccepterManaged: boolean;
  /** Whether each side resolves the other's public host names to private addresses. */
  readonly enableDns: boolean;
  readonly allow: readonly AwsAllowedTraffic[];
}

/**
 * Two VPCs that reach each other: the peering, the routes of both sides, names and security groups.
 * @see https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
 */
export class AwsVpcPeering extends Construct {
  constructor(scope: Construct, id: string, props: AwsVpcPeeringProps) {
    super(scope, id);
    const { requester, accepter, isAccepterManaged } = props;
    const isNear = props.accepterRegion === undefined && props.accepterAccountId === undefined;
    const peering = new VpcPeeringConnection(this, "peering", {
      vpcId: requester.vpcId,
      peerVpcId: accepter.vpcId,
      peerRegion: props.accepterRegion,
      peerOwnerId: props.accepterAccountId,
      autoAccept: isNear,
      tags: { Name: props.name },
    });
    const active = isNear || !isAccepterManaged ? peering : this.accept(props, peering.id);
    if (isAccepterManaged && props.enableDns) this.shareNames(props, peering.id, active, isNear);
    this.makeRoutes("there", requester, accepter, peering.id, active);
    this.letIn("in", requester, accepter, props, active);
    if (!isAccepterManaged) return;
    this.makeRoutes("back", accepter, requester, peering.id, active);
    this.letIn("out", accepter, requester, props, active);
  }

  private accept({ name, accepter }: AwsVpcPeeringProps, vpcPeeringConnectionId: string): ITerraformDependable {
    return new VpcPeeringConnectionAccepterA(this, "accepter", {
      vpcPeeringConnectionId,
      autoAccept: true,
      provider: accepter.provider,
      tags: { Name: name },
    });
  }

  /** Each side sets its own half; only where both are one account and region one call sets both. */
  private shareNames(
    { accepter }: AwsVpcPeeringProps,
    vpcPeeringConnectionId: string,
    active: ITerraformDependable,
    isNear: boolean,
  ): void {
    const half = { allowRemoteVpcDnsResolution: true };
    new VpcPeeringConnectionOptions(this, "names", {
      vpcPeeringConnectionId,
      requester: half,
      ...(isNear ? { accepter: half } : {}),
      dependsOn: [active],
    });
    if (isNear) return;
    new VpcPeeringConnectionOptions(this, "names-of-accepter", {
      vpcPeeringConnectionId,
      accepter: half,
      provider: accepter.provider,
      dependsOn: [active],
    });
  }

  private makeRoutes(
    way: string,
    from: AwsLanSide,
    to: AwsLanSide,
    vpcPeeringConnectionId: string,
    active: ITerraformDependable,
  ): void {
    for (const { key, id } of from.routeTables) {
      for (const cidr of to.cidrs) {
        new Route(this, `${way}-${key}-to-${cidr.replace("/", "_")}`, {
          routeTableId: id,
          destinationCidrBlock: cidr,
          vpcPeeringConnectionId,
          provider: from.provider,
          dependsOn: [active],
        });
      }
    }
  }

  /**
   * A group may name a group of the other side, together with its account, in the same region only.
   * @see https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html
   */
  private letIn(
    id: string,
    into: AwsLanSide,
    from: AwsLanSide,
    { accepterRegion, accepterAccountId, requester, allow, name }: AwsVpcPeeringProps,
    active: ITerraformDependable,
  ): void {
    if (into.securityGroupId === undefined) return;
    const isNamed = accepterRegion === undefined && from.securityGroupId !== undefined;
    const owner = accepterAccountId && `${from === requester ? accountId(this) : accepterAccountId}/`;
    new AwsLanRules(this, id, {
      securityGroupId: into.securityGroupId,
      from: isNamed
        ? [{ securityGroupId: `${owner ?? ""}${from.securityGroupId}` }]
        : from.cidrs.map((cidr) => ({ cidr })),
      allow,
      description: `peering ${name}`,
      provider: into.provider,
      dependsOn: [active],
    });
  }
}
