import { DataAzurermVirtualNetworkGateway } from "@cdktf/provider-azurerm/lib/data-azurerm-virtual-network-gateway";
import { ResourceGroup } from "@cdktf/provider-azurerm/lib/resource-group";
import type { Construct } from "constructs";
import type { Alarm } from "../config/alarm";
import { azureWindowMinutes } from "../config/alarm-latency";
import { resourceName } from "../config/resource-names";
import { roadName } from "../config/roads";
import type { AzureNetwork, Connection } from "../config/site";
import { ALARM_HEADER, IDEMPOTENCY_HEADER, TOKEN_HEADER } from "../functions/alarm-forwarder/env";
import { heartbeatEvent } from "../functions/common/alarm-event";
import { AzureActionGroup } from "../modules/azure/action-group";
import { AzureRelayWorkflow } from "../modules/azure/relay-workflow";
import { AzureTokenVault } from "../modules/azure/token-vault";
import { AzureTunnelAlerts, GATEWAY_INSTANCES } from "../modules/azure/tunnel-alerts";
import { AzureWorkflowAlert } from "../modules/azure/workflow-alert";
import { applyTags } from "../modules/common/tags";
import { addAzureProvider, addBackend, type StackBackend } from "./providers";
import { readRelayAccess } from "./relay-outputs";
import { SiteStack } from "./site-stack";
import { tunnelAlarmTexts } from "./tunnel-alarm-texts";

export interface AzureAlarmsStackProps {
  /** Every resource's name begins with it. */
  readonly site: string;
  readonly network: AzureNetwork;
  /** Those that end in this network. */
  readonly connections: readonly Connection[];
  /** Those that watch one of the connections. */
  readonly alarms: readonly Alarm[];
  /** Stacks of the relays that carry them, by the relay's key; they are deployed before this one. */
  readonly relayStacks: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly backend: StackBackend;
}

interface Place {
  readonly prefix: string;
  readonly location: string;
  readonly resourceGroupName: string;
  readonly gatewayId: string;
}

interface RelayPlace {
  readonly url: string;
  readonly tokenSecretUrl: string;
}

/**
 * What watches a network's tunnels on Azure, and what takes its alerts to people and to the relays: in a resource group of its
 * own, deployed after the network's stack, whose gateway it finds by name. One Terraform state.
 */
export class AzureAlarmsStack extends SiteStack {
  constructor(scope: Construct, name: string, props: AzureAlarmsStackProps) {
    super(scope, name);
    const { network, site } = props;
    const { location } = network;
    addAzureProvider(this);
    addBackend(this, name, props.backend);
    const prefix = `${resourceName(site, network.key)}-alarms`;
    const gateway = new DataAzurermVirtualNetworkGateway(this, "gateway", {
      name: network.existing?.gatewayName ?? resourceName(site, network.key),
      resourceGroupName: network.existing?.resourceGroup ?? resourceName(site, network.key),
    });
    const { name: resourceGroupName } = new ResourceGroup(this, "resource-group", { name: prefix, location });
    const place = { prefix, location, resourceGroupName, gatewayId: gateway.id };
    const vault = props.alarms.some(({ relay }) => relay !== undefined)
      ? new AzureTokenVault(this, "vault", place)
      : undefined;
    const relays = vault ? this.readRelays(props, vault) : new Map<string, RelayPlace>();
    for (const alarm of props.alarms) {
      const relay = relays.get(alarm.relay ?? "");
      this.watch(props, place, alarm, vault && relay && this.forward(props, place, alarm, vault, relay));
    }
    applyTags(this, props.tags);
  }

  /** Each relay's token once, however many alarms it carries. */
  private readRelays({ alarms, relayStacks, backend }: AzureAlarmsStackProps, vault: AzureTokenVault) {
    const keys = [...new Set(alarms.flatMap(({ relay }) => relay ?? []))];
    return new Map(
      keys.map((key): [string, RelayPlace] => {
        const { url, token } = readRelayAccess(this, relayStacks[key] as string, backend);
        return [key, { url, tokenSecretUrl: vault.addSecret(`token-${key}`, token) }];
      }),
    );
  }

  private watch(
    { site, connections }: AzureAlarmsStackProps,
    place: Place,
    alarm: Alarm,
    workflow?: AzureRelayWorkflow,
  ) {
    const group = new AzureActionGroup(this, `group-${alarm.key}`, {
      name: resourceName(site, alarm.key),
      shortName: alarm.key,
      resourceGroupName: place.resourceGroupName,
      emails: alarm.emails,
      workflow,
    });
    for (const connection of connections.filter(({ key }) => alarm.watch.includes(key))) {
      new AzureTunnelAlerts(this, `alarm-${alarm.key}-${connection.key}`, {
        name: `${resourceName(site, alarm.key)}-${connection.key}`,
        resourceGroupName: place.resourceGroupName,
        gatewayId: place.gatewayId,
        connectionName: resourceName(site, connection.key),
        texts: tunnelAlarmTexts(site, connection, GATEWAY_INSTANCES),
        actionGroupId: group.actionGroupId,
        windowMinutes: azureWindowMinutes(alarm.pendingMinutes),
      });
    }
  }

  private forward(
    { site, network }: AzureAlarmsStackProps,
    place: Place,
    { key, heartbeat, emails }: Alarm,
    vault: AzureTokenVault,
    { url, tokenSecretUrl }: RelayPlace,
  ): AzureRelayWorkflow {
    const workflow = new AzureRelayWorkflow(this, `workflow-${key}`, {
      // A workflow's name has 43 characters at most; its resource group says the rest.
      name: key,
      location: place.location,
      resourceGroupName: place.resourceGroupName,
      relayUrl: `${url}/azure`,
      tokenSecretUrl,
      headers: { token: TOKEN_HEADER, alarm: ALARM_HEADER, idempotencyKey: IDEMPOTENCY_HEADER },
      heartbeat: heartbeat ? heartbeatEvent("azure", site, roadName(key, network.id)) : undefined,
    });
    const permission = vault.letRead(key, workflow.identity);
    if (heartbeat) workflow.beatDaily([permission]);
    if (emails.length > 0) {
      new AzureWorkflowAlert(this, `failed-${key}`, {
        name: `${place.prefix}-${key}-failed`,
        resourceGroupName: place.resourceGroupName,
        workflowId: workflow.workflowId,
        emails,
      });
    }
    return workflow;
  }
}
