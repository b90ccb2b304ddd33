import { Password } from "@cdktf/provider-random/lib/password";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import type { Alarm, Chat, Relay } from "../config/alarm";
import { HEARTBEAT_PATIENCE_HOURS, METRIC_NAMESPACE } from "../config/heartbeat";
import { relayName, resourceName } from "../config/resource-names";
import type { Connection, OracleNetwork } from "../config/site";
import { ALARM_HEADER, IDEMPOTENCY_HEADER, TOKEN_HEADER } from "../functions/alarm-forwarder/env";
import { chatNotifierVariables } from "../functions/chat-notifier/env";
import { relayAuthorizerVariables } from "../functions/relay-authorizer/env";
import { relayIntakeVariables } from "../functions/relay-intake/env";
import { applyTags } from "../modules/common/tags";
import { OciAlarmApi } from "../modules/oci/alarm-api";
import { OciAlarmQueue } from "../modules/oci/alarm-queue";
import { OciFunctionAlarms } from "../modules/oci/function-alarms";
import { OciFunctions } from "../modules/oci/functions";
import { OciNetworkLookup } from "../modules/oci/network-lookup";
import { OciPermissions } from "../modules/oci/permissions";
import { OciQueueConnector } from "../modules/oci/queue-connector";
import { OciRelayNetwork } from "../modules/oci/relay-network";
import { OciVault } from "../modules/oci/vault-secret";
import { chatSecretValue } from "./chat-secret";
import { addBackend, addOracleHomeProvider, addOracleProvider, type StackBackend } from "./providers";
import { RELAY_TOKEN, RELAY_TOKEN_OUTPUT, RELAY_URL_OUTPUT } from "./relay-outputs";
import { SiteStack } from "./site-stack";

export interface OracleRelayStackProps {
  /** Every resource's name begins with it. */
  readonly site: string;
  readonly relay: Relay;
  readonly network: OracleNetwork;
  /** The connection that carries messages home. */
  readonly carrier: Connection;
  readonly chat: Chat;
  /** Those that it carries. */
  readonly alarms: readonly Alarm[];
  readonly hasHeartbeat: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly backend: StackBackend;
}

const AUTHORIZER_TIMEOUT_SECONDS = 10;
const INTAKE_TIMEOUT_SECONDS = 30;
const NOTIFIER_TIMEOUT_SECONDS = 120;
/** A turn lasts longer than a call of the notifier, with what the connector needs around it. */
const TURN_SECONDS = 300;

/** The functions and what they may do. */
interface Parts {
  readonly prefix: string;
  readonly functions: OciFunctions;
  readonly vault: OciVault;
  readonly permissions: OciPermissions;
}

/** The relay on Oracle Cloud: API gateway, queue, notifier in the VCN, and mail where the relay itself fails. One Terraform state. */
export class OracleRelayStack extends SiteStack {
  constructor(scope: Construct, name: string, props: OracleRelayStackProps) {
    super(scope, name);
    const { relay, network } = props;
    const { compartmentId, tenancyId, region } = network;
    const prefix = relayName(props.site, relay.key);
    addOracleProvider(this, { region });
    const homeProvider = addOracleHomeProvider(this, { tenancyId });
    addBackend(this, name, props.backend);
    const place = this.makePlace(prefix, props);
    const parts = {
      prefix,
      functions: new OciFunctions(this, "functions", {
        compartmentId,
        name: prefix,
        region,
        subnetId: place.functions.subnetId,
        networkSecurityGroupIds: [place.functions.groupId],
      }),
      vault: new OciVault(this, "vault", { compartmentId, name: prefix }),
      permissions: new OciPermissions(this, "permissions", { name: prefix, tenancyId, homeProvider }),
    };
    const token = new Password(this, "token", { ...RELAY_TOKEN, keepers: { epoch: String(relay.tokenEpoch) } }).result;
    const queue = new OciAlarmQueue(this, "queue", { compartmentId, name: prefix, visibilitySeconds: TURN_SECONDS });
    const api = new OciAlarmApi(this, "api", {
      compartmentId,
      name: prefix,
      subnetId: place.gateway.subnetId,
      networkSecurityGroupId: place.gateway.groupId,
      logGroupId: parts.functions.logGroupId,
      authorizerId: this.makeAuthorizer(props, parts, token),
      intakeId: this.makeIntake(props, parts, queue),
      headers: { token: TOKEN_HEADER, alarm: ALARM_HEADER, idempotencyKey: IDEMPOTENCY_HEADER },
    });
    parts.permissions.allow(
      "gateway",
      "The API gateway calls the functions",
      `any-user to use functions-family in compartment id ${compartmentId} where all {request.principal.type = 'ApiGateway', request.resource.compartment.id = '${compartmentId}'}`,
    );
    this.makeNotifier(props, parts, queue);
    new TerraformOutput(this, RELAY_URL_OUTPUT, { value: api.url, staticId: true });
    new TerraformOutput(this, RELAY_TOKEN_OUTPUT, { value: token, sensitive: true, staticId: true });
    applyTags(this, props.tags);
  }

  private makePlace(prefix: string, { site, relay, network, carrier, chat }: OracleRelayStackProps): OciRelayNetwork {
    const { compartmentId } = network;
    // The rules have refused a relay on oracle without them.
    if (!relay.gatewayCidr || !relay.functionCidr || !chat.address) throw new Error(`relays.${relay.key} has no place`);
    const { vcnId, drgId } = new OciNetworkLookup(this, "lookup", {
      compartmentId,
      name: resourceName(site, network.key),
    });
    return new OciRelayNetwork(this, "network", {
      compartmentId,
      name: prefix,
      vcnId,
      drgId,
      gatewayCidr: relay.gatewayCidr,
      functionCidr: relay.functionCidr,
      allow: relay.allow,
      sitePrefixes: carrier.controller.subnets,
      chatAddress: chat.address,
      chatPort: chat.port,
    });
  }

  private makeAuthorizer({ network, relay }: OracleRelayStackProps, parts: Parts, token: string): string {
    const tokenSecretId = parts.vault.addSecret("token", `What opens the relay ${relay.key}`, token);
    const id = parts.functions.addFunction({
      name: "relay-authorizer",
      variables: relayAuthorizerVariables({ tokenSecretId }),
      timeoutSeconds: AUTHORIZER_TIMEOUT_SECONDS,
    });
    parts.permissions.allow(
      "authorizer",
      "The authorizer reads both versions of the relay's token and no other secret",
      `dynamic-group ${parts.permissions.addFunctionGroup("authorizer", id)} to read secret-bundles in compartment id ${network.compartmentId} where target.secret.id = '${tokenSecretId}'`,
    );
    return id;
  }

  private makeIntake({ network }: OracleRelayStackProps, parts: Parts, queue: OciAlarmQueue): string {
    const id = parts.functions.addFunction({
      name: "relay-intake",
      variables: relayIntakeVariables({ queueId: queue.queueId, queueEndpoint: queue.messagesEndpoint }),
      timeoutSeconds: INTAKE_TIMEOUT_SECONDS,
    });
    parts.permissions.allow(
      "intake",
      "The intake writes into the relay's queue",
      `dynamic-group ${parts.permissions.addFunctionGroup("intake", id)} to use queue-push in compartment id ${network.compartmentId} where target.queue.id = '${queue.queueId}'`,
    );
    return id;
  }

  private makeNotifier(props: OracleRelayStackProps, parts: Parts, queue: OciAlarmQueue): void {
    const { site, chat } = props;
    const { compartmentId } = props.network;
    const { permissions, prefix } = parts;
    const chatSecretId = parts.vault.addSecret("chat", `Where the chat ${chat.key} is`, chatSecretValue(this, chat));
    const functionId = parts.functions.addFunction({
      name: "chat-notifier",
      variables: chatNotifierVariables({
        site,
        language: chat.language,
        chatType: chat.type,
        chatSecretId,
        chatCa: chat.ca,
        heartbeatMetricNamespace: METRIC_NAMESPACE,
      }),
      timeoutSeconds: NOTIFIER_TIMEOUT_SECONDS,
    });
    permissions.allow(
      "notifier",
      "The notifier reads where the chat is and no other secret",
      `dynamic-group ${permissions.addFunctionGroup("notifier", functionId)} to read secret-bundles in compartment id ${compartmentId} where target.secret.id = '${chatSecretId}'`,
    );
    const connector = `request.principal.type = 'serviceconnector', request.principal.compartment.id = '${compartmentId}'`;
    new OciQueueConnector(this, "connector", {
      compartmentId,
      name: prefix,
      queueId: queue.queueId,
      functionId,
      after: [
        permissions.allow(
          "connector-queue",
          "The connector takes messages out of the relay's queue",
          `any-user to {QUEUE_READ, QUEUE_CONSUME} in compartment id ${compartmentId} where all {${connector}, target.queue.id = '${queue.queueId}'}`,
        ),
        permissions.allow(
          "connector-function",
          "The connector finds the notifier",
          `any-user to use fn-function in compartment id ${compartmentId} where all {${connector}}`,
        ),
        permissions.allow(
          "connector-invocation",
          "The connector calls the notifier",
          `any-user to use fn-invocation in compartment id ${compartmentId} where all {${connector}}`,
        ),
      ],
    });
    const emails = [...new Set(props.alarms.flatMap((alarm) => alarm.emails))];
    if (emails.length === 0) return;
    const hours = HEARTBEAT_PATIENCE_HOURS;
    const silence = {
      hours,
      text: `Nothing, not even a heartbeat, has come through the relay ${prefix} for ${hours} hours: a road is broken somewhere.`,
    };
    new OciFunctionAlarms(this, "alarms", {
      compartmentId,
      name: prefix,
      functionId,
      emails,
      failingText: `Alarms wait in the queue ${prefix}: the chat server does not take them.`,
      silence: props.hasHeartbeat ? silence : undefined,
    });
  }
}
