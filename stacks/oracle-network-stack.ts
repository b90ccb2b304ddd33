import { OnsNotificationTopic } from "@cdktf/provider-oci/ons-notification-topic";
import { OnsSubscription } from "@cdktf/provider-oci/ons-subscription";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import type { Alarm } from "../config/alarm";
import { ORACLE_SLACK_MINUTES } from "../config/alarm-latency";
import { PROPOSALS } from "../config/proposals";
import { oracleTopicName, resourceName } from "../config/resource-names";
import type { Connection, OracleNetwork, Tunnel } from "../config/site";
import { FACTS_VERSION, NETWORK_FACTS_OUTPUT, type NetworkFacts, TUNNEL_FACTS_OUTPUT } from "../config/tunnel-facts";
import { TUNNEL_PARAMETERS } from "../config/tunnel-parameters";
import type { Cidr } from "../config/values/cidr";
import { toVariableName } from "../config/values/secret-ref";
import { applyTags } from "../modules/common/tags";
import { TunnelKey } from "../modules/common/tunnel-key";
import { OciDrg } from "../modules/oci/drg";
import { OciSubnets } from "../modules/oci/subnets";
import { OciTunnelAlarms } from "../modules/oci/tunnel-alarms";
import { OciVcNodeSecurity } from "../modules/oci/vc-node-security";
import { OciVcn } from "../modules/oci/vcn";
import { type OciConnectionTunnel, OciVpnConnection } from "../modules/oci/vpn-connection";
import { addBackend, addOracleProvider, type StackBackend } from "./providers";
import { SiteStack } from "./site-stack";
import { tunnelAlarmTexts } from "./tunnel-alarm-texts";

export interface OracleNetworkStackProps {
  /** Every resource's name begins with it. */
  readonly site: string;
  readonly network: OracleNetwork;
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

/** The VCN and what the connections need of it, as ids. */
interface Place {
  readonly drgId: string;
  readonly subnetIds: Readonly<Record<string, string>>;
  /** None of ours in an existing VCN. */
  readonly securityGroupId?: string;
}

/**
 * One VCN with all its IPSec connections: one Terraform state. An existing VCN gets CPEs, IPSec connections and their
 * tunnels' settings on its DRG, nothing else: the routes to the site in its route tables, what its security lists let
 * in, and whether its DRG spreads traffic over both tunnels (ECMP), stay its owner's.
 */
export class OracleNetworkStack extends SiteStack {
  constructor(scope: Construct, name: string, props: OracleNetworkStackProps) {
    super(scope, name);
    const { network, connections } = props;
    addOracleProvider(this, { region: network.region });
    addBackend(this, name, props.backend);
    const place = network.existing ? existingPlace(network) : this.makePlace(props);
    const topicIds = new Map(props.alarms?.map((alarm) => [alarm.key, this.makeTopic(props, alarm)]));
    const facts = connections.map(
      (connection) => [connection.key, this.connect(props, place, connection, topicIds)] as const,
    );
    this.publish(name, network, place, Object.fromEntries(facts));
    applyTags(this, props.tags);
  }

  private makePlace({ site, network, connections }: OracleNetworkStackProps): Place {
    const sitePrefixes: Cidr[] = [...new Set(connections.flatMap(({ controller }) => controller.subnets))];
    const common = { compartmentId: network.compartmentId, name: resourceName(site, network.key) };
    const { vcnId } = new OciVcn(this, "network", { ...common, cidr: network.cidr });
    const { drgId } = new OciDrg(this, "gateway", {
      ...common,
      vcnId,
      enableEcmp: connections.some(({ balance }) => balance === "active-active"),
    });
    const security = new OciVcNodeSecurity(this, "vc-nodes", { ...common, vcnId, cidr: network.cidr, sitePrefixes });
    const { subnetIds } = new OciSubnets(this, "subnets", {
      ...common,
      vcnId,
      drgId,
      securityListId: security.securityListId,
      subnets: network.subnets.map(({ key, cidr }) => ({ key, cidr })),
      sitePrefixes,
    });
    return { drgId, subnetIds, securityGroupId: security.networkSecurityGroupId };
  }

  /** The start of a road. What forwards from it lies in a stack of its own, which finds it by its name. */
  private makeTopic({ site, network }: OracleNetworkStackProps, alarm: Alarm): string {
    const { compartmentId } = network;
    const topic = new OnsNotificationTopic(this, `topic-${alarm.key}`, {
      compartmentId,
      name: oracleTopicName(site, alarm.key, network.key),
      description: alarm.description ?? `Alarms of ${network.id}`,
    });
    for (const email of alarm.emails) {
      new OnsSubscription(this, `email-${alarm.key}-${email}`, {
        compartmentId,
        topicId: topic.topicId,
        protocol: "EMAIL",
        endpoint: email,
      });
    }
    return topic.topicId;
  }

  /** An alarm lies in its connection's own state: it can't outlive it, nor watch one that was replaced. */
  private watch(
    { site, network, alarms }: OracleNetworkStackProps,
    connection: Connection,
    vpn: OciVpnConnection,
    topicIds: ReadonlyMap<string, string>,
  ): void {
    const [first, second] = vpn.tunnels;
    const texts = tunnelAlarmTexts(site, connection, [first.cloudAddress, second.cloudAddress]);
    for (const alarm of alarms?.filter(({ watch }) => watch.includes(connection.key)) ?? []) {
      new OciTunnelAlarms(this, `alarm-${alarm.key}-${connection.key}`, {
        name: `${resourceName(site, alarm.key)}-${connection.key}`,
        compartmentId: network.compartmentId,
        ipsecId: vpn.ipsecId,
        topicId: topicIds.get(alarm.key) as string,
        texts,
        pendingMinutes: alarm.pendingMinutes,
        slackMinutes: ORACLE_SLACK_MINUTES,
        repeatMinutes: alarm.repeatMinutes,
      });
    }
  }

  private connect(
    props: OracleNetworkStackProps,
    place: Place,
    connection: Connection,
    topicIds: ReadonlyMap<string, string>,
  ) {
    const { site, network } = props;
    const { controller, tunnels } = connection;
    const vpn = new OciVpnConnection(this, `connection-${connection.key}`, {
      name: resourceName(site, connection.key),
      compartmentId: network.compartmentId,
      drgId: place.drgId,
      controller: {
        publicIp: controller.publicIp,
        asn: controller.asn,
        isBehindNat: controller.behindNat,
        subnets: controller.subnets,
      },
      routing: connection.routing,
      policyPrefix: connection.mode === "policy-based" ? network.cidr : undefined,
      tunnels: [this.toTunnel(connection, tunnels[0]), this.toTunnel(connection, tunnels[1])],
      proposals: PROPOSALS.oracle,
      parameters: TUNNEL_PARAMETERS.oracle,
    });
    this.watch(props, connection, vpn, topicIds);
    return {
      controller: controller.key,
      network: network.id,
      tunnels: {
        1: { ...vpn.tunnels[0], pskEpoch: tunnels[0].pskEpoch },
        2: { ...vpn.tunnels[1], pskEpoch: tunnels[1].pskEpoch },
      },
    };
  }

  private toTunnel({ key }: Connection, tunnel: Tunnel): OciConnectionTunnel {
    const presharedKey = new TunnelKey(this, `key-${key}-${tunnel.number}`, {
      epoch: tunnel.pskEpoch,
      variableName: tunnel.psk && toVariableName(tunnel.psk),
    });
    return {
      insideCidr: tunnel.insideCidr,
      cloudInsideAddress: tunnel.cloudInsideAddress,
      controllerInsideAddress: tunnel.controllerInsideAddress,
      presharedKey: presharedKey.value,
    };
  }

  private publish(name: string, network: OracleNetwork, place: Place, connections: Record<string, object>): void {
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

function existingPlace({ existing, subnets }: OracleNetwork): Place {
  if (!existing) throw new Error("the network is not an existing one");
  return {
    drgId: existing.drgId,
    subnetIds: Object.fromEntries(subnets.map(({ key, subnetId }) => [key, subnetId ?? ""])),
  };
}
