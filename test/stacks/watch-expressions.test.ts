import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderDashboards } from "../../functions/common/watch/dashboard";
import { instanceAlarms } from "../../functions/common/watch/instance-alarms";
import { labelInstances } from "../../functions/common/watch/label-instances";
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
  writeFileSync(join(folder(), "main.tf.json"), JSON.stringify({ locals, output }));
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

test("the dashboard's ARNs hold the account and the partition, not the words for them", () => {
  const golden = readFileSync("test/stacks/expected/everything/watch-storage.golden.json", "utf8");
  const { locals } = JSON.parse(golden);
  expect(locals.arn).toBe(
    "arn:${data.aws_partition.partition.partition}:cloudwatch:ap-northeast-1:${data.aws_caller_identity.caller.account_id}:alarm:",
  );
  expect(locals.alarms).toContain('"${local.arn}demo/storage/${local.labels[id]}/${kind}"');
});
