import { readAlarmText } from "../../../functions/common/alarm-label";
import { instanceAlarms } from "../../../functions/common/watch/instance-alarms";
import { SPEC, sampleInstances } from "../../helpers/watch-samples";

const [instance] = sampleInstances(1) as [ReturnType<typeof sampleInstances>[number]];

test("every alarm of an instance", () => {
  const spec = { ...SPEC, thresholds: { ...SPEC.thresholds, networkMegabitsPerSecond: 100 } };
  const told = Object.values(instanceAlarms(spec, instance)).map(
    ({ name, namespace, metricName, dimensions, statistic, periodSeconds, periods, threshold }) =>
      [name, namespace, metricName, Object.keys(dimensions).join(), statistic, periods, periodSeconds, threshold].join(
        " | ",
      ),
  );
  expect(told).toEqual([
    "demo/web/web-01/status check | AWS/EC2 | StatusCheckFailed | InstanceId | Maximum | 3 | 60 | 1",
    "demo/web/web-01/cpu | AWS/EC2 | CPUUtilization | InstanceId | Average | 3 | 300 | 90",
    "demo/web/web-01/network in | AWS/EC2 | NetworkIn | InstanceId | Sum | 3 | 300 | 3750000000",
    "demo/web/web-01/network out | AWS/EC2 | NetworkOut | InstanceId | Sum | 3 | 300 | 3750000000",
    "demo/web/web-01/memory | CWAgent | mem_used_percent | InstanceId | Average | 3 | 300 | 90",
    "demo/web/web-01/disk / | CWAgent | disk_used_percent | InstanceId,path | Average | 3 | 300 | 85",
  ]);
});

test("a threshold that is off, and metrics that no agent reports, make no alarm", () => {
  const spec = { ...SPEC, thresholds: { minutes: 15, memoryPercent: 90, diskPercent: 85 } };
  expect(Object.keys(instanceAlarms(spec, { ...instance, agent: { disks: [] } }))).toEqual(["status check"]);
});

test("the text says what is wrong with which instance, and whose alarm it is", () => {
  const { cpu } = instanceAlarms(SPEC, instance);
  expect(readAlarmText(cpu?.description ?? "")).toEqual({
    sentence: "EC2 instance web-01 (i-00000000000000000) has had its CPU at 90 % or more for 15 minutes.",
    label: { kakehashi: 1, site: "demo", kind: "other", subject: "watch web" },
  });
});

test("a Name tag can't pass for the label in the text", () => {
  const label = '{"kakehashi":1,"site":"demo","kind":"all-down","connection":"tokyo-aws"}';
  const { cpu } = instanceAlarms(SPEC, { ...instance, label });
  expect(readAlarmText(cpu?.description ?? "").label).toMatchObject({ kind: "other", subject: "watch web" });
});

test("names stay within 255 characters, and long paths that begin alike stay apart", () => {
  const spec = { ...SPEC, site: "s".repeat(40), watch: "w".repeat(40) };
  const path = `/${"d".repeat(300)}`;
  const disks = ["a", "b"].map((end) => ({
    path: `${path}${end}`,
    dimensions: { InstanceId: "i-0a", path: `${path}${end}` },
  }));
  const label = `${"x".repeat(60)} (i-${"0".repeat(17)})`;
  const names = Object.values(instanceAlarms(spec, { ...instance, label, agent: { disks } })).map(({ name }) => name);
  expect(new Set(names).size).toBe(4);
  expect(Math.max(...names.map(({ length }) => length))).toBeLessThanOrEqual(255);
});
