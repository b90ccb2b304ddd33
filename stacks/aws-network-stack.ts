import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import type { Alarm } from "../config/alarm";
import { AWS_PERIOD_MINUTES, awsPeriods } from "../config/alarm-latency";
import { oneSubnetPerZone } from "../config/aws-zones";
import { PROPOSALS } from "../config/proposals";
import { alarmTopicName, resourceName } from "../config/resource-names";
import type { AwsNetwork, Connection } from "../config/site";
import { FACTS_VERSION, NETWORK_FACTS_OUTPUT, type NetworkFacts, TUNNEL_FACTS_OUTPUT } from "../config/tunnel-facts";
import { TUNNEL_PARAMETERS } from "../config/tunnel-parameters";
import type { Cidr } from "../config/values/cidr";
import { toVariableName } from "../config/values/secret-ref";
import { alarmTopicArn } from "../modules/aws/account";
import { AwsSiteGateway } from "../modules/aws/site-gateway";
import { AwsTunnelAlarms } from "../modules/aws/tunnel-alarms";
import { AwsVcNodeSecurityGroup } from "../modules/aws/vc-node-security-group";
import { AwsVpc } from "../modules/aws/vpc";
import { type AwsTunnelOutputs, AwsVpnConnection } from "../modules/aws/vpn-connection";
import { applyTags } from "../modules/common/tags";
import { TunnelKey } from "../modules/common/tunnel-key";
import { addAwsProvider, addBackend, type StackBackend } from "./providers";
import { SiteStack } from "./site-stack";
import { tunnelAlarmTexts } from "./tunnel-alarm-texts";

export interface AwsNetworkStackProps {
  /** Every resource's name begins with it. */
  readonly site: string;
  readonly network: AwsNetwork;
  /** Those that end in this network. */
  readonly connections: readonly Connection[];
  /**
   * Those that watch one of the connections.
   * @default - none
   */
  readonly alarms?: readonly Alarm[];
  readonly tags: Readonly<Record<string, string>>;
  readonly backend: StackBackend;
}

/** The VPC and what the connections need of it, as ids. */
interface Place {
  readonly vpcId: string;
  readonly subnetIds: Readonly<Record<string, string>>;
  readonly routeTables: readonly { readonly key: string; readonly id: string }[];
  readonly securityGroupId: string;
}

/** One VPC with all its VPN connections: one Terraform state. */
export class AwsNetworkStack extends SiteStack {
  constructor(scope: Construct, name: string, props: AwsNetworkStackProps) {
    super(scope, name);
    const { network, connections } = props;
    const networkName = `${props.site}-${network.key}`;
    const sitePrefixes = [...new Set(connections.flatMap(({ controller }) => controller.subnets))];
    addAwsProvider(this, { region: network.region });
    addBackend(this, name, props.backend);
    const place = network.existing ? existingPlace(network) : this.makePlace(networkName, network, sitePrefixes);
    // A network that is only peered has nothing that a gateway would lead to.
    const facts = connections.length === 0 ? [] : this.connectAll(networkName, props, place, sitePrefixes);
    this.publish(name, props, place, Object.fromEntries(facts));
    applyTags(this, props.tags);
  }

  private connectAll(
    networkName: string,
    props: AwsNetworkStackProps,
    place: Place,
    sitePrefixes: readonly Cidr[],
  ): (readonly [key: string, facts: object])[] {
    const { network, connections } = props;
    const gateway = new AwsSiteGateway(this, "gateway", {
      name: networkName,
      kind: network.gateway,
      vpcId: place.vpcId,
      asn: network.asn,
      existingGatewayId: network.existing?.vpnGatewayId ?? network.existing?.transitGatewayId,
      attachmentSubnetIds: oneSubnetPerZone(network.subnets).map((key) => place.subnetIds[key] as string),
      routeTables: place.routeTables,
      sitePrefixes,
    });
    return connections.map((connection) => [connection.key, this.connect(props, gateway, connection)] as const);
  }

  private makePlace(name: string, network: AwsNetwork, sitePrefixes: readonly Cidr[]): Place {
    const vpc = new AwsVpc(this, "network", {
      name,
      cidr: network.cidr,
      subnets: network.subnets.map((subnet) => ({
        key: subnet.key,
        cidr: subnet.cidr,
        availabilityZone: subnet.availabilityZone,
        isPublic: subnet.public,
      })),
      natGatewaySubnet: network.natGateway,
    });
    const group = new AwsVcNodeSecurityGroup(this, "vc-nodes", { name, vpcId: vpc.vpcId, sitePrefixes });
    return {
      vpcId: vpc.vpcId,
      subnetIds: vpc.subnetIds,
      routeTables: vpc.routeTables,
      securityGroupId: group.securityGroupId,
    };
  }

  private connect(props: AwsNetworkStackProps, gateway: AwsSiteGateway, connection: Connection) {
    const { site, network } = props;
    const { controller, tunnels } = connection;
    const [key1, key2] = tunnels.map(
      ({ number, pskEpoch, psk }) =>
        new TunnelKey(this, `key-${connection.key}-${number}`, {
          epoch: pskEpoch,
          variableName: psk && toVariableName(psk),
        }),
    ) as [TunnelKey, TunnelKey];
    const vpn = new AwsVpnConnection(this, `connection-${connection.key}`, {
      name: `${site}-${connection.key}`,
      gateway,
      controller: {
        publicIp: controller.publicIp,
        asn: controller.asn,
        isBehindNat: controller.behindNat,
        subnets: controller.subnets,
      },
      routing: connection.routing,
      selectors:
        connection.mode === "policy-based"
          ? { controller: controller.subnets[0] as Cidr, cloud: network.cidr }
          : undefined,
      tunnels: [
        { insideCidr: tunnels[0].insideCidr, presharedKey: key1.value },
        { insideCidr: tunnels[1].insideCidr, presharedKey: key2.value },
      ],
      proposals: PROPOSALS.aws,
      parameters: TUNNEL_PARAMETERS.aws,
    });
    this.watch(props, connection, vpn);
    const fact = (outputs: AwsTunnelOutputs, pskEpoch: number) => ({ ...outputs, pskEpoch });
    return {
      controller: controller.key,
      network: network.id,
      tunnels: { 1: fact(vpn.tunnels[0], tunnels[0].pskEpoch), 2: fact(vpn.tunnels[1], tunnels[1].pskEpoch) },
    };
  }

  /** An alarm lies in its connection's own state: it can't outlive it, nor watch one that was replaced. */
  private watch({ site, network, alarms }: AwsNetworkStackProps, connection: Connection, vpn: AwsVpnConnection): void {
    const [first, second] = vpn.tunnels;
    const texts = tunnelAlarmTexts(site, connection, [first.cloudAddress, second.cloudAddress]);
    for (const alarm of alarms?.filter(({ watch }) => watch.includes(connection.key)) ?? []) {
      new AwsTunnelAlarms(this, `alarm-${alarm.key}-${connection.key}`, {
        name: `${resourceName(site, alarm.key)}-${connection.key}`,
        vpnConnectionId: vpn.vpnConnectionId,
        texts,
        topicArn: alarmTopicArn(this, network.region, alarmTopicName(site, alarm.key)),
        periodSeconds: AWS_PERIOD_MINUTES * 60,
        periods: awsPeriods(alarm.pendingMinutes),
      });
    }
  }

  private publish(
    name: string,
    { network }: AwsNetworkStackProps,
    place: Place,
    connections: Readonly<Record<string, object>>,
  ): void {
    const networkFacts: NetworkFacts = {
      version: FACTS_VERSION,
      network: network.id,
      securityGroup: place.securityGroupId,
      subnets: { ...place.subnetIds },
    };
    new TerraformOutput(this, TUNNEL_FACTS_OUTPUT, {
      value: { version: FACTS_VERSION, stack: name, connections },
      sensitive: true,
    });
    new TerraformOutput(this, NETWORK_FACTS_OUTPUT, { value: networkFacts });
  }
}

function existingPlace({ existing, subnets }: AwsNetwork): Place {
  if (!existing) throw new Error("the network is not an existing one");
  return {
    vpcId: existing.vpcId,
    subnetIds: Object.fromEntries(subnets.map(({ key, subnetId }) => [key, subnetId ?? ""])),
    routeTables: existing.routeTableIds.map((id) => ({ key: id, id })),
    securityGroupId: existing.securityGroupId,
  };
}
