import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  CreateTagsCommand,
  CreateVpcCommand,
  EC2Client,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Context } from "aws-lambda";
import type { WatchSpec } from "../../functions/common/watch/watch-spec";
import { compareWatch, reconcileWatch, removeWatch } from "../../functions/watch-reconciler/core";
import { handler } from "../../functions/watch-reconciler/handler-aws";
import { SPEC } from "../helpers/watch-samples";
import { resetMoto } from "./moto";

const ec2 = new EC2Client({});
const cloudWatch = new CloudWatchClient({});
const clients = { ec2, cloudWatch };
const PLACE = { partition: "aws", region: "ap-northeast-1", account: "123456789012" };
const IMAGE = "ami-12c6146b";

beforeEach(resetMoto);

async function start(...names: string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const name of names) {
    const { Instances } = await ec2.send(
      new RunInstancesCommand({
        ImageId: IMAGE,
        MinCount: 1,
        MaxCount: 1,
        TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "Name", Value: name }] }],
      }),
    );
    ids.push(Instances?.[0]?.InstanceId as string);
  }
  return ids;
}

const reconcile = (spec: WatchSpec = SPEC, isTimeUp = () => false) => reconcileWatch(clients, spec, PLACE, isTimeUp);

async function alarmNames(): Promise<string[]> {
  const { MetricAlarms } = await cloudWatch.send(new DescribeAlarmsCommand({ MaxRecords: 100 }));
  return (MetricAlarms ?? []).map(({ AlarmName = "" }) => AlarmName).sort();
}

async function report(id: string, metricName: string, dimensions: Record<string, string>): Promise<void> {
  const Dimensions = Object.entries({ InstanceId: id, ...dimensions }).map(([Name, Value]) => ({ Name, Value }));
  await cloudWatch.send(
    new PutMetricDataCommand({ Namespace: "CWAgent", MetricData: [{ MetricName: metricName, Dimensions, Value: 1 }] }),
  );
}

test("makes alarms of the instances whose name fits, with their actions, and leaves others alone", async () => {
  await start("web-1", "web-2", "db-1");
  expect(await reconcile()).toMatchObject({ instances: 2, put: 4, deleted: 0, isComplete: true });
  expect(await alarmNames()).toEqual([
    "demo/web/web-1/cpu",
    "demo/web/web-1/status check",
    "demo/web/web-2/cpu",
    "demo/web/web-2/status check",
  ]);
  const { MetricAlarms } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: ["demo/web/web-1/cpu"] }));
  expect(MetricAlarms?.[0]).toMatchObject({ AlarmActions: SPEC.actions, OKActions: SPEC.actions, Threshold: 90 });
});

test("finds nothing to do the second time", async () => {
  await start("web-1", "web-2");
  await reconcile();
  expect(await reconcile()).toEqual({
    instances: 2,
    put: 0,
    deleted: 0,
    unchanged: 4,
    isComplete: true,
    missing: [],
    changed: [],
    stale: [],
    dashboards: { written: [], removed: [] },
  });
});

test("a stopped instance keeps its alarms, a terminated or renamed one does not", async () => {
  const [one, two, three] = await start("web-1", "web-2", "web-3");
  await reconcile();
  await ec2.send(new StopInstancesCommand({ InstanceIds: [one as string] }));
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [two as string] }));
  await ec2.send(new CreateTagsCommand({ Resources: [three as string], Tags: [{ Key: "Name", Value: "old-3" }] }));
  const { stale, deleted } = await reconcile();
  expect([...stale].sort()).toEqual([
    "demo/web/web-2/cpu",
    "demo/web/web-2/status check",
    "demo/web/web-3/cpu",
    "demo/web/web-3/status check",
  ]);
  expect(deleted).toBe(4);
  expect(await alarmNames()).toEqual(["demo/web/web-1/cpu", "demo/web/web-1/status check"]);
});

test("two instances of one name get their ids appended, and lose them when one goes", async () => {
  const [one, two] = await start("web-1", "web-1");
  await reconcile();
  expect(await alarmNames()).toEqual(
    [one, two].flatMap((id) => [`demo/web/web-1 (${id})/cpu`, `demo/web/web-1 (${id})/status check`]).sort(),
  );
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [two as string] }));
  await reconcile();
  expect(await alarmNames()).toEqual(["demo/web/web-1/cpu", "demo/web/web-1/status check"]);
});

test("shows drift without changing anything, then puts it right; actions that are switched off stay so", async () => {
  await start("web-1", "web-2");
  await reconcile();
  await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: ["demo/web/web-2/cpu"] }));
  await cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName: "demo/web/web-1/cpu",
      Namespace: "AWS/EC2",
      MetricName: "CPUUtilization",
      Dimensions: [],
      Statistic: "Average",
      Period: 300,
      EvaluationPeriods: 3,
      Threshold: 99,
      ComparisonOperator: "GreaterThanThreshold",
      ActionsEnabled: false,
    }),
  );
  const { plan } = await compareWatch(clients, SPEC);
  expect(plan.puts.map(({ definition, changed }) => [definition.name, changed])).toEqual([
    ["demo/web/web-1/cpu", ["description", "dimensions", "threshold", "actions", "comparison"]],
    ["demo/web/web-2/cpu", []],
  ]);
  expect(await reconcile()).toMatchObject({ changed: ["demo/web/web-1/cpu"], missing: ["demo/web/web-2/cpu"], put: 2 });
  const { MetricAlarms } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: ["demo/web/web-1/cpu"] }));
  expect(MetricAlarms?.[0]).toMatchObject({ Threshold: 90, ActionsEnabled: false, AlarmActions: SPEC.actions });
});

test("watches memory and file systems as each agent reports them, and none that are always full", async () => {
  const [one, two] = (await start("web-1", "web-2")) as [string, string];
  await report(one, "mem_used_percent", { ImageId: IMAGE, InstanceType: "t3.small" });
  await report(one, "disk_used_percent", { path: "/", device: "nvme0n1p1", fstype: "ext4" });
  await report(one, "disk_used_percent", { path: "/" });
  await report(one, "disk_used_percent", { path: "/snap/core/1", device: "loop0", fstype: "squashfs" });
  await report(one, "disk_used_percent", { path: "/snap/core/1" });
  await report(two, "mem_used_percent", {});
  await reconcile();
  expect((await alarmNames()).filter((name) => /memory|disk/.test(name))).toEqual([
    "demo/web/web-1/disk /",
    "demo/web/web-1/memory",
    "demo/web/web-2/memory",
  ]);
  const { MetricAlarms } = await cloudWatch.send(
    new DescribeAlarmsCommand({ AlarmNames: ["demo/web/web-1/disk /", "demo/web/web-1/memory"] }),
  );
  expect(
    MetricAlarms?.map(({ AlarmName, Dimensions }) => [
      AlarmName,
      ...(Dimensions?.map(({ Name }) => Name) ?? []).sort(),
    ]).sort(),
  ).toEqual([
    ["demo/web/web-1/disk /", "InstanceId", "path"],
    ["demo/web/web-1/memory", "ImageId", "InstanceId", "InstanceType"],
  ]);
});

test("stops when the time is up, and the next run does the rest", async () => {
  await start("web-1", "web-2", "web-3");
  let calls = 0;
  const first = await reconcile(SPEC, () => ++calls > 3);
  expect(first).toMatchObject({ isComplete: false, put: 3 });
  expect(await reconcile()).toMatchObject({ isComplete: true, put: 3, unchanged: 3 });
});

test("another watch's alarms and dashboards are not touched, not even those of one whose name begins alike", async () => {
  await start("web-1");
  const other = { ...SPEC, watch: "web-2" };
  await reconcile();
  await reconcile(other);
  expect(await removeWatch(clients, SPEC, () => false)).toEqual({
    deleted: 2,
    removed: ["demo_web"],
    isComplete: true,
  });
  expect(await alarmNames()).toEqual(["demo/web-2/web-1/cpu", "demo/web-2/web-1/status check"]);
  await expect(cloudWatch.send(new GetDashboardCommand({ DashboardName: "demo_web-2" }))).resolves.toBeDefined();
});

test("keeps to the VPC, follows the dashboard to fewer pages, and removes it when it is not wanted", async () => {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.9.0.0/16" }));
  await start("web-1");
  expect(await reconcile({ ...SPEC, vpcId: Vpc?.VpcId })).toMatchObject({
    instances: 0,
    dashboards: { written: ["demo_web"] },
  });
  expect(await reconcile()).toMatchObject({ instances: 1, dashboards: { written: ["demo_web"] } });
  const { DashboardBody = "" } = await cloudWatch.send(new GetDashboardCommand({ DashboardName: "demo_web" }));
  expect(DashboardBody).toContain("web-1: CPU, memory, disk");
  expect(await reconcile({ ...SPEC, hasDashboard: false })).toMatchObject({ dashboards: { removed: ["demo_web"] } });
});

describe("the handler", () => {
  const sqs = new SQSClient({});
  const context = (seconds: number) =>
    ({
      invokedFunctionArn: "arn:aws:lambda:ap-northeast-1:123456789012:function:demo-watch-web",
      getRemainingTimeInMillis: () => seconds * 1000,
    }) as Context;
  const message = { Records: [] };

  async function prepare(): Promise<string> {
    const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "demo-watch-web" }));
    process.env.WATCH = JSON.stringify(SPEC);
    process.env.QUEUE_URL = QueueUrl;
    await start("web-1");
    return QueueUrl;
  }

  test("reconciles when a message comes, and takes everything with it when Terraform removes it", async () => {
    await prepare();
    const answer = { instances: 1, put: 2, deleted: 0, unchanged: 0, isComplete: true };
    expect(await handler(message as never, context(300))).toEqual(answer);
    expect(await handler({ tf: { action: "update" } }, context(300))).toEqual({ ...answer, put: 0, unchanged: 2 });
    expect(await handler({ tf: { action: "delete" } }, context(300))).toEqual({
      deleted: 2,
      removed: ["demo_web"],
      isComplete: true,
    });
    expect(await alarmNames()).toEqual([]);
  });

  test("sends itself a message where the time was up", async () => {
    const QueueUrl = await prepare();
    expect(await handler(message as never, context(10))).toMatchObject({ put: 0, isComplete: false });
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(Messages?.map(({ Body }) => Body)).toEqual(['{"reason":"there is more to do"}']);
    expect(await handler(message as never, context(300))).toMatchObject({ put: 2, isComplete: true });
  });

  test("says so where it could not take everything with it", async () => {
    await prepare();
    await handler(message as never, context(300));
    await expect(handler({ tf: { action: "delete" } }, context(10))).rejects.toThrow(
      new Error("the time was up after 0 alarms: destroy once more"),
    );
  });
});
