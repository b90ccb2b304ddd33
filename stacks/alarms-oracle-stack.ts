import { DataOciOnsNotificationTopics } from "@cdktf/provider-oci/data-oci-ons-notification-topics";
import { OnsSubscription } from "@cdktf/provider-oci/ons-subscription";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import type { Alarm } from "../config/alarm";
import { oracleTopicName, resourceName } from "../config/resource-names";
import { roadName } from "../config/roads";
import type { OracleNetwork } from "../config/site";
import { alarmForwarderVariables } from "../functions/alarm-forwarder/env";
import { heartbeatLabel, renderAlarmText } from "../functions/common/alarm-label";
import { applyTags } from "../modules/common/tags";
import { OciForwarderNetwork } from "../modules/oci/forwarder-network";
import { OciFunctionAlarms } from "../modules/oci/function-alarms";
import { OciFunctions } from "../modules/oci/functions";
import { OciHeartbeat } from "../modules/oci/heartbeat";
import { OciPermissions } from "../modules/oci/permissions";
import { OciVault } from "../modules/oci/vault-secret";
import { addBackend, addOracleHomeProvider, addOracleProvider, type StackBackend } from "./providers";
import { readRelayAccess } from "./relay-outputs";
import { SiteStack } from "./site-stack";

export interface OracleAlarmsStackProps {
  /** Every resource's name begins with it. */
  readonly site: string;
  readonly network: OracleNetwork;
  /** Those that watch the network's connections and have a relay; their topics lie in the network's own stack. */
  readonly alarms: readonly Alarm[];
  /** Stacks of the relays, by the relay's key; they are deployed before this one. */
  readonly relayStacks: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly backend: StackBackend;
}

/** OCI calls a function for at most five minutes; the forwarder gives up earlier, and the topic tries again for two hours. */
const TIMEOUT_SECONDS = 120;

/** What takes a network's alarms from OCI's topics to the relays: functions in a VCN of their own. One Terraform state. */
export class OracleAlarmsStack extends SiteStack {
  constructor(scope: Construct, name: string, props: OracleAlarmsStackProps) {
    super(scope, name);
    const { network } = props;
    const { compartmentId, tenancyId } = network;
    const prefix = resourceName(props.site, `${network.key}-forwarder`);
    addOracleProvider(this, { region: network.region });
    const homeProvider = addOracleHomeProvider(this, { tenancyId });
    addBackend(this, name, props.backend);
    const place = new OciForwarderNetwork(this, "network", { compartmentId, name: prefix });
    const functions = new OciFunctions(this, "functions", {
      compartmentId,
      name: prefix,
      region: network.region,
      subnetId: place.subnetId,
      networkSecurityGroupIds: [place.networkSecurityGroupId],
    });
    const vault = new OciVault(this, "vault", { compartmentId, name: prefix });
    const permissions = new OciPermissions(this, "permissions", { name: prefix, tenancyId, homeProvider });
    for (const relay of new Set(props.alarms.flatMap((alarm) => alarm.relay ?? []))) {
      this.forward(props, relay, { functions, vault, permissions });
    }
    new TerraformOutput(this, "forwarder_address", {
      value: place.publicAddress,
      description: "What the relays see: name it in relays.<key>.allow",
      staticId: true,
    });
    applyTags(this, props.tags);
  }

  private forward(
    { site, network, alarms, relayStacks, backend }: OracleAlarmsStackProps,
    relay: string,
    parts: { readonly functions: OciFunctions; readonly vault: OciVault; readonly permissions: OciPermissions },
  ): void {
    const { compartmentId } = network;
    const access = readRelayAccess(this, relayStacks[relay] as string, backend);
    const tokenSecretId = parts.vault.addSecret(`${relay}-token`, `What opens the relay ${relay}`, access.token);
    const functionId = parts.functions.addFunction({
      name: "alarm-forwarder",
      displayName: `alarm-forwarder-${relay}`,
      variables: alarmForwarderVariables({ relayUrl: access.url, source: "oci", tokenSecretId, site }),
      timeoutSeconds: TIMEOUT_SECONDS,
    });
    const group = parts.permissions.addFunctionGroup(relay, functionId);
    parts.permissions.allow(
      relay,
      `The forwarder reads the token of the relay ${relay} and no other secret`,
      `dynamic-group ${group} to read secret-bundles in compartment id ${compartmentId} where target.secret.id = '${tokenSecretId}'`,
    );
    const carried = alarms.filter((one) => one.relay === relay);
    const emails = [...new Set(carried.flatMap((alarm) => alarm.emails))];
    if (emails.length > 0) {
      new OciFunctionAlarms(this, `failed-${relay}`, {
        compartmentId,
        name: `${resourceName(site, `${network.key}-forwarder`)}-${relay}`,
        functionId,
        emails,
        failingText: `Alarms do not reach the relay ${relay}: Notifications tries each for two hours.`,
      });
    }
    for (const alarm of carried) {
      const topic = new DataOciOnsNotificationTopics(this, `topic-${alarm.key}`, {
        compartmentId,
        name: oracleTopicName(site, alarm.key, network.key),
        state: "ACTIVE",
      });
      new OnsSubscription(this, `subscription-${alarm.key}`, {
        compartmentId,
        topicId: topic.notificationTopics.get(0).topicId,
        protocol: "ORACLE_FUNCTIONS",
        endpoint: functionId,
      });
      if (!alarm.heartbeat) continue;
      new OciHeartbeat(this, `heartbeat-${alarm.key}`, {
        compartmentId,
        name: `${oracleTopicName(site, alarm.key, network.key)}-heartbeat`,
        text: renderAlarmText("The daily heartbeat.", heartbeatLabel(site, roadName(alarm.key, network.id))),
        functionId,
      });
    }
  }
}
