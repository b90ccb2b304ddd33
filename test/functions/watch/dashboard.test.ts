import { CROWD, FEW, MOST_INSTANCES, renderDashboards } from "../../../functions/common/watch/dashboard";
import { instanceAlarms, type WatchedInstance } from "../../../functions/common/watch/instance-alarms";
import type { Widget } from "../../../functions/common/watch/widgets";
import { SPEC, sampleInstances } from "../../helpers/watch-samples";

function render(instances: readonly WatchedInstance[]) {
  const alarmArns = instances.flatMap((one) =>
    Object.values(instanceAlarms(SPEC, one)).map(({ name }) => `arn:${name}`),
  );
  return renderDashboards({ spec: SPEC, region: "ap-northeast-1", instances, alarmArns });
}

function overlaps(widgets: readonly Widget[]): number {
  const cells = widgets.flatMap(({ x, y, width, height }) =>
    Array.from({ length: width * height }, (_, at) => `${x + (at % width)},${y + Math.floor(at / width)}`),
  );
  return cells.length - new Set(cells).size;
}

test.each([0, 1, FEW, FEW + 1, 12, CROWD, CROWD + 1, 60, MOST_INSTANCES])(
  "with %d instances: two columns without a gap or an overlap, each instance once",
  (count) => {
    const [{ body }] = render(sampleInstances(count)) as [ReturnType<typeof render>[number]];
    expect(overlaps(body.widgets)).toBe(0);
    for (const { x, width } of body.widgets)
      expect([
        [0, 24],
        [0, 12],
        [12, 12],
      ]).toContainEqual([x, width]);
    const area = body.widgets.reduce((sum, { width, height }) => sum + width * height, 0);
    const bottom = Math.max(...body.widgets.map(({ y, height }) => y + height));
    const last = body.widgets.at(-1) as Widget;
    expect(bottom * 24 - area).toBe(last.x === 0 && last.width === 12 ? 12 * last.height : 0);
    const titles = body.widgets.map(({ properties }) => String(properties.title));
    for (const { label } of sampleInstances(count)) {
      const own = titles.filter((title) => title === label || title.startsWith(`${label}: `));
      expect(own).toHaveLength(count <= FEW ? 2 : 1);
    }
  },
);

test.each([
  [1, 1, 20],
  [12, 1, 44],
  [60, 1, 138],
  [240, 1, 512],
  [241, 2, 512],
  [1000, 5, 512],
])("%d instances take %d dashboards, the first %d units high, within CloudWatch's limits", (count, pages, height) => {
  const dashboards = render(sampleInstances(count));
  expect(dashboards.map(({ name }) => name)).toEqual(
    ["demo_web", "demo_web_2", "demo_web_3", "demo_web_4", "demo_web_5"].slice(0, pages),
  );
  const first = dashboards[0]?.body.widgets ?? [];
  if (count <= 60) expect(Math.max(...first.map((one) => one.y + one.height))).toBe(height);
  for (const { body } of dashboards) {
    expect(body.widgets.length).toBeLessThanOrEqual(500);
    const metrics = body.widgets.flatMap(({ properties }) => (properties.metrics as unknown[] | undefined) ?? []);
    expect(metrics.length).toBeLessThanOrEqual(2500);
    for (const { properties } of body.widgets)
      expect((properties.alarms as string[] | undefined)?.length ?? 0).toBeLessThanOrEqual(100);
  }
});

test("many file systems make more dashboards, not too full ones", () => {
  const instances = sampleInstances(100).map((one) => ({
    ...one,
    agent: {
      disks: Array.from({ length: 40 }, (_, at) => ({
        path: `/${at}`,
        dimensions: { InstanceId: one.id, path: `/${at}` },
      })),
    },
  }));
  const pages = render(instances);
  expect(pages).toHaveLength(2);
  expect(pages.map(({ body }) => (body.widgets[0] as Widget).properties.markdown)).toEqual([
    "## demo web\nWeb servers. 100 instances, page 1 of 2 by the name `web-*`",
    "## demo web\nWeb servers. 100 instances, page 2 of 2 by the name `web-*`",
  ]);
});

test("shows both tunnels from both ends, their bytes and routes", () => {
  const vpn = render([])[0]?.body.widgets.filter(({ properties }) => String(properties.title).startsWith("tokyo-aws"));
  expect(vpn?.map(({ properties }) => [properties.title, JSON.stringify(properties.metrics)])).toMatchSnapshot();
});

test("a connection without BGP has the controller's bytes in the routes' place", () => {
  const spec = { ...SPEC, vpns: SPEC.vpns.map((vpn) => ({ ...vpn, isBgp: false, vpnIds: "vpn-1 vpn-2" })) };
  const [{ body }] = renderDashboards({ spec, region: "ap-northeast-1", instances: [], alarmArns: [] }) as [
    ReturnType<typeof renderDashboards>[number],
  ];
  expect(body.widgets.map(({ properties }) => properties.title)).toEqual([
    undefined,
    "tokyo-aws: tunnels, as AWS sees them",
    "tokyo-aws: tunnels, as tokyo sees them",
    "tokyo-aws: bytes into and out of AWS",
    "tokyo-aws: tunnel bytes, as tokyo counts them",
  ]);
  expect(JSON.stringify(body.widgets[1]?.properties.metrics)).toContain(
    `VpnId=(${JSON.stringify('"vpn-1" OR "vpn-2"').slice(1, -1)})`,
  );
});

test("only words of ours stand where CloudWatch reads a text as a template", () => {
  const label = "${AVG} <b>";
  const instances = sampleInstances(8).map((one) => ({ ...one, label }));
  const labels = render(instances).flatMap(({ body }) =>
    body.widgets.flatMap(({ properties }) =>
      ((properties.metrics ?? []) as unknown[][]).map((one) => (one.at(-1) as any).label),
    ),
  );
  expect(labels.filter((one) => String(one).includes("AVG"))).toEqual([]);
});
