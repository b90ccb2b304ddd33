import { callsOf } from "../../../functions/appliance-failover/api-calls";
import { decide } from "../../../functions/appliance-failover/decide";
import { plan } from "../../../functions/appliance-failover/plan";
import { TAGS } from "../../../functions/common/appliance/settings";
import type { Run, World } from "../../../functions/common/appliance/world";
import { NAME, sampleImage, sampleInstance, sampleSettings, sampleWorld, stampSettings } from "./sample-world";

const NOW = Date.UTC(2026, 10, 22, 3);
const RUN: Run = { id: "run-1", kind: "failover", from: "i-a", target: "i-c", reason: "test", startedAtMs: NOW };
const kinds = (world: World, run = RUN, settings = sampleSettings()) =>
  plan(world, settings, run).map((stage) => stage.map(({ kind }) => kind));

const stopped = (id: string, changes = {}) =>
  sampleInstance(id, {
    state: "stopped",
    interfaces: [{ id: `eni-of-${id}`, isPrimary: true, groupIds: ["sg-quarantine"], isSourceDestChecked: false }],
    ...changes,
  });

describe("the plan of a fail-over", () => {
  test("fences first, then moves address and routes, then asks and tags", () => {
    expect(kinds(sampleWorld())).toEqual([
      ["isolate", "stop"],
      ["await"],
      ["associate", "route"],
      ["verify"],
      ["tag", "untag"],
      ["finish"],
    ]);
  });

  test("starts a standby that is stopped, while the old one is fenced", () => {
    const instances = [
      sampleInstance("i-a", { tags: { [TAGS.active]: NAME } }),
      sampleInstance("i-c", { state: "stopped", role: "standby" }),
    ];
    expect(kinds(sampleWorld({ instances }))).toEqual([
      ["isolate", "stop"],
      ["start"],
      ["await", "await"],
      ["associate", "route"],
      ["verify"],
      ["tag", "untag"],
      ["finish"],
    ]);
  });

  test.each<[string, Partial<World>, string[][]]>([
    [
      "after the fence",
      { instances: [stopped("i-a", { tags: { [TAGS.active]: NAME } }), sampleInstance("i-c", { role: "standby" })] },
      [["associate", "route"], ["verify"], ["tag", "untag"], ["finish"]],
    ],
    [
      "after the address moved",
      {
        instances: [stopped("i-a"), sampleInstance("i-c", { role: "standby" })],
        address: { allocationId: "eipalloc-1", publicIp: "203.0.113.9", networkInterfaceId: "eni-of-i-c" },
      },
      [["route"], ["verify"], ["tag"], ["finish"]],
    ],
    [
      "after the route moved too",
      {
        instances: [stopped("i-a"), sampleInstance("i-c", { role: "standby", tags: { [TAGS.active]: NAME } })],
        address: { allocationId: "eipalloc-1", publicIp: "203.0.113.9", networkInterfaceId: "eni-of-i-c" },
        routeTables: [{ id: "rtb-1", routes: new Map([["10.242.2.0/24", "eni-of-i-c"]]) }],
      },
      [["verify"], ["finish"]],
    ],
  ])("is only what is left: %s", (_, changes, expected) => {
    expect(kinds(sampleWorld(changes))).toEqual(expected);
  });

  test("takes the address only from an instance that it fences", () => {
    const associate = (world: World) =>
      plan(world, sampleSettings(), RUN)
        .flat()
        .find(({ kind }) => kind === "associate");
    expect(associate(sampleWorld())).toMatchObject({ allowReassociation: true, holderInterfaceId: "eni-of-i-a" });
    const free = { allocationId: "eipalloc-1", publicIp: "203.0.113.9" };
    expect(associate(sampleWorld({ address: free }))).toMatchObject({ allowReassociation: false });
    const held = { ...free, networkInterfaceId: "eni-stranger" };
    expect(() => plan(sampleWorld({ address: held }), sampleSettings(), RUN)).toThrow(
      "203.0.113.9 is held by eni-stranger, which is no part of this appliance; free it, or mend the site file",
    );
  });

  test("replaces a route that is there, creates one that is not, and is ready for the opposite", () => {
    const calls = (routes: Map<string, string | undefined>) =>
      plan(sampleWorld({ routeTables: [{ id: "rtb-1", routes }] }), sampleSettings(), RUN)
        .flat()
        .filter(({ kind }) => kind === "route")
        .flatMap((step) => callsOf(step).map(({ operation }) => operation));
    expect(calls(new Map([["10.242.2.0/24", undefined]]))).toEqual(["ReplaceRoute", "CreateRoute"]);
    expect(calls(new Map())).toEqual(["CreateRoute", "ReplaceRoute"]);
  });

  test("starts a copy in another zone first, as the next type where there is none, with one token a try", () => {
    const world = sampleWorld({
      instances: [sampleInstance("i-a")],
      images: [sampleImage("ami-2"), sampleImage("ami-1")],
    });
    const settings = { ...stampSettings(), types: ["c6i.large", "c5.large"], profile: "vpn-appliance" };
    const run: Run = { ...RUN, target: undefined };
    const launch = plan(world, settings, run)
      .flat()
      .filter(({ kind }) => kind === "launch")
      .flatMap((step) => callsOf(step).map(({ input }) => input as Record<string, unknown>));
    expect(launch.map(({ SubnetId, InstanceType, ClientToken }) => [SubnetId, InstanceType, ClientToken])).toEqual([
      ["subnet-c", "c6i.large", "run-1-0-0"],
      ["subnet-a", "c6i.large", "run-1-0-1"],
      ["subnet-c", "c5.large", "run-1-0-2"],
      ["subnet-a", "c5.large", "run-1-0-3"],
    ]);
    expect(launch[0]).toMatchObject({ ImageId: "ami-2", IamInstanceProfile: { Name: "vpn-appliance" } });
  });

  test.each([
    [
      "failed its boot test",
      [sampleImage("ami-2", { tags: { [TAGS.boot]: "failed" } }), sampleImage("ami-1")],
      "ami-1",
    ],
    ["is not made yet", [sampleImage("ami-2", { state: "pending" }), sampleImage("ami-1")], "ami-1"],
    [
      "is untested while an older one passed",
      [sampleImage("ami-2"), sampleImage("ami-1", { tags: { [TAGS.boot]: "passed" } })],
      "ami-1",
    ],
    ["is untested as all are", [sampleImage("ami-2"), sampleImage("ami-1")], "ami-2"],
  ])("of the images, the newest %s", (_, images, expected) => {
    const world = sampleWorld({ instances: [sampleInstance("i-a")], images });
    const steps = plan(world, stampSettings({ bootTestSubnet: "test" }), { ...RUN, target: undefined }).flat();
    expect(steps.flatMap((step) => (step.kind === "launch" ? [step.spec.imageId] : []))).toEqual([expected]);
  });

  test("does nothing where there is no image", () => {
    const world = sampleWorld({ instances: [sampleInstance("i-a")] });
    expect(() => plan(world, stampSettings(), { ...RUN, target: undefined })).toThrow(
      `there is no usable image with the tag kakehashi-appliance=${NAME}; take one by hand and tag it so`,
    );
  });
});

test("a fail-back moves nothing before the first instance's service answers", () => {
  const world = sampleWorld({
    instances: [stopped("i-a"), sampleInstance("i-c", { role: "standby", tags: { [TAGS.active]: NAME } })],
    address: { allocationId: "eipalloc-1", publicIp: "203.0.113.9", networkInterfaceId: "eni-of-i-c" },
  });
  expect(kinds(world, { ...RUN, kind: "failback", from: "i-c", target: "i-a" })).toEqual([
    ["start"],
    ["await"],
    ["set-groups"],
    ["verify"],
    ["isolate", "stop"],
    ["await"],
    ["associate"],
    ["verify"],
    ["tag", "untag"],
    ["finish"],
  ]);
});

describe("whether a switch begins", () => {
  const ask = (changes: object, record: World["record"] = {}, settings = sampleSettings()) =>
    decide(sampleWorld({ record }), settings, { kind: "failover", reason: "test", id: "new", ...changes }, NOW);

  test("a run that was left unfinished is ended first, whatever is asked", () => {
    expect(ask({ kind: "failback" }, { run: RUN })).toEqual({ kind: "run", run: RUN, isResumed: true });
  });

  test.each<[string, object, World["record"], Partial<ReturnType<typeof sampleSettings>>, string]>([
    ["late", { suspectId: "i-c" }, {}, {}, "i-a serves by now, not i-c"],
    ["held down", {}, { lastSwitchAtMs: NOW - 29 * 60_000 }, {}, "held down until 2026-11-22T03:01:00.000Z"],
    [
      "in maintenance",
      {},
      { maintenance: { untilMs: NOW + 1, reason: "" } },
      {},
      "in maintenance until 2026-11-22T03:00:00.001Z",
    ],
    [
      "in a window",
      {},
      {},
      { maintenance: { windows: ["sun 12:00-12:01"], timeZone: "Asia/Tokyo" } },
      "in a maintenance window",
    ],
    ["back where it is", { kind: "failback" }, {}, {}, "i-a serves already"],
  ])("%s: it is refused", (_, request, record, settings, why) => {
    expect(ask(request, record, sampleSettings(settings))).toEqual({ kind: "refused", why });
  });

  test("a person can insist", () => {
    const record = { lastSwitchAtMs: NOW, maintenance: { untilMs: NOW + 1, reason: "" } };
    expect(ask({ isForced: true }, record)).toMatchObject({ kind: "run", run: { from: "i-a", target: "i-c" } });
  });
});
