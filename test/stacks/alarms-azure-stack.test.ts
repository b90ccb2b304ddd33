import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App, Testing } from "cdktf";
import { parseSite } from "../../config/parse-site";
import { heartbeatEvent } from "../../functions/common/alarm-event";
import { readAlarm } from "../../functions/common/read-alarm";
import { addStacks } from "../../main";
import { stubFunctions } from "../helpers/stub-functions";
import { useFolder } from "../helpers/use-folder";

const folder = useFolder();
const EVERYTHING = readFileSync("examples/everything/site.yaml", "utf8");

function synth(edit: (text: string) => string = (text) => text): any {
  const app = Testing.stubVersion(new App({ outdir: folder(), stackTraces: false }));
  const site = parseSite(edit(EVERYTHING), "site.yaml");
  addStacks(app, site, { state: "/srv/site", functions: stubFunctions(folder()) });
  app.synth();
  return JSON.parse(readFileSync(join(folder(), "stacks/alarms-azure-japan/cdk.tf.json"), "utf8"));
}

/** As the example has it; made once. */
const known: { json?: any } = {};
function plain(): any {
  known.json ??= synth();
  return known.json;
}

const all = (json: any, type: string): any[] => Object.values(json.resource[type] ?? {});

/** The workflow's actions by name, as Azure gets them. */
function actions(json: any): Record<string, any> {
  return Object.fromEntries(
    all(json, "azurerm_logic_app_action_custom").map(({ name, body }) => [name, JSON.parse(body)]),
  );
}

describe("what carries Azure's alerts", () => {
  test("reads the token as itself, shows it in no history, and posts with the relay's headers", () => {
    const { alarm, token, relay } = actions(plain());
    expect(alarm.runAfter).toEqual({});
    expect(token.runAfter).toEqual({ alarm: ["Succeeded"] });
    expect(relay.runAfter).toEqual({ token: ["Succeeded"] });
    expect(token.inputs.authentication).toEqual({
      type: "ManagedServiceIdentity",
      audience: "https://vault.azure.net",
    });
    for (const action of [token, relay]) {
      expect(action.runtimeConfiguration).toEqual({ secureData: { properties: ["inputs", "outputs"] } });
    }
    expect(relay.operationOptions).toBe("DisableAsyncPattern");
    expect(Object.keys(relay.inputs.headers).sort()).toEqual([
      "content-type",
      "x-kakehashi-alarm",
      "x-kakehashi-idempotency-key",
      "x-kakehashi-token",
    ]);
    expect(relay.inputs.uri).toMatch(/outputs\.relay_url\}\/azure$/);
  });

  test("holds the token in the vault alone, of which the workflow may read secrets and the deployer may write them", () => {
    const json = plain();
    const text = JSON.stringify(json);
    expect(text.match(/outputs\.relay_token/g)).toHaveLength(1);
    expect(all(json, "azurerm_key_vault_secret")[0].value).toContain("outputs.relay_token");
    expect(
      all(json, "azurerm_key_vault_access_policy").map(({ object_id, secret_permissions }) => [
        object_id.includes("logic_app_workflow"),
        secret_permissions.length,
      ]),
    ).toEqual([
      [false, 5],
      [true, 1],
    ]);
  });

  test("sends a heartbeat that the notifier knows as one, once the workflow may read the token", () => {
    const json = plain();
    const text = /json\('(.*)'\), 'idempotencyKey'/.exec(actions(json).alarm.inputs)?.[1] as string;
    expect(JSON.parse(text)).toEqual(heartbeatEvent("azure", "demo", "noc:azure/japan"));
    const sent = JSON.stringify({ ...JSON.parse(text), idempotencyKey: "azure:heartbeat:1" });
    expect(readAlarm("azure", sent, { receivedAt: "2026-11-21T12:05:00.000Z" })).toMatchObject({
      isHeartbeat: true,
      idempotencyKey: "azure:heartbeat:1",
      label: { subject: "noc:azure/japan" },
    });
    const [recurrence] = all(json, "azurerm_logic_app_trigger_recurrence");
    expect(recurrence.depends_on.filter((id: string) => id.includes("access_policy"))).toHaveLength(1);
    expect(recurrence.depends_on.filter((id: string) => id.includes("action_custom"))).toHaveLength(3);
  });

  test("has no schedule where the alarm has no heartbeat, and nothing but mail where it has no relay", () => {
    const silent = synth((text) => text.replace("relay: by-aws\n", "relay: by-aws\n    heartbeat: false\n"));
    expect(all(silent, "azurerm_logic_app_trigger_recurrence")).toEqual([]);
    expect(actions(silent).alarm.inputs).toBe("@triggerBody()");
    const mail = synth((text) => text.replace("    relay: by-aws\n", ""));
    expect(Object.keys(mail.resource).sort()).toEqual([
      "azurerm_monitor_action_group",
      "azurerm_monitor_metric_alert",
      "azurerm_resource_group",
    ]);
  });
});

test("Azure's tunnels are watched by what comes in, each instance for itself and both together", () => {
  const alerts = all(plain(), "azurerm_monitor_metric_alert").filter(({ name }) => name.endsWith("-down"));
  expect(
    alerts.map(({ name, severity, window_size, criteria: [{ metric_name, dimension }] }) => [
      name,
      severity,
      window_size,
      metric_name,
      dimension.map((one: any) => [one.name, one.values.length]),
    ]),
  ).toEqual([
    ["demo-noc-tokyo-azure-all-down", 0, "PT15M", "TunnelIngressBytes", [["ConnectionName", 1]]],
    [
      "demo-noc-tokyo-azure-any-down",
      2,
      "PT15M",
      "TunnelIngressBytes",
      [
        ["ConnectionName", 1],
        ["Instance", 2],
      ],
    ],
  ]);
});

test("an existing gateway is found by its own name", () => {
  const json = synth((text) =>
    text
      .replace(
        "gatewaySubnet: 10.20.255.0/27",
        "existing: { resourceGroup: net, vnetName: hub, gatewayName: hub-vpn, publicIpNames: [a, b], securityGroupName: nodes }",
      )
      .replace("default: { cidr: 10.20.2.0/24 }", "default: { cidr: 10.20.2.0/24, subnetName: nodes }"),
  );
  expect(Object.values<any>(json.data.azurerm_virtual_network_gateway)[0]).toMatchObject({
    name: "hub-vpn",
    resource_group_name: "net",
  });
});
