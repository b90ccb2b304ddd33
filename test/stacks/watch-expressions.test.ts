import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderDashboards } from "../../functions/common/watch/dashboard";
import { instanceAlarms, plainAgent } from "../../functions/common/watch/instance-alarms";
import { labelInstances } from "../../functions/common/watch/label-instances";
import type { WatchSpec } from "../../functions/common/watch/watch-spec";
import { dashboardLocals, labelsExpression, markedVpnIds, orderExpression } from "../../stacks/watch-expressions";
import { useFolder } from "../helpers/use-folder";
import { SPEC } from "../helpers/watch-samples";

const folder = useFolder();
const hasTerraform = spawnSync("terraform", ["version"]).status === 0;
const ifTerraform = hasTerraform ? test : test.skip;
const ARN_START = "arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:";

/** What Terraform itself makes of the simple mode's expressions, for several watches in one run. */
function evaluate(watches: Readonly<Record<string, Readonly<Record<string, string>>>>): Record<string, any> {
  const spec = { ...SPEC, vpns: SPEC.vpns.map((vpn) => ({ ...vpn, vpnIds: markedVpnIds("local.vpn") })) };
  const locals: Record<string, unknown> = { vpn: "vpn-0a1b2c3d", arn: ARN_START };
  const all = {
    labels: labelsExpression("local.names"),
    order: orderExpression(),
    ...dashboardLocals(spec, "ap-northeast-1", true),
  };
  for (const [watch, names] of Object.entries(watches)) {
    const own = (text: string) => text.replace(/local\.(?!(?:vpn|arn)\b)(\w+)/g, `local.${watch}_$1`);
    // Names come from AWS and are no templates; only here they stand in a file of Terraform's.
    locals[`${watch}_names`] = JSON.parse(JSON.stringify(names).replace(/[$%](?=\{)/g, "$&$&"));
    for (const [name, expression] of Object.entries(all)) locals[`${watch}_${name}`] = own(expression);
  }
  const output = Object.fromEntries(
    Object.keys(watches).map((watch) => [
      watch,
      { value: { labels: `\${local.${watch}_labels}`, dashboard: `\${jsondecode(local.${watch}_dashboard)}` } },
    ]),
  );
  return apply({ locals, output });
}

/** The outputs of a configuration. */
function apply(configuration: object): Record<string, any> {
  writeFileSync(join(folder(), "main.tf.json"), JSON.stringify(configuration));
  for (const words of [["init"], ["apply", "-auto-approve"]]) {
    const { status, stderr } = spawnSync("terraform", [...words, "-no-color", "-input=false"], {
      cwd: folder(),
      encoding: "utf8",
    });
    expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
  }
  const { stdout } = spawnSync("terraform", ["output", "-json"], { cwd: folder(), encoding: "utf8" });
  return JSON.parse(stdout);
}

function expected(names: Readonly<Record<string, string>>) {
  const labels = labelInstances(Object.entries(names).map(([id, name]) => ({ id, name })));
  const instances = [...labels]
    .sort(([, a], [, b]) => (a < b ? -1 : 1))
    .map(([id, label]) => ({
      id,
      label,
      agent: { memory: { InstanceId: id }, disks: [{ path: "/", dimensions: { InstanceId: id, path: "/" } }] },
    }));
  const alarms = instances.flatMap((one) => Object.values(instanceAlarms(SPEC, one)));
  const alarmArns = alarms.map(({ name }) => `${ARN_START}${name}`);
  const [page] = renderDashboards({ spec: SPEC, region: "ap-northeast-1", instances, alarmArns });
  return { labels: Object.fromEntries(labels), dashboard: JSON.parse(JSON.stringify(page?.body)) };
}

const names = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`i-${at.toString(16).padStart(17, "0")}`, `web-${at + 1}`]),
  );

const WATCHES = {
  none: {},
  one: names(1),
  six: names(6),
  twelve: names(12),
  sixty: names(60),
  odd: {
    "i-0a": "web-1",
    "i-0b": "web-1",
    "i-0c": "web-1 (i-0a)",
    "i-0d": '${file("/etc/passwd")} %{ if true }',
    "i-0e": 'quotes " \\ and 日本語',
    "i-0f": "x".repeat(61),
    "i-1a": "a\nb",
  },
};

ifTerraform("Terraform makes of the simple mode's expressions what the live mode's function makes", () => {
  const told = evaluate(WATCHES);
  for (const [watch, instances] of Object.entries(WATCHES)) {
    expect({ watch, ...told[watch].value }).toEqual({ watch, ...expected(instances) });
  }
});

/** The locals of a synthesised stack, in which what AWS would tell is told here. */
function goldenLocals(): Record<string, string> {
  const text = readFileSync("test/stacks/expected/everything/watch-storage.golden.json", "utf8");
  const { locals } = JSON.parse(
    text
      .replaceAll(/data\.aws_instance\.\w+/g, "local.told_instances")
      .replaceAll(/data\.aws_resourcegroupstaggingapi_resources\.[\w-]+/g, "local.told_vpns")
      .replaceAll("data.aws_partition.partition.partition", "local.told_partition")
      .replaceAll("data.aws_caller_identity.caller.account_id", "local.told_account"),
  );
  const vpns = ["vpn-0b", "vpn-0a"].map((id) => ({
    resource_arn: `arn:aws:ec2:ap-northeast-1:123456789012:vpn-connection/${id}`,
  }));
  const tags = (name: string) => ({ tags: { Name: name } });
  return {
    ...locals,
    told_instances: { "i-0a": tags("nfs"), "i-0b": tags("backup"), "i-0c": tags("nfs") },
    told_vpns: { resource_tag_mapping_list: vpns },
    told_partition: "aws",
    told_account: "123456789012",
  };
}

ifTerraform("the synthesised stack's dashboard is the one that the function would make", () => {
  const spec: WatchSpec = {
    site: "demo",
    watch: "storage",
    instances: ["nfs", "backup"],
    thresholds: { cpuPercent: 90, memoryPercent: 90, diskPercent: 85, minutes: 15 },
    actions: [],
    hasDashboard: true,
    // Two, while one is being replaced.
    vpns: [{ connection: "tokyo-aws", controller: "tokyo", isBgp: true, vpnIds: "vpn-0a vpn-0b" }],
  };
  const instances = [
    { id: "i-0b", label: "backup" },
    { id: "i-0a", label: "nfs (i-0a)" },
    { id: "i-0c", label: "nfs (i-0c)" },
  ].map((one) => ({ ...one, agent: plainAgent(one.id, true) }));
  const alarms = instances.flatMap((one) => Object.values(instanceAlarms(spec, one)));
  const alarmArns = alarms.map(({ name }) => `${ARN_START}${name}`);
  const [page] = renderDashboards({ spec, region: "ap-northeast-1", instances, alarmArns });
  const output = { dashboard: { value: "${jsondecode(local.dashboard)}" } };
  expect(apply({ locals: goldenLocals(), output }).dashboard.value).toEqual(JSON.parse(JSON.stringify(page?.body)));
});
