import type { WatchedInstance } from "./instance-alarms";
import { alarmPrefix, dashboardName, type WatchSpec } from "./watch-spec";
import { instancePanel, instanceRow, metricCount, type Panel, vpnPanels, type Widget } from "./widgets";

export interface DashboardInput {
  readonly spec: WatchSpec;
  readonly region: string;
  /** In the order in which they are shown. */
  readonly instances: readonly WatchedInstance[];
  /** Of every alarm of these instances. */
  readonly alarmArns: readonly string[];
}

export interface Dashboard {
  readonly name: string;
  readonly body: { readonly widgets: readonly Widget[] };
}

/** A dashboard is 24 units wide. */
const WIDTH = 24;
export const COLUMN = WIDTH / 2;

/** Up to here an instance has a row of its own, of two panels. */
export const FEW = 6;

/** Above this panels are flat: 60 instances take 30 rows. */
export const CROWD = 24;

/** Of panels, in units. */
export const HEIGHTS = { few: 6, many: 5, crowd: 4, alarm: 2 } as const;

/**
 * Up to 500 widgets and 2,500 metrics a dashboard, 100 alarms a widget: room is left for the tunnels.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export const MOST_INSTANCES = 240;
const MOST_METRICS = 2300;
export const ALARMS_PER_WIDGET = 100;

/** One dashboard, or several where the instances are too many for one. The first has the tunnels too. */
export function renderDashboards({ spec, region, instances, alarmArns }: DashboardInput): Dashboard[] {
  const pages = toPages(instances);
  return pages.map((page, at) => {
    const title = pages.length === 1 ? undefined : `page ${at + 1} of ${pages.length}`;
    const head = headWidgets(spec, region, at === 0 ? alarmArns : [], countText(instances.length, title), at === 0);
    return {
      name: at === 0 ? dashboardName(spec) : `${dashboardName(spec)}_${at + 1}`,
      body: { widgets: [...head, ...instanceWidgets(region, page, bottomOf(head))] },
    };
  });
}

export function countText(count: number | string, page?: string): string {
  return `${count} ${count === 1 ? "instance" : "instances"}${page ? `, ${page}` : ""}`;
}

function toPages(instances: readonly WatchedInstance[]): WatchedInstance[][] {
  const pages: WatchedInstance[][] = [[]];
  let metrics = 0;
  for (const instance of instances) {
    const page = pages.at(-1) as WatchedInstance[];
    metrics += metricCount(instance);
    if (page.length > 0 && (page.length === MOST_INSTANCES || metrics > MOST_METRICS)) {
      metrics = metricCount(instance);
      pages.push([instance]);
    } else page.push(instance);
  }
  return pages;
}

/** The title, what is wrong now, and the tunnels. */
export function headWidgets(
  spec: WatchSpec,
  region: string,
  alarmArns: readonly string[],
  count: string,
  hasVpns: boolean,
): Widget[] {
  const about = spec.description ? `${spec.description}. ` : "";
  const names = spec.instances.map((name) => `\`${name}\``).join(", ");
  const text: Panel = {
    type: "text",
    properties: {
      markdown: `## ${spec.site} ${spec.watch}\n${about}${count} by the name ${names}`,
      background: "transparent",
    },
  };
  const widgets: Widget[] = [{ ...text, x: 0, y: 0, width: WIDTH, height: 2 }];
  widgets.push(...alarmWidgets(chunks(alarmArns), bottomOf(widgets)));
  for (const vpn of hasVpns ? spec.vpns : []) {
    widgets.push(...inColumns(vpnPanels(region, spec, vpn), bottomOf(widgets), HEIGHTS.many));
  }
  return widgets;
}

/** Only alarms that are raised are shown: an empty panel is good news. */
function alarmWidgets(arns: readonly (readonly string[])[], y: number): Widget[] {
  return arns.map((alarms, at) => ({
    ...alarmPanel(alarms),
    x: 0,
    y: y + at * HEIGHTS.alarm,
    width: WIDTH,
    height: HEIGHTS.alarm,
  }));
}

export function alarmPanel(alarms: readonly string[]): Panel {
  return {
    type: "alarm",
    properties: { title: "Raised alarms", alarms, sortBy: "stateUpdatedTimestamp", states: ["ALARM"] },
  };
}

function chunks(arns: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(arns.length / ALARMS_PER_WIDGET) }, (_, at) =>
    arns.slice(at * ALARMS_PER_WIDGET, (at + 1) * ALARMS_PER_WIDGET),
  );
}

function instanceWidgets(region: string, instances: readonly WatchedInstance[], y: number): Widget[] {
  if (instances.length <= FEW) {
    return inColumns(
      instances.flatMap((instance) => instanceRow(region, instance)),
      y,
      HEIGHTS.few,
    );
  }
  return inColumns(
    instances.map((instance) => instancePanel(region, instance)),
    y,
    instances.length <= CROWD ? HEIGHTS.many : HEIGHTS.crowd,
  );
}

function inColumns(panels: readonly Panel[], y: number, height: number): Widget[] {
  return panels.map((panel, at) => ({
    ...panel,
    x: (at % 2) * COLUMN,
    y: y + Math.floor(at / 2) * height,
    width: COLUMN,
    height,
  }));
}

export function bottomOf(widgets: readonly Widget[]): number {
  return Math.max(0, ...widgets.map(({ y, height }) => y + height));
}

/** ARN of an alarm of this watch. */
export function alarmArn(
  spec: WatchSpec,
  place: { partition: string; region: string; account: string },
  name: string,
): string {
  if (!name.startsWith(alarmPrefix(spec)))
    throw new Error(`bug: ${JSON.stringify(name)} is not of ${alarmPrefix(spec)}`);
  return `arn:${place.partition}:cloudwatch:${place.region}:${place.account}:alarm:${name}`;
}
