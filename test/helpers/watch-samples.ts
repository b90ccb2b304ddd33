import type { WatchedInstance } from "../../functions/common/watch/instance-alarms";
import type { WatchSpec } from "../../functions/common/watch/watch-spec";

export const SPEC: WatchSpec = {
  site: "demo",
  watch: "web",
  description: "Web servers",
  instances: ["web-*"],
  thresholds: { cpuPercent: 90, memoryPercent: 90, diskPercent: 85, minutes: 15 },
  actions: ["arn:aws:sns:ap-northeast-1:123456789012:demo-alarm-noc"],
  hasDashboard: true,
  vpns: [{ connection: "tokyo-aws", controller: "tokyo", isBgp: true, vpnIds: "vpn-0a1b2c3d" }],
};

/** Instances `web-01` to …, whose agents report memory and one file system by InstanceId. */
export function sampleInstances(count: number): WatchedInstance[] {
  return Array.from({ length: count }, (_, at) => {
    const id = `i-${String(at).padStart(17, "0")}`;
    return {
      id,
      label: `web-${String(at + 1).padStart(2, "0")}`,
      agent: { memory: { InstanceId: id }, disks: [{ path: "/", dimensions: { InstanceId: id, path: "/" } }] },
    };
  });
}
