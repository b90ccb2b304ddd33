import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { ApplianceError } from "../common/appliance/errors";
import { type Eyes, findInstances, observe } from "../common/appliance/observe";
import { SWITCH_LEASE, writeRecord } from "../common/appliance/record";
import type { ApplianceSettings } from "../common/appliance/settings";
import type { Run, World } from "../common/appliance/world";
import { type Lease, releaseLease, renewLease, takeLease } from "../common/lease";
import { decide, type SwitchRequest } from "./decide";
import { perform } from "./perform";
import { plan, type Stage, type Step } from "./plan";

/** All that the engine touches of the world. */
export interface Hands extends Eyes {
  /** Whether the service answers on a private address. Undefined where it can't be asked from here. */
  readonly probe: (host: string) => Promise<boolean | undefined>;
  readonly notify: (outcome: Outcome & { kind: "switched" }) => Promise<void>;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly log: (entry: { readonly message: string } & Readonly<Record<string, unknown>>) => void;
}

/** Whether the service answers on its new instance; `unknown`: it could not be asked from here. */
export type Verified = "yes" | "no" | "unknown";

export type Outcome =
  | {
      readonly kind: "switched";
      readonly run: Run;
      readonly activeId: string;
      readonly verified: Verified;
      readonly seconds: number;
    }
  | { readonly kind: "refused" | "given-up"; readonly why: string }
  /** Somebody else is at it. */
  | { readonly kind: "busy" };

/** Longer than any single call with its retries may take: who holds it has said so less than this ago. */
const LEASE_SECONDS = 60;
/** EC2's own waiters ask every 15 s. @see https://github.com/boto/botocore/blob/develop/botocore/data/ec2/2016-11-15/waiters-2.json */
const POLL_MILLISECONDS = 1000;
/** Less than a Lambda function's 15 minutes: a run that waits in vain says so itself. */
const LONGEST_WAIT_SECONDS = 600;

interface Work {
  readonly hands: Hands;
  readonly settings: ApplianceSettings;
  readonly run: Run;
  readonly lease: Lease;
}

/**
 * Switches, or ends the switch that another left unfinished. One at a time, by a lease; each step is fenced by it.
 * @throws ApplianceError; what AWS answers
 */
export async function switchAppliance(
  hands: Hands,
  settings: ApplianceSettings,
  request: SwitchRequest,
): Promise<Outcome> {
  const lease = await takeLease(hands.table, SWITCH_LEASE, request.id, LEASE_SECONDS);
  if (!lease) return { kind: "busy" };
  try {
    const world = await observe(hands, settings);
    const decision = decide(world, settings, request, hands.table.now());
    if (decision.kind === "refused") return decision;
    const work = { hands, settings, run: decision.run, lease };
    const stages = await planOrDrop(work, world);
    hands.log({ message: decision.isResumed ? "run resumed" : "run begun", run: decision.run });
    if (!decision.isResumed) await writeFenced(work, { run: decision.run });
    return await carryOut(work, world, stages);
  } finally {
    await releaseLease(hands.table, lease);
  }
}

/** A run whose target is gone can't be ended by anybody: it is dropped, so that the next request begins a new one. */
async function planOrDrop(work: Work, world: World): Promise<readonly Stage[]> {
  try {
    return plan(world, work.settings, work.run);
  } catch (error) {
    if (world.record.run && error instanceof ApplianceError && error.fault === "no-target")
      await writeFenced(work, { run: null, lastOutcome: `${work.run.kind} dropped: ${error.message}` });
    throw error;
  }
}

/** Stage by stage, under the lease; where it must wait it looks again and plans anew. */
async function carryOut(work: Work, first: World, planned: readonly Stage[]): Promise<Outcome> {
  const { hands, settings, run } = work;
  const untilMs = hands.table.now() + LONGEST_WAIT_SECONDS * 1000;
  let [world, stages, verified, looks] = [first, planned, "unknown" as Verified, 0];
  for (;;) {
    const stage = stages[0] as Stage;
    await holdOn(work);
    if (isWait(stage)) {
      if (hands.table.now() > untilMs) throw waitedInVain(stage);
      // The first look is free: what was started may be there already. From then on no faster, whatever the plan says anew.
      if (looks++ > 0) await hands.sleep(POLL_MILLISECONDS);
      world = { ...world, instances: await findInstances(hands.ec2, settings) };
      stages = plan(world, settings, run);
      continue;
    }
    hands.log({ message: "stage", run: run.id, steps: stage.map(({ kind }) => kind) });
    for (const step of stage) {
      if (step.kind === "finish") return finish(work, step, verified);
      if (step.kind !== "verify") continue;
      verified = await verify(work, step.host);
      if (step.isRequired && verified === "no") return giveUp(work, step.host);
    }
    await Promise.all(stage.map((step) => perform(hands.ec2, settings, step)));
    stages = stages.slice(1);
  }
}

function isWait(stage: Stage): boolean {
  return stage.some(({ kind }) => kind === "await");
}

function waitedInVain(stage: Stage): ApplianceError {
  const waits = stage.filter((step) => step.kind === "await");
  const text = waits.map(({ instanceId, until }) => `${instanceId} is not ${until}`).join(", ");
  const fault = waits.some(({ until }) => until === "fenced") ? "not-fenced" : "not-running";
  return new ApplianceError(fault, `${text} after ${LONGEST_WAIT_SECONDS} s; nothing more is moved until it is`);
}

/** Asks again and again: the service may start long after the instance runs. */
async function verify({ hands, settings, lease }: Work, host: string): Promise<Verified> {
  const untilMs = hands.table.now() + settings.verifySeconds * 1000;
  for (;;) {
    const answers = await hands.probe(host);
    if (answers === undefined) return "unknown";
    if (answers) return "yes";
    if (hands.table.now() >= untilMs) return "no";
    await hands.sleep(POLL_MILLISECONDS);
    await holdOn({ hands, lease });
  }
}

async function finish(
  work: Work,
  { activeId, homeId }: Extract<Step, { kind: "finish" }>,
  verified: Verified,
): Promise<Outcome> {
  const { hands, run } = work;
  const nowMs = hands.table.now();
  const seconds = Math.round((nowMs - run.startedAtMs) / 100) / 10;
  const outcome = { kind: "switched", run, activeId, verified, seconds } as const;
  // Told before it is written down: a run that dies between the two tells it twice, and never not at all.
  await hands.notify(outcome).catch((error: Error) => hands.log({ message: "notice failed", error: error.name }));
  await writeFenced(work, {
    run: null,
    activeId,
    homeId,
    lastSwitchAtMs: nowMs,
    lastOutcome: `${run.kind} to ${activeId}, ${VERIFIED[verified]}`,
  });
  hands.log({ message: "run ended", run: run.id, activeId, verified, seconds });
  return outcome;
}

const VERIFIED: Readonly<Record<Verified, string>> = {
  yes: "service answers",
  no: "service does NOT answer",
  unknown: "service not asked",
};

/** A fail-back that leads nowhere is no emergency: the one that serves goes on serving. */
async function giveUp(work: Work, host: string): Promise<Outcome> {
  const why = `the service on ${host} does not answer; nothing was moved`;
  await writeFenced(work, { run: null, lastOutcome: `${work.run.kind} given up: ${why}` });
  return { kind: "given-up", why };
}

async function holdOn({ hands, lease }: Pick<Work, "hands" | "lease">): Promise<void> {
  if (!(await renewLease(hands.table, lease, LEASE_SECONDS))) throw leaseLost();
}

async function writeFenced({ hands, lease }: Work, change: Parameters<typeof writeRecord>[2]): Promise<void> {
  try {
    await writeRecord(hands.table, lease, change);
  } catch (error) {
    throw error instanceof TransactionCanceledException ? leaseLost() : error;
  }
}

function leaseLost(): ApplianceError {
  return new ApplianceError("lease-lost", "another run has taken over; it goes on with what is left");
}
