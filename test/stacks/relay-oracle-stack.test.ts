import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App, Testing } from "cdktf";
import { parseSite } from "../../config/parse-site";
import { addStacks } from "../../main";
import { roadSite } from "../helpers/road-site";
import { stubFunctions } from "../helpers/stub-functions";
import { useFolder } from "../helpers/use-folder";
import type { Edits } from "../helpers/whole-site";

const folder = useFolder();

function synth(...edits: Edits): any {
  const app = Testing.stubVersion(new App({ outdir: folder(), stackTraces: false }));
  addStacks(app, parseSite(roadSite(...edits), "site.yaml"), {
    state: "/srv/site",
    functions: stubFunctions(folder()),
  });
  app.synth();
  return JSON.parse(readFileSync(join(folder(), "stacks/relay-by-oracle/cdk.tf.json"), "utf8"));
}

const all = (json: any, type: string): any[] => Object.values(json.resource[type] ?? {});
const named = (json: any, name: string) =>
  all(json, "oci_functions_function").find(({ display_name }) => display_name === name);

describe("the relay on Oracle Cloud", () => {
  test("takes a POST with the token, both headers and a JSON body, and nothing else", () => {
    const json = synth();
    const { path_prefix, specification } = all(json, "oci_apigateway_deployment")[0];
    expect(path_prefix).toBe("/v1");
    expect(specification.request_policies.authentication).toMatchObject({
      type: "CUSTOM_AUTHENTICATION",
      is_anonymous_access_allowed: false,
      parameters: { token: "request.headers[x-kakehashi-token]" },
      cache_key: ["token"],
    });
    expect(specification.routes).toEqual([
      {
        path: "/alarms/{source}",
        methods: ["POST"],
        backend: { type: "ORACLE_FUNCTIONS_BACKEND", function_id: expect.stringContaining("relay-intake") },
        request_policies: {
          authorization: { type: "AUTHENTICATION_ONLY" },
          header_validations: {
            validation_mode: "ENFORCING",
            headers: [
              { name: "x-kakehashi-alarm", required: true },
              { name: "x-kakehashi-idempotency-key", required: true },
            ],
          },
          body_validation: {
            validation_mode: "ENFORCING",
            required: true,
            content: [{ media_type: "application/json", validation_type: "NONE" }],
          },
        },
      },
    ]);
    expect(json.output.relay_url.value).toMatch(/^\$\{oci_apigateway_deployment\.[\w-]+\.endpoint\}\/alarms$/);
  });

  test("lets the functions out to the chat server and to Oracle's services alone, and in nobody", () => {
    const rules = all(synth(), "oci_core_network_security_group_security_rule").map(
      ({ direction, destination_type, destination, source, tcp_options }) => [
        direction,
        destination_type ?? "",
        destination ?? source,
        tcp_options.destination_port_range.min,
      ],
    );
    expect(rules).toEqual([
      ["EGRESS", "CIDR_BLOCK", "10.0.2.30/32", 443],
      ["EGRESS", "CIDR_BLOCK", "0.0.0.0/0", 443],
      ["INGRESS", "", "0.0.0.0/0", 443],
      ["EGRESS", "SERVICE_CIDR_BLOCK", expect.stringContaining("cidr_block"), 443],
    ]);
  });

  test("lets in only those whose addresses are named, where any are", () => {
    const json = synth(["gatewayCidr: 10.10.250.0/28", "gatewayCidr: 10.10.250.0/28\nallow: [192.0.2.1/32]"]);
    const sources = all(json, "oci_core_network_security_group_security_rule").flatMap(({ source }) => source ?? []);
    expect(sources).toEqual(["192.0.2.1/32"]);
  });

  test("keeps what was not told for seven days, and tries it again after each turn", () => {
    const json = synth();
    const [queue] = all(json, "oci_queue_queue");
    expect(queue).toMatchObject({ dead_letter_queue_delivery_count: 0, retention_in_seconds: 604_800 });
    expect(queue.visibility_in_seconds).toBeGreaterThan(named(json, "chat-notifier").timeout_in_seconds);
    const [connector] = all(json, "oci_sch_service_connector");
    expect(JSON.parse(connector.source.config_map)).toEqual({ queueId: expect.stringMatching(/^\$\{oci_queue_queue/) });
    expect(connector.depends_on).toHaveLength(3);
  });

  test("gives each function its one permission, by the OCID of what it is for", () => {
    const statements = all(synth(), "oci_identity_policy").map(({ statements: [text] }) =>
      text.replace(/\$\{(\w+)\.[^}]*\}/g, "$1").replace(/ocid1\.compartment\S+?(?=['\s}])/g, "C"),
    );
    const connector = "request.principal.type = 'serviceconnector', request.principal.compartment.id = 'C'";
    expect(statements.sort()).toEqual([
      `Allow any-user to use fn-function in compartment id C where all {${connector}}`,
      `Allow any-user to use fn-invocation in compartment id C where all {${connector}}`,
      "Allow any-user to use functions-family in compartment id C where all {request.principal.type = 'ApiGateway', request.resource.compartment.id = 'C'}",
      "Allow any-user to {QUEUE_READ, QUEUE_CONSUME} in compartment id C where all {" +
        connector +
        ", target.queue.id = 'oci_queue_queue'}",
      "Allow dynamic-group oci_identity_dynamic_group to read secret-bundles in compartment id C where target.secret.id = 'oci_vault_secret'",
      "Allow dynamic-group oci_identity_dynamic_group to read secret-bundles in compartment id C where target.secret.id = 'oci_vault_secret'",
      "Allow dynamic-group oci_identity_dynamic_group to use queue-push in compartment id C where target.queue.id = 'oci_queue_queue'",
    ]);
  });

  test("holds no token: Terraform makes it, the vault keeps it", () => {
    const json = synth();
    expect(json.output.relay_token).toEqual({ sensitive: true, value: "${random_password.token.result}" });
    expect(
      all(json, "oci_vault_secret")
        .map(({ secret_content }) => secret_content.content)
        .sort(),
    ).toEqual([
      '${base64encode(jsonencode({"url" = var.CAMPUS_CHAT_URL}))}',
      "${base64encode(random_password.token.result)}",
    ]);
  });

  test("tells by mail that it fails, and of an absent heartbeat where one is sent", () => {
    const kinds = (json: any) => all(json, "oci_monitoring_alarm").map(({ display_name }) => display_name);
    expect(kinds(synth())).toEqual(["demo-relay-by-oracle-failing", "demo-relay-by-oracle-silent"]);
    expect(kinds(synth(["relay: by-oracle", "relay: by-oracle\nheartbeat: false"]))).toEqual([
      "demo-relay-by-oracle-failing",
    ]);
  });
});
