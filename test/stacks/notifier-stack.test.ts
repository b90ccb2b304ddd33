import { readFileSync } from "node:fs";
import { Testing } from "cdktf";
import { parseSite } from "../../config/parse-site";
import { isAwsNetwork } from "../../config/site";
import { parseSettings, RESULT_COLUMNS } from "../../functions/s2s-notifier/env";
import type { ResultLine } from "../../functions/s2s-notifier/results";
import { NotifierStack } from "../../stacks/notifier-stack";
import { NOTIFIER_SITE } from "../helpers/notifier-site";
import { stubFunctions } from "../helpers/stub-functions";
import { useFolder } from "../helpers/use-folder";

const folder = useFolder();

function synth(siteText: string, key = "partners"): any {
  const site = parseSite(siteText, "site.yaml");
  const notifier = site.notifiers.find((one) => one.key === key);
  if (!notifier) throw new Error(`no notifier ${key}`);
  const stack = new NotifierStack(Testing.app(), `notifier-${key}`, {
    site: site.name,
    notifier,
    network: site.networks.filter(isAwsNetwork).find(({ id }) => id === notifier.place?.network),
    functionsDirectory: stubFunctions(folder()),
    tags: { site: site.name, "managed-by": "kakehashi" },
    backend: { type: "local", directory: "." },
  });
  return JSON.parse(Testing.synth(stack, true));
}

const only = (resources: Record<string, any> | undefined): any => {
  const all = Object.values(resources ?? {});
  expect(all).toHaveLength(1);
  return all[0];
};

const EXAMPLE = readFileSync("examples/everything/site.yaml", "utf8");

test("a message stays out of sight for six times the function's time and the window", () => {
  const { resource } = synth(NOTIFIER_SITE);
  const queues: any[] = Object.values(resource.aws_sqs_queue);
  expect(queues.map(({ name, visibility_timeout_seconds }) => [name, visibility_timeout_seconds])).toEqual([
    ["demo-partners-notifier", 721],
    ["demo-partners-notifier-dead", undefined],
  ]);
  expect(queues.every(({ sqs_managed_sse_enabled }) => sqs_managed_sse_enabled)).toBe(true);
  expect(queues[0].redrive_policy).toMatch(
    /^\$\{jsonencode\(\{"deadLetterTargetArn" = aws_sqs_queue\.\w+\.arn, "maxReceiveCount" = 20\}\)\}$/,
  );
});

test("the poller reports what failed of a batch, and is held back", () => {
  expect(only(synth(NOTIFIER_SITE).resource.aws_lambda_event_source_mapping)).toMatchObject({
    batch_size: 1000,
    maximum_batching_window_in_seconds: 1,
    function_response_types: ["ReportBatchItemFailures"],
    scaling_config: { maximum_concurrency: 10 },
  });
});

test("the function reads the settings that the stack wrote", () => {
  const { environment } = only(synth(NOTIFIER_SITE).resource.aws_lambda_function);
  expect(parseSettings(environment.variables)).toEqual({
    queueUrl: expect.stringMatching(/^\$\{aws_sqs_queue\.\w+\.url\}$/),
    tableName: expect.stringMatching(/^\$\{aws_dynamodb_table\.\w+\.name\}$/),
    bucketName: expect.stringMatching(/^\$\{aws_s3_bucket\.\w+\.bucket\}$/),
    concurrency: 100,
    perHost: 25,
    requestTimeoutMs: 10_000,
    connectTimeoutMs: 3_000,
    redirects: 3,
    responseBytes: 65_536,
    firstDelaySeconds: 10,
    maxDelaySeconds: 3_600,
    breakerFailures: 5,
    breakerSeconds: 60,
    hosts: ["*.partner.example.com"],
    ports: [443],
    enableHttp: false,
    privateHosts: { "erp.example.ac.jp": ["10.1.2.0/24"] },
    rememberSeconds: 14 * 86_400,
    keepResponseBytes: 0,
    keepQuery: false,
  });
});

test("its environment fits into Lambda's 4 KB with the most destinations", () => {
  const hosts = Array.from({ length: 30 }, (_, at) => `        - h${at}.${"x".repeat(55)}.example.com`).join("\n");
  const { environment } = only(
    synth(NOTIFIER_SITE.replace('        - "*.partner.example.com"', hosts)).resource.aws_lambda_function,
  );
  expect(JSON.stringify(environment.variables).length).toBeLessThan(4_000);
});

test("stands in the VPC with a group that lets nothing in", () => {
  const { resource } = synth(NOTIFIER_SITE);
  const group = only(resource.aws_security_group);
  expect(group.ingress).toBeUndefined();
  expect(group.egress).toMatchObject([{ protocol: "tcp", from_port: 443, to_port: 443 }]);
  expect(only(resource.aws_lambda_function).vpc_config.subnet_ids).toHaveLength(1);
});

test("stands in none where no place is given", () => {
  const { resource } = synth(EXAMPLE);
  expect(resource.aws_security_group).toBeUndefined();
  expect(only(resource.aws_lambda_function).vpc_config).toBeUndefined();
});

test("the bucket is private, encrypted, for TLS only, and emptied by age", () => {
  const { resource } = synth(NOTIFIER_SITE);
  expect(only(resource.aws_s3_bucket_public_access_block)).toMatchObject({
    block_public_acls: true,
    block_public_policy: true,
    ignore_public_acls: true,
    restrict_public_buckets: true,
  });
  expect(only(resource.aws_s3_bucket_server_side_encryption_configuration).rule).toHaveLength(1);
  expect(only(resource.aws_s3_bucket_lifecycle_configuration).rule[0]).toMatchObject({
    filter: [{ prefix: "results/" }],
    expiration: [{ days: 90 }],
  });
});

test("alarms act on the road that is named, and on none otherwise", () => {
  const actionsOf = (text: string) =>
    Object.values<any>(synth(text).resource.aws_cloudwatch_metric_alarm).map(
      ({ alarm_name, alarm_actions, ok_actions }) => [
        alarm_name.replace("demo-partners-notifier-", ""),
        alarm_actions.map((arn: string) => arn.split(":").at(-1)),
        ok_actions.length,
      ],
    );
  const names = ["dead", "errors", "oldest", "rejected", "throttles"];
  expect(actionsOf(NOTIFIER_SITE)).toEqual(names.map((name) => [name, ["demo-alarm-noc"], 1]));
  expect(actionsOf(NOTIFIER_SITE.replace("    alarm: noc\n", ""))).toEqual(names.map((name) => [name, [], 0]));
});

test("a table for Athena only where asked for, with the fields of a result", () => {
  const table = only(synth(NOTIFIER_SITE).resource.aws_glue_catalog_table);
  const whole: Required<ResultLine> = {
    id: "",
    at: "",
    outcome: "delivered",
    final: true,
    attempt: 1,
    method: "",
    host: "",
    url: "",
    status: 1,
    ms: 1,
    bytes: 1,
    redirects: 1,
    error: "",
    body: "",
  };
  expect(table.storage_descriptor.columns.map(({ name }: { name: string }) => name)).toEqual(Object.keys(whole));
  expect(Object.keys(RESULT_COLUMNS)).toEqual(Object.keys(whole));
  expect(table.parameters["storage.location.template"]).toMatch(/\/results\/dt=\$\$\{dt\}\/hour=\$\$\{hour\}\/$/);
  expect(synth(NOTIFIER_SITE.replace("athena: true", "athena: false")).resource.aws_glue_catalog_table).toBeUndefined();
});

test("may do what it does, on its own queue, table and objects", () => {
  const documents = Object.values<any>(synth(EXAMPLE).data.aws_iam_policy_document);
  const statements = documents.find(({ statement }) =>
    statement.some(({ sid }: any) => sid === "ClaimRecords"),
  ).statement;
  for (const { sid, resources } of statements)
    expect({ sid, resources }).toEqual({ sid, resources: [expect.stringMatching(/^\$\{aws_\w+\.\w+\.arn\}/)] });
});
