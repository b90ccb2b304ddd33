import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { CreateVpcCommand, EC2Client, RunInstancesCommand, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import type { WatchSpec } from "../../functions/common/watch/watch-spec";
import { reconcileWatch } from "../../functions/watch-reconciler/core";
import { type CliResult, runCli } from "../helpers/run-cli";
import { useFolder } from "../helpers/use-folder";
import { resetMoto } from "./moto";

const SITE = `site: demo
controllers:
  tokyo: { publicIp: 198.51.100.10, privateIp: 10.0.2.15, subnets: [10.0.2.0/24], asn: 65010, libreswan: "4.10" }
networks:
  aws:
    tokyo: { region: ap-northeast-1, cidr: 172.30.0.0/16, asn: 64512, subnets: { default: { cidr: 172.30.2.0/24, availabilityZone: ap-northeast-1a } } }
connections:
  tokyo-aws: { controller: tokyo, network: aws/tokyo, routing: bgp }
alarms: { noc: { emails: [noc@example.ac.jp] } }
watches:
  db: { region: ap-northeast-1, instances: [db-*], dashboard: false, alarm: noc }
`;
const WEB = "  web: { network: aws/tokyo, instances: [web-*], mode: live }\n";

/** What the deployed stack of \`db\` has made. */
const SPEC: WatchSpec = {
  site: "demo",
  watch: "db",
  instances: ["db-*"],
  thresholds: { cpuPercent: 90, memoryPercent: 90, diskPercent: 85, minutes: 15 },
  actions: ["arn:aws:sns:ap-northeast-1:123456789012:demo-alarm-noc"],
  hasDashboard: false,
  vpns: [],
};
const PLACE = { partition: "aws", region: "ap-northeast-1", account: "123456789012" };

const ec2 = new EC2Client({});
const cloudWatch = new CloudWatchClient({});
const folder = useFolder();
beforeEach(resetMoto);

function watchStatus(text: string, ...words: string[]): Promise<CliResult> {
  const file = join(folder(), "site.yaml");
  writeFileSync(file, text);
  return runCli(["watch", "status", file, ...words]).then(({ err, ...rest }) => ({
    ...rest,
    err: err.replaceAll(`${folder()}/`, ""),
  }));
}

async function start(name: string): Promise<string> {
  const { Instances } = await ec2.send(
    new RunInstancesCommand({
      ImageId: "ami-12c6146b",
      MinCount: 1,
      MaxCount: 1,
      TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "Name", Value: name }] }],
    }),
  );
  return Instances?.[0]?.InstanceId as string;
}

const deploy = () => reconcileWatch({ ec2, cloudWatch }, SPEC, PLACE, () => false);

test("shows what is missing before a deployment, what is in step after it, and what is raised", async () => {
  await start("db-1");
  expect(await watchStatus(SITE)).toEqual({
    code: 0,
    out: `watches.db (simple, ap-northeast-1): 1 instances, 2 alarms, 0 raised, 2 differ
  missing  demo/db/db-1/status check
  missing  demo/db/db-1/cpu
  deploy the stack watch-db to bring them in step
`,
    err: "",
  });
  await deploy();
  await cloudWatch.send(
    new SetAlarmStateCommand({ AlarmName: "demo/db/db-1/cpu", StateValue: "ALARM", StateReason: "test" }),
  );
  // Simple mode makes no alarm of what an agent reports unless the file says that it does.
  await cloudWatch.send(
    new PutMetricDataCommand({
      Namespace: "CWAgent",
      MetricData: [{ MetricName: "mem_used_percent", Dimensions: [{ Name: "InstanceId", Value: "i-0" }], Value: 1 }],
    }),
  );
  expect(await watchStatus(SITE, "--strict")).toEqual({
    code: 0,
    out: `watches.db (simple, ap-northeast-1): 1 instances, 2 alarms, 1 raised, in step
  raised  demo/db/db-1/cpu
`,
    err: "",
  });
});

test("shows drift as JSON, and exits with 1 where told to be strict", async () => {
  await start("db-1");
  const two = await start("db-2");
  await deploy();
  await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: ["demo/db/db-1/cpu"] }));
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [two] }));
  const text = SITE.replace("dashboard: false", "dashboard: false, thresholds: { cpuPercent: 95 }");
  const { code, out } = await watchStatus(text, "--json", "--strict", "--watch", "db");
  expect([code, JSON.parse(out)]).toMatchObject([
    1,
    {
      ok: false,
      exitCode: 1,
      watches: [
        {
          watch: "db",
          instances: 1,
          alarms: 2,
          raised: [],
          drift: {
            missing: ["demo/db/db-1/cpu"],
            changed: [],
            stale: ["demo/db/db-2/status check", "demo/db/db-2/cpu"],
          },
          dashboard: "not wanted",
        },
      ],
    },
  ]);
  await deploy();
  expect((await watchStatus(text)).out).toContain("\n  changed  demo/db/db-1/cpu  description, threshold\n");
});

test("looks for the VPC by its name, and says where it or the dashboard is not there", async () => {
  expect(await watchStatus(SITE + WEB, "--watch", "web")).toEqual({
    code: 2,
    out: "",
    err: "there is no VPC demo-tokyo in ap-northeast-1: deploy its network's stack first\n",
  });
  const tags = [{ ResourceType: "vpc" as const, Tags: [{ Key: "Name", Value: "demo-tokyo" }] }];
  await ec2.send(new CreateVpcCommand({ CidrBlock: "172.30.0.0/16", TagSpecifications: tags }));
  await start("web-1");
  expect((await watchStatus(SITE + WEB, "--watch", "web")).out).toBe(
    `watches.web (live, ap-northeast-1): 0 instances, 0 alarms, 0 raised, 1 differ
  missing  dashboard web
  the function brings them in step within 30 minutes; if not, look at its log
`,
  );
  await ec2.send(new CreateVpcCommand({ CidrBlock: "172.30.0.0/16", TagSpecifications: tags }));
  expect((await watchStatus(SITE + WEB, "--watch", "web")).err).toBe(
    "2 VPCs in ap-northeast-1 are called demo-tokyo: rename the others\n",
  );
});

test("knows a watch that is not there, and a file without any", async () => {
  const { code, err } = await watchStatus(SITE, "--watch", "bd");
  expect([code, err]).toEqual([
    1,
    'site.yaml: 1 problem\n  watches: must have the watch that --watch names, got "bd"; known are db\n',
  ]);
  expect(await watchStatus(SITE.slice(0, SITE.indexOf("watches:")))).toMatchObject({
    code: 0,
    out: `${join(folder(), "site.yaml")}: has no watches\n`,
  });
});
