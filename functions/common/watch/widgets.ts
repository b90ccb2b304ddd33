import { diskMetric, ec2Metric, type MetricRef, memoryMetric, type WatchedInstance } from "./instance-alarms";
import type { WatchSpec, WatchVpn } from "./watch-spec";

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
export interface Widget {
  readonly type: "metric" | "text" | "alarm";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A widget without its place. */
export type Panel = Pick<Widget, "type" | "properties">;

/** Where `kakehashi-metrics cloudwatch` puts what a controller sees. */
export const CONTROLLER_NAMESPACE = "Kakehashi";

type Line = readonly (string | Readonly<Record<string, unknown>>)[];

function line({ namespace, metricName, dimensions }: MetricRef, options: Readonly<Record<string, unknown>> = {}): Line {
  return [namespace, metricName, ...Object.entries(dimensions).flat(), options];
}

function graph(
  region: string,
  title: string,
  metrics: readonly Line[],
  more: Readonly<Record<string, unknown>>,
): Panel {
  return {
    type: "metric",
    properties: { title, region, view: "timeSeries", stacked: false, stat: "Average", period: 300, metrics, ...more },
  };
}

const PERCENT = { min: 0, max: 100, label: "%", showUnits: false };
const BYTES = { min: 0, label: "bytes", showUnits: false };
const UP_OR_DOWN = { left: { min: 0, max: 1, label: "1: up", showUnits: false } };

function percentLines({ id, agent }: WatchedInstance): Line[] {
  return [
    line(ec2Metric(id, "CPUUtilization"), { label: "CPU" }),
    ...(agent.memory ? [line(memoryMetric(agent.memory), { label: "memory" })] : []),
    // The path is in the dimensions, which the default label shows: a label of ours could hold ${…}, which has a meaning there.
    ...agent.disks.map(({ dimensions }) => line(diskMetric(dimensions))),
  ];
}

function networkLines({ id }: WatchedInstance, yAxis: "left" | "right"): Line[] {
  return [
    line(ec2Metric(id, "NetworkIn"), { label: "network in", stat: "Sum", yAxis }),
    line(ec2Metric(id, "NetworkOut"), { label: "network out", stat: "Sum", yAxis }),
  ];
}

/** Two panels an instance: for a watch of few. */
export function instanceRow(region: string, instance: WatchedInstance): [Panel, Panel] {
  const { id, label } = instance;
  return [
    graph(region, `${label}: CPU, memory, disk`, percentLines(instance), { yAxis: { left: PERCENT } }),
    graph(
      region,
      `${label}: network, status check`,
      [
        ...networkLines(instance, "left"),
        line(ec2Metric(id, "StatusCheckFailed"), { label: "status check failed", stat: "Maximum", yAxis: "right" }),
      ],
      { yAxis: { left: BYTES, right: { min: 0, max: 1, showUnits: false } } },
    ),
  ];
}

/** All of one instance in one panel: for a watch of many. */
export function instancePanel(region: string, instance: WatchedInstance): Panel {
  return graph(region, instance.label, [...percentLines(instance), ...networkLines(instance, "right")], {
    yAxis: { left: PERCENT, right: BYTES },
  });
}

/** How many metrics the instance's panels draw at most. */
export function metricCount(instance: WatchedInstance): number {
  return percentLines(instance).length + 3;
}

/** Both tunnels from both ends, what they carry, and the routes. */
export function vpnPanels(region: string, { site }: WatchSpec, vpn: WatchVpn): [Panel, Panel, Panel, Panel] {
  const seen = (metricName: string, Tunnel: string): MetricRef => ({
    namespace: CONTROLLER_NAMESPACE,
    metricName,
    dimensions: { Site: site, Controller: vpn.controller, Tunnel },
  });
  const tunnels = [`${vpn.connection}-1`, `${vpn.connection}-2`];
  const ofController = (metricName: string, what: string) =>
    tunnels.map((tunnel) => line(seen(metricName, tunnel), { label: `${tunnel}${what}` }));
  return [
    graph(region, `${vpn.connection}: tunnels, as AWS sees them`, [search(vpn, "TunnelState", "Minimum", "")], {
      yAxis: UP_OR_DOWN,
    }),
    graph(region, `${vpn.connection}: tunnels, as ${vpn.controller} sees them`, ofController("TunnelState", ""), {
      stat: "Minimum",
      yAxis: UP_OR_DOWN,
    }),
    graph(
      region,
      `${vpn.connection}: bytes into and out of AWS`,
      [search(vpn, "TunnelDataIn", "Sum", " in"), search(vpn, "TunnelDataOut", "Sum", " out")],
      { stat: "Sum", yAxis: { left: BYTES } },
    ),
    vpn.isBgp
      ? graph(
          region,
          `${vpn.connection}: BGP routes`,
          [...ofController("BgpRoutesReceived", " received"), ...ofController("BgpRoutesSent", " sent")],
          { stat: "Minimum", yAxis: { left: { min: 0, showUnits: false } } },
        )
      : graph(region, `${vpn.connection}: tunnel bytes, as ${vpn.controller} counts them`, byteRates(seen, tunnels), {
          yAxis: { left: { min: 0, label: "bytes/s", showUnits: false } },
        }),
  ];
}

/** The counters begin anew with each rekey: RATE of a fall is negative, and not drawn below the axis. */
function byteRates(seen: (metricName: string, tunnel: string) => MetricRef, tunnels: readonly string[]): Line[] {
  return tunnels.flatMap((tunnel, at) =>
    ["BytesIn", "BytesOut"].flatMap((metric): Line[] => {
      const id = `m${at}${metric.toLowerCase()}`;
      return [
        line(seen(metric, tunnel), { id, visible: false }),
        [
          {
            expression: `IF(DIFF(${id}) >= 0, RATE(${id}))`,
            label: `${tunnel} ${metric === "BytesIn" ? "in" : "out"}`,
          },
        ],
      ];
    }),
  );
}

/**
 * Both tunnels by their outside addresses, which AWS alone knows: whoever may read them may read the tunnels' keys too.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/graph-dynamic-labels.html
 */
function search({ vpnIds }: WatchVpn, metricName: string, statistic: string, suffix: string): Line {
  const ids = vpnIds.split(" ").map((id) => `"${id}"`);
  const query = `{AWS/VPN,TunnelIpAddress,VpnId} MetricName="${metricName}" AND VpnId=(${ids.join(" OR ")})`;
  return [{ expression: `SEARCH('${query}', '${statistic}', 300)`, label: `\${PROP('Dim.TunnelIpAddress')}${suffix}` }];
}
