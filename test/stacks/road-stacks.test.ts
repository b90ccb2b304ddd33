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

function synth(...edits: Edits): (stack: string) => any {
  const app = Testing.stubVersion(new App({ outdir: folder(), stackTraces: false }));
  addStacks(app, parseSite(roadSite(...edits), "site.yaml"), {
    state: "/srv/site",
    functions: stubFunctions(folder()),
  });
  app.synth();
  return (stack) => JSON.parse(readFileSync(join(folder(), "stacks", stack, "cdk.tf.json"), "utf8"));
}

const all = (json: any, type: string): any[] => Object.values(json.resource[type] ?? {});
const trigger = (json: any) => all(json, "aws_api_gateway_deployment")[0].triggers.definition;

describe("the relay on AWS", () => {
  test("is deployed anew when a model, a method, the authorizer or the policy changes, and only then", () => {
    const plain = trigger(synth()("relay-by-aws"));
    expect(trigger(synth(["address: 10.0.2.30", "address: 10.0.2.31"])("relay-by-aws"))).toBe(plain);
    const restricted = trigger(
      synth(["subnets: [default]", "subnets: [default]\nallow: [192.0.2.1/32]"])("relay-by-aws"),
    );
    expect(restricted).not.toBe(plain);
    const other = trigger(synth(["subnets: [default]", "subnets: [default]\nallow: [192.0.2.2/32]"])("relay-by-aws"));
    expect(other).not.toBe(restricted);
  });

  test("denies callers from elsewhere where their addresses are known, and has no policy where they are not", () => {
    expect(all(synth()("relay-by-aws"), "aws_api_gateway_rest_api_policy")).toEqual([]);
    const json = synth(["subnets: [default]", "subnets: [default]\nallow: [192.0.2.1/32]"])("relay-by-aws");
    const statements = Object.values<any>(json.data.aws_iam_policy_document).flatMap(({ statement }) => statement);
    expect(statements.find(({ sid }) => sid === "DenyCallersFromElsewhere")).toMatchObject({
      effect: "Deny",
      condition: [{ test: "NotIpAddress", variable: "aws:SourceIp", values: ["192.0.2.1/32"] }],
    });
  });

  test("encodes everything that comes from outside before it reaches the queue", () => {
    const [{ request_templates: templates }] = all(synth()("relay-by-aws"), "aws_api_gateway_integration");
    expect(Object.keys(templates)).toEqual(["application/json"]);
    for (const [expression] of templates["application/json"].matchAll(/=\$[^&]*/g)) {
      expect(expression).toMatch(/^=\$util\.urlEncode\(\$input\.(params\('[a-z-]+'\)|body)\)$/);
    }
  });

  test("keeps the order within an alarm, and never gives a message up before three days", () => {
    const json = synth()("relay-by-aws");
    const queue = all(json, "aws_sqs_queue").find(({ name }) => name === "demo-relay-by-aws.fifo");
    expect(queue).toMatchObject({ fifo_queue: true, deduplication_scope: "messageGroup" });
    const { maxReceiveCount } = JSON.parse(queue.redrive_policy);
    const seconds = maxReceiveCount * queue.visibility_timeout_seconds;
    expect(seconds).toBeGreaterThan(3 * 86_400);
    // What lies longer than the queue keeps it would be lost instead of given up.
    expect(seconds).toBeLessThan(queue.message_retention_seconds);
    const [notifier] = all(json, "aws_lambda_function").filter(({ function_name: name }) => name.endsWith("-notifier"));
    expect(queue.visibility_timeout_seconds).toBeGreaterThanOrEqual(6 * notifier.timeout);
  });

  test("lets the notifier out to the chat server, Secrets Manager and DynamoDB alone", () => {
    const rules = all(synth()("relay-by-aws"), "aws_vpc_security_group_egress_rule");
    expect(rules.map(({ cidr_ipv4, from_port }) => [cidr_ipv4, from_port])).toEqual([
      ["10.0.2.30/32", 443],
      [undefined, 443],
      [undefined, 443],
    ]);
  });

  test("holds the chat's address as a sensitive variable and the token as what Terraform makes", () => {
    const json = synth(["address: 10.0.2.30", "address: 10.0.2.30\ntoken: env:CHAT_TOKEN"])("relay-by-aws");
    expect(Object.values<any>(json.variable).map(({ sensitive }) => sensitive)).toEqual([true, true]);
    expect(
      all(json, "aws_secretsmanager_secret_version")
        .map(({ secret_string }) => secret_string)
        .sort(),
    ).toEqual([
      '${jsonencode({"url" = var.CAMPUS_CHAT_URL, "token" = var.CHAT_TOKEN})}',
      "${random_password.token.result}",
    ]);
    expect(json.output.relay_token).toEqual({ sensitive: true, value: "${random_password.token.result}" });
  });
});

test("every statement of every role says what it is for, and none is wider than it must be", () => {
  const read = synth();
  const statements = ["relay-by-aws", "alarms-aws-ap-northeast-1"].flatMap((stack) =>
    Object.entries<any>(read(stack).data.aws_iam_policy_document).flatMap(([id, { statement }]) =>
      statement.map((one: any) => ({ id, ...one })),
    ),
  );
  expect(statements.length).toBeGreaterThan(10);
  for (const { id, sid, actions, resources, principals } of statements) {
    if (actions[0] === "sts:AssumeRole") continue;
    expect({ id, sid }).toEqual({ id, sid: expect.stringMatching(/^[A-Z][A-Za-z]+$/) });
    // What serves a whole VPC, and what EC2 knows no finer resource for.
    const isWide = ["OwnAccountOnly", "StandInTheVpc"].includes(sid);
    if (isWide) continue;
    expect({ id, sid, wide: actions.filter((action: string) => action.includes("*")) }).toEqual({ id, sid, wide: [] });
    expect({ id, sid, wide: resources.filter((resource: string) => resource === "*") }).toEqual({ id, sid, wide: [] });
    if (principals) expect(principals.every(({ type }: any) => type === "Service")).toBe(true);
  }
});

test("AWS's tunnels are watched by the connection's id, and absent data counts as down", () => {
  const alarms = all(synth()("aws-tokyo"), "aws_cloudwatch_metric_alarm");
  expect(alarms.map(({ alarm_name }) => alarm_name).sort()).toEqual([
    "demo-noc-aws-osaka-aws-all-down",
    "demo-noc-aws-osaka-aws-any-down",
    "demo-noc-aws-tokyo-aws-all-down",
    "demo-noc-aws-tokyo-aws-any-down",
  ]);
  for (const alarm of alarms) {
    expect(alarm).toMatchObject({
      namespace: "AWS/VPN",
      metric_name: "TunnelState",
      statistic: alarm.alarm_name.endsWith("any-down") ? "Minimum" : "Maximum",
      comparison_operator: "LessThanThreshold",
      threshold: 1,
      treat_missing_data: "breaching",
      dimensions: { VpnId: expect.stringMatching(/^\$\{aws_vpn_connection\.[\w-]+\.id\}$/) },
    });
    expect(alarm.alarm_description.length).toBeLessThan(1024);
    expect(alarm.ok_actions).toEqual(alarm.alarm_actions);
  }
});

test("OCI's tunnels are watched by the connection's OCID, absent data beside each", () => {
  const alarms = all(synth()("oracle-tokyo"), "oci_monitoring_alarm");
  expect(alarms.map(({ query, severity }) => [query.replace(/"[^"]*"/, "OCID"), severity])).toEqual([
    ["TunnelState[1m]{parentResourceId = OCID}.grouping().absent()", "CRITICAL"],
    ["TunnelState[1m]{parentResourceId = OCID}.grouping().max() < 1", "CRITICAL"],
    ["TunnelState[1m]{parentResourceId = OCID}.groupBy(publicIp).absent()", "WARNING"],
    ["TunnelState[1m]{parentResourceId = OCID}.groupBy(publicIp).min() < 1", "WARNING"],
  ]);
  for (const alarm of alarms) {
    expect(alarm).toMatchObject({
      pending_duration: "PT5M",
      evaluation_slack_duration: "PT3M",
      repeat_notification_duration: "PT4H",
      is_notifications_per_metric_dimension_enabled: alarm.severity === "WARNING",
    });
    expect(alarm.body.length).toBeLessThan(1000);
  }
});

test("no alarm is repeated where repeatMinutes is 0, and days are written as days", () => {
  const repeats = (minutes: number) =>
    all(
      synth(["relay: by-aws", `relay: by-aws\nrepeatMinutes: ${minutes}`])("oracle-tokyo"),
      "oci_monitoring_alarm",
    ).map((alarm) => alarm.repeat_notification_duration);
  expect(new Set(repeats(0))).toEqual(new Set([undefined]));
  expect(new Set(repeats(90))).toEqual(new Set(["PT90M"]));
  expect(new Set(repeats(43_200))).toEqual(new Set(["P30D"]));
});

test("OCI's forwarder reads its one secret, by its OCID", () => {
  const json = synth()("alarms-oracle-tokyo");
  const [secret] = Object.keys(json.resource.oci_vault_secret);
  expect(all(json, "oci_identity_policy").flatMap(({ statements }) => statements)).toEqual([
    expect.stringMatching(
      new RegExp(
        `^Allow dynamic-group \\$\\{[^}]+\\} to read secret-bundles in compartment id ocid1\\.\\S+ where target\\.secret\\.id = '\\$\\{oci_vault_secret\\.${secret}\\.id\\}'$`,
      ),
    ),
  ]);
});
