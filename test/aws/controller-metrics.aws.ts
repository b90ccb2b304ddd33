import { spawn } from "node:child_process";
import { CloudWatchClient, GetMetricStatisticsCommand, ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import { vpnPanels } from "../../functions/common/watch/widgets";
import { isInstalled, MetricsMachine } from "../helpers/metrics-machine";
import { readRecording } from "../helpers/status-fixtures/replay";
import { status } from "../helpers/status-fixtures/setup";
import { SPEC } from "../helpers/watch-samples";
import { resetMoto } from "./moto";

const cloudWatch = new CloudWatchClient({});
const machine = new MetricsMachine();
afterAll(() => machine.remove());
beforeEach(resetMoto);

const LINES = status({ arguments: ["--lines"], recording: readRecording("libreswan-5.2", "wrong-psk") }).stdout;
const VPN = { connection: "tokyo-aws", controller: "tokyo", vpnIds: "vpn-0a1b2c3d" };

/** `name dimension=value …`, in any order of the dimensions. */
const toText = (name: string, dimensions: readonly (readonly [string, string])[]) =>
  [name, ...dimensions.map(([key, value]) => `${key}=${value}`).sort()].join(" ");

/** What the dashboard draws of the controller's own metrics. */
function drawn(isBgp: boolean): string[] {
  const lines = vpnPanels("ap-northeast-1", SPEC, { ...VPN, isBgp }).flatMap(
    ({ properties }) => properties.metrics as readonly (readonly unknown[])[],
  );
  const own = lines.filter(([namespace]) => namespace === "Kakehashi");
  const pairs = (rest: readonly unknown[]) =>
    [0, 2, 4].map((at): [string, string] => [rest[at] as string, rest[at + 1] as string]);
  return own.map(([, name, ...rest]) => toText(name as string, pairs(rest)));
}

async function send(lines: string): Promise<number | null> {
  machine.tell(lines);
  const words = [machine.command, "cloudwatch", "--send", "ap-northeast-1"];
  const { AWS_ENDPOINT_URL = "", AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "" } = process.env;
  const env = { ...machine.environment(), AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY };
  return new Promise((done) => spawn("/bin/sh", words, { env, stdio: "inherit" }).on("close", done));
}

const python = isInstalled("python3") ? test : test.skip;

python("what a controller sends is what a watch's dashboard draws, for BGP and for static routes", async () => {
  const now = Math.floor(Date.now() / 1000);
  const up = status({ arguments: ["--lines"], recording: readRecording("libreswan-5.2", "up") }).stdout;
  expect(await send(up.replace(/^time \d+/, `time ${now}`))).toBe(0);
  const { Metrics = [] } = await cloudWatch.send(new ListMetricsCommand({ Namespace: "Kakehashi" }));
  const sent = Metrics.map(({ MetricName = "", Dimensions = [] }) =>
    toText(
      MetricName,
      Dimensions.map(({ Name = "", Value = "" }) => [Name, Value]),
    ),
  );
  const wanted = new Set([...drawn(true), ...drawn(false)]);
  expect(wanted.size).toBe(10);
  expect([...wanted].filter((one) => !sent.includes(one))).toEqual([]);
});

python("a tunnel that is down counts as 0, one that is not configured as nothing", async () => {
  const now = Math.floor(Date.now() / 1000);
  const lines = LINES.replace(/^time \d+/, `time ${now}`).replace(
    /^(tunnel tokyo-aws-1 .*) up configured/m,
    "$1 down not-configured",
  );
  expect(await send(lines)).toBe(0);
  const values = await Promise.all(
    ["tokyo-aws-1", "tokyo-aws-2"].flatMap((tunnel) =>
      ["TunnelConfigured", "TunnelState"].map(async (MetricName) => {
        const { Datapoints = [] } = await cloudWatch.send(
          new GetMetricStatisticsCommand({
            Namespace: "Kakehashi",
            MetricName,
            Dimensions: Object.entries({ Site: "demo", Controller: "tokyo", Tunnel: tunnel }).map(([Name, Value]) => ({
              Name,
              Value,
            })),
            StartTime: new Date((now - 600) * 1000),
            EndTime: new Date((now + 600) * 1000),
            Period: 60,
            Statistics: ["Minimum"],
          }),
        );
        return [tunnel, MetricName, Datapoints.map(({ Minimum }) => Minimum)];
      }),
    ),
  );
  expect(values).toEqual([
    ["tokyo-aws-1", "TunnelConfigured", [0]],
    ["tokyo-aws-1", "TunnelState", []],
    ["tokyo-aws-2", "TunnelConfigured", [1]],
    ["tokyo-aws-2", "TunnelState", [0]],
  ]);
});
