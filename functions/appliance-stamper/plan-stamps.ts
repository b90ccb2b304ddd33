import { newestUsable } from "../common/appliance/images";
import { type ApplianceSettings, TAGS } from "../common/appliance/settings";
import type { Image, Instance } from "../common/appliance/world";

/** One thing to do about images. Each can be done twice without harm. */
export type StampStep =
  /** The instance that serves is the one that images are taken of. */
  | { readonly kind: "mark"; readonly instanceId: string; readonly from: readonly string[] }
  | { readonly kind: "create"; readonly instanceId: string }
  | { readonly kind: "encrypt"; readonly image: Image }
  | { readonly kind: "test"; readonly image: Image }
  | { readonly kind: "judge"; readonly imageId: string; readonly boot: "passed" | "failed" }
  | { readonly kind: "terminate"; readonly instanceId: string }
  | { readonly kind: "delete"; readonly image: Image };

export interface StampWorld {
  readonly active?: Instance;
  readonly instances: readonly Instance[];
  /** Newest first. */
  readonly images: readonly Image[];
  /** Instances that only test an image. */
  readonly tests: readonly BootTest[];
  /** A switch is under way: instances and tags are the engine's. */
  readonly isSwitching: boolean;
}

export interface BootTest {
  readonly instanceId: string;
  readonly imageId: string;
  readonly launchedAtMs: number;
  /** Both of EC2's status checks. */
  readonly checks: "ok" | "impaired" | "pending";
}

const HOUR_MS = 3_600_000;
/** The schedule is not to the second: an image of 23 hours and 50 minutes ago is a day old. */
const SLACK_MS = 15 * 60_000;
/** EC2's checks take a few minutes; an appliance that has not booted after so long does not boot. */
const BOOT_MS = 30 * 60_000;

export function planStamps(world: StampWorld, settings: ApplianceSettings, nowMs: number): StampStep[] {
  const { stamps } = settings;
  if (!stamps) return [];
  const byUs = stamps.by === "function";
  return [
    ...(world.isSwitching ? [] : mark(world, settings)),
    ...(byUs && !world.isSwitching ? create(world, stamps.everyHours, nowMs) : []),
    ...(byUs && stamps.isEncrypted ? encrypt(world) : []),
    ...(stamps.bootTestSubnet === undefined ? [] : test(world, stamps.isEncrypted, nowMs)),
    ...(byUs ? prune(world, settings, nowMs) : []),
  ];
}

function mark({ active, instances }: StampWorld, { name }: ApplianceSettings): StampStep[] {
  if (!active) return [];
  const strays = instances.filter(({ id, tags }) => id !== active.id && tags[TAGS.active] !== undefined);
  if (active.tags[TAGS.active] === name && strays.length === 0) return [];
  return [{ kind: "mark", instanceId: active.id, from: strays.map(({ id }) => id) }];
}

function create({ active, images }: StampWorld, everyHours: number, nowMs: number): StampStep[] {
  if (active?.state !== "running") return [];
  const [newest] = images.filter(({ state, tags }) => isSound(state) && tags[TAGS.copyOf] === undefined);
  if (newest && newest.createdAtMs + everyHours * HOUR_MS - SLACK_MS > nowMs) return [];
  return [{ kind: "create", instanceId: active.id }];
}

function encrypt({ images }: StampWorld): StampStep[] {
  return images
    .filter((image) => image.state === "available" && !image.isEncrypted && copyOf(images, image) === undefined)
    .slice(0, 1)
    .map((image) => ({ kind: "encrypt", image }));
}

function copyOf(images: readonly Image[], { id }: Image): Image | undefined {
  return images.find(({ state, tags }) => isSound(state) && tags[TAGS.copyOf] === id);
}

/** One at a time, and only the newest: an older one is of no use if the newest boots. */
function test({ images, tests }: StampWorld, isEncrypted: boolean, nowMs: number): StampStep[] {
  const judged = tests.flatMap((one): StampStep[] => {
    const image = images.find(({ id }) => id === one.imageId);
    const isOver = one.checks === "ok" || one.launchedAtMs + BOOT_MS < nowMs;
    if (image && !isOver) return [];
    return [
      ...(image
        ? [{ kind: "judge", imageId: image.id, boot: one.checks === "ok" ? "passed" : "failed" } as const]
        : []),
      { kind: "terminate", instanceId: one.instanceId },
    ];
  });
  const [newest] = images.filter(({ state, isEncrypted: is }) => state === "available" && (is || !isEncrypted));
  const isDue = newest && newest.tags[TAGS.boot] === undefined && tests.length === 0;
  return isDue ? [...judged, { kind: "test", image: newest }] : judged;
}

/** By number and by age; what failed, and what an encrypted copy replaces, at once. The newest usable one always stays. */
function prune({ images, tests }: StampWorld, settings: ApplianceSettings, nowMs: number): StampStep[] {
  const { keep = 0, keepDays = 0 } = settings.stamps ?? {};
  const kept = newestUsable(images, settings);
  const inTest = new Set(tests.map(({ imageId }) => imageId));
  const isReplaced = (image: Image) => !image.isEncrypted && copyOf(images, image)?.state === "available";
  const current = images.filter((image) => image.state === "available" && !isReplaced(image));
  return images
    .filter((image) => image !== kept && !inTest.has(image.id))
    .filter(
      (image) =>
        !isSound(image.state) ||
        isReplaced(image) ||
        current.indexOf(image) >= keep ||
        (image.state === "available" && image.createdAtMs + keepDays * 24 * HOUR_MS < nowMs),
    )
    .map((image) => ({ kind: "delete", image }));
}

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Image.html (imageState) */
function isSound(state: string): boolean {
  return state === "available" || state === "pending";
}

/** Of the newest image that a copy could be started from. Undefined: there is none. */
export function imageAgeHours(
  world: Pick<StampWorld, "images">,
  settings: ApplianceSettings,
  nowMs: number,
): number | undefined {
  const image = newestUsable(world.images, settings);
  return image && Math.max(0, (nowMs - image.createdAtMs) / HOUR_MS);
}
