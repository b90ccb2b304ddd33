import {
  type BootTest,
  imageAgeHours,
  planStamps,
  type StampWorld,
} from "../../../functions/appliance-stamper/plan-stamps";
import { TAGS } from "../../../functions/common/appliance/settings";
import { NAME, sampleImage, sampleInstance, sampleSettings, stampSettings } from "./sample-world";

const HOUR = 3_600_000;
const NOW = 1000 * HOUR;

const active = sampleInstance("i-a", { tags: { [TAGS.active]: NAME } });
const world = (changes: Partial<StampWorld> = {}): StampWorld => ({
  active,
  instances: [active],
  images: [],
  tests: [],
  isSwitching: false,
  ...changes,
});
const aged = (id: string, hours: number, changes = {}) =>
  sampleImage(id, { createdAtMs: NOW - hours * HOUR, ...changes });
const bootTest = (changes: Partial<BootTest> = {}): BootTest => ({
  instanceId: "i-test",
  imageId: "ami-1",
  launchedAtMs: NOW - HOUR / 6,
  checks: "pending",
  ...changes,
});
const steps = (changes: Partial<StampWorld>, stamps: Parameters<typeof stampSettings>[0] = {}) =>
  planStamps(world(changes), stampSettings(stamps), NOW).map((step) => {
    if ("image" in step) return `${step.kind} ${step.image.id}`;
    return "boot" in step ? `${step.kind} ${step.imageId} ${step.boot}` : `${step.kind} ${step.instanceId}`;
  });

test.each<[string, Partial<StampWorld>, string[]]>([
  ["there is none", {}, ["create i-a"]],
  ["the newest is a day old", { images: [aged("ami-1", 24)] }, ["create i-a"]],
  ["the schedule came a little early", { images: [aged("ami-1", 23.8)] }, ["create i-a"]],
  ["the newest is younger", { images: [aged("ami-1", 23.7)] }, []],
  ["one is being made", { images: [aged("ami-1", 0, { state: "pending" })] }, []],
  ["the last one failed", { images: [aged("ami-1", 1, { state: "failed" })] }, ["create i-a", "delete ami-1"]],
  ["a switch is under way", { isSwitching: true }, []],
  ["the instance does not run", { active: { ...active, state: "stopped" } }, []],
  ["no instance serves", { active: undefined }, []],
])("an image is due, or not: %s", (_, changes, expected) => {
  expect(steps(changes)).toEqual(expected);
});

test("Data Lifecycle Manager takes and prunes by itself; who serves is marked for it", () => {
  const old = sampleInstance("i-old", { tags: { [TAGS.active]: NAME } });
  const fresh = sampleInstance("i-new");
  expect(steps({ active: fresh, instances: [old, fresh], images: [aged("ami-1", 900)] }, { by: "dlm" })).toEqual([
    "mark i-new",
  ]);
});

test("keeps so many, and none that is too old; the newest usable one stays, however old", () => {
  const fresh = [1, 2, 3, 4, 5].map((hours) => aged(`ami-${hours}`, hours));
  expect(steps({ images: fresh })).toEqual(["delete ami-4", "delete ami-5"]);
  expect(steps({ images: [aged("ami-1", 800), aged("ami-2", 801)], active: undefined })).toEqual(["delete ami-2"]);
  const failed = aged("ami-1", 1, { tags: { [TAGS.boot]: "failed" } });
  expect(steps({ images: [failed, aged("ami-2", 800)] })).toEqual([]);
});

test("encrypts what is not, once, and then lets the plain one go", () => {
  const plain = aged("ami-1", 1);
  const copy = (state: string) => aged("ami-2", 0.5, { state, isEncrypted: true, tags: { [TAGS.copyOf]: "ami-1" } });
  expect(steps({ images: [plain] }, { isEncrypted: true })).toEqual(["encrypt ami-1"]);
  expect(steps({ images: [copy("pending"), plain] }, { isEncrypted: true })).toEqual([]);
  expect(steps({ images: [copy("available"), plain] }, { isEncrypted: true })).toEqual(["delete ami-1"]);
});

test.each<[string, Partial<StampWorld>, string[]]>([
  ["an untested one is started", { images: [aged("ami-1", 1)] }, ["test ami-1"]],
  ["one at a time", { images: [aged("ami-1", 1)], tests: [bootTest()] }, []],
  [
    "it passed",
    { images: [aged("ami-1", 1)], tests: [bootTest({ checks: "ok" })] },
    ["judge ami-1 passed", "terminate i-test"],
  ],
  [
    "it never booted",
    { images: [aged("ami-1", 1)], tests: [bootTest({ launchedAtMs: NOW - HOUR })] },
    ["judge ami-1 failed", "terminate i-test"],
  ],
  [
    "its image is gone",
    { images: [aged("ami-2", 1, { tags: { [TAGS.boot]: "passed" } })], tests: [bootTest()] },
    ["terminate i-test"],
  ],
  ["a judged one is left", { images: [aged("ami-1", 1, { tags: { [TAGS.boot]: "failed" } })] }, []],
])("boot test: %s", (_, changes, expected) => {
  expect(steps(changes, { bootTestSubnet: "test" })).toEqual(expected);
});

test("the age is that of the image that would be started; with a standby there is nothing to do", () => {
  const images = [aged("ami-1", 1, { tags: { [TAGS.boot]: "failed" } }), aged("ami-2", 30)];
  expect(imageAgeHours({ images }, stampSettings(), NOW)).toBe(30);
  expect(imageAgeHours({ images: [] }, stampSettings(), NOW)).toBeUndefined();
  expect(planStamps(world(), sampleSettings(), NOW)).toEqual([]);
});
