import {
  AssociateAddressCommand,
  DeleteRouteCommand,
  DeregisterImageCommand,
  DescribeInstanceAttributeCommand,
} from "@aws-sdk/client-ec2";
import { ApplianceError } from "../../functions/common/appliance/errors";
import { writeMaintenance } from "../../functions/common/appliance/record";
import { type Account, CLIENT_RANGE, launchInstance, makeAccount, positionOf } from "./appliance-account";
import { ec2Error, type FaultProxy, startFaultProxy } from "./fault-proxy";
import { motoUrl } from "./moto";

// What the emulator does not do as EC2 does: instances change their state at once, so that nothing waits unless the proxy
// says otherwise; an attached interface keeps its instance's groups beside those that are set (so the quarantine shows in the
// calls, not in the answers); ClientToken is not looked at; an address tells
// its interface and not its instance; nothing is ever out of capacity or throttled.

let proxy: FaultProxy;

beforeEach(async () => {
  proxy = await startFaultProxy(motoUrl());
});

afterEach(() => proxy.close());

const make = (strategy: "stamp" | "standby", isStandbyRunning = true) =>
  makeAccount(strategy, { isStandbyRunning, endpoint: proxy.url });

const count = (operation: string) => proxy.calls.filter((call) => call.operation === operation).length;

/** The calls that change something, in the order in which they arrived. */
const changes = () =>
  proxy.calls
    .map(({ operation }) => operation)
    .filter((operation) => !/^(Describe|GetItem|UpdateItem|TransactWriteItems)/.test(operation));

async function expectAt(account: Account, id: string | undefined): Promise<void> {
  expect(positionOf(await account.look())).toEqual({ holder: id, routes: [id], running: [id] });
}

async function copyIn(account: Account) {
  const copies = (await account.look()).instances.filter(({ role }) => role === "copy");
  expect(copies).toHaveLength(1);
  return copies[0];
}

/** Nothing was moved, stopped or started, and nothing is left to be ended. */
async function expectUntouched(account: Account): Promise<void> {
  const world = await account.look();
  expect(positionOf(world).holder).toBe(account.primaryId);
  expect(world.instances.find(({ id }) => id === account.primaryId)?.state).toBe("running");
  expect(world.record.run).toBeUndefined();
}

describe("a fail-over", () => {
  test.each([true, false])("moves to the standby (running: %s)", async (isRunning) => {
    const account = await make("standby", isRunning);
    expect(await account.run()).toMatchObject({ kind: "switched", activeId: account.standbyId, verified: "yes" });
    await expectAt(account, account.standbyId);
    const world = await account.look();
    const [old, fresh] = [account.primaryId, account.standbyId].map((id) =>
      world.instances.find((one) => one.id === id),
    );
    expect(old?.state).toBe("stopped");
    expect(old?.interfaces[0]?.groupIds).toContain(world.quarantineGroupId);
    expect(fresh?.interfaces[0]?.isSourceDestChecked).toBe(false);
    expect(fresh?.tags).toMatchObject({ "kakehashi-active": "demo-appliance-vpn" });
    expect(world.record).toEqual({
      activeId: account.standbyId,
      homeId: account.primaryId,
      lastOutcome: `failover to ${account.standbyId}, service answers`,
      lastSwitchAtMs: account.clock.ms,
    });
    expect(account.notices).toHaveLength(1);
  });

  test("fences before it moves anything", async () => {
    const account = await make("standby");
    await account.run();
    expect(changes().slice(0, 2).sort()).toEqual(["ModifyNetworkInterfaceAttribute", "StopInstances"]);
    expect(changes().indexOf("AssociateAddress")).toBeGreaterThan(changes().indexOf("StopInstances"));
    const [isolate] = proxy.calls.filter(({ operation }) => operation === "ModifyNetworkInterfaceAttribute");
    expect(isolate?.body.get("SecurityGroupId.1")).toBe((await account.look()).quarantineGroupId);
  });

  test("starts a copy of the newest image: other zone, same type, key, tags and user data", async () => {
    const account = await make("stamp");
    await account.run();
    const copy = await copyIn(account);
    await expectAt(account, copy?.id);
    expect(copy).toMatchObject({ zone: "ap-northeast-1c", type: "c6i.large", keyName: "operators" });
    expect(copy?.tags).toMatchObject({
      Name: "vpn",
      owner: "network-team",
      "kakehashi-appliance": "demo-appliance-vpn",
    });
    const [launched] = proxy.calls.filter(({ operation }) => operation === "RunInstances");
    expect(launched?.body.get("ImageId")).toBe((await account.look()).images[0]?.id);
    const { UserData } = await account.ec2.send(
      new DescribeInstanceAttributeCommand({ InstanceId: copy?.id, Attribute: "userData" }),
    );
    expect(Buffer.from(UserData?.Value ?? "", "base64").toString()).toBe("#!/bin/sh\necho $(hostname) 'hello'\n");
  });

  test("does nothing where there is no image", async () => {
    const account = await make("stamp");
    for (const ImageId of account.imageIds) await account.ec2.send(new DeregisterImageCommand({ ImageId }));
    await expect(account.run()).rejects.toThrow(
      "there is no usable image with the tag kakehashi-appliance=demo-appliance-vpn; take one by hand and tag it so",
    );
    await expectUntouched(account);
    expect(changes()).toEqual([]);
  });

  test("creates a route that is absent, and one that vanishes between the look and the move", async () => {
    const account = await make("standby");
    const { routeTables } = await account.look();
    proxy.fault = ({ operation }) => {
      if (operation !== "StopInstances") return undefined;
      proxy.fault = () => undefined;
      gone = account.ec2.send(
        new DeleteRouteCommand({ RouteTableId: routeTables[0]?.id, DestinationCidrBlock: CLIENT_RANGE }),
      );
      return undefined;
    };
    let gone: Promise<unknown> | undefined;
    await account.run();
    await gone;
    await expectAt(account, account.standbyId);
    expect(count("CreateRoute")).toBeGreaterThanOrEqual(2);
  });
});

describe("an address that a stranger holds", () => {
  const takeAway = async (account: Account) => {
    const { subnets, groupIds, address } = await account.look();
    const stranger = await launchInstance(account.ec2, "other", subnets[0]?.id ?? "", groupIds[0] ?? "");
    await account.ec2.send(
      new AssociateAddressCommand({
        AllocationId: address.allocationId,
        NetworkInterfaceId: stranger.NetworkInterfaces?.[0]?.NetworkInterfaceId,
        AllowReassociation: true,
      }),
    );
    return stranger.NetworkInterfaces?.[0]?.NetworkInterfaceId;
  };

  test("is not taken, and nothing is stopped", async () => {
    const account = await make("standby");
    const stranger = await takeAway(account);
    const { publicIp } = (await account.look()).address;
    await expect(account.run()).rejects.toThrow(
      `${publicIp} is held by ${stranger}, which is no part of this appliance; free it, or mend the site file`,
    );
    expect(changes()).toEqual([]);
  });

  test("is not taken where it was moved by hand after the run began", async () => {
    const account = await make("standby");
    let stranger: string | undefined;
    const hands = account.hands();
    const sendToEc2 = hands.ec2.send.bind(hands.ec2) as (command: any) => Promise<any>;
    hands.ec2.send = (async (command: any) => {
      const answer = await sendToEc2(command);
      if (command.constructor.name === "StopInstancesCommand") stranger = await takeAway(account);
      return answer;
    }) as any;
    await expect(account.run({}, hands)).rejects.toThrow(
      /^[\d.]+ was moved to eni-[0-9a-f]+ meanwhile; free it, or mend the site file$/,
    );
    expect((await account.look()).address.networkInterfaceId).toBe(stranger);
  });
});

describe("without capacity", () => {
  const lack = (isLacking: (body: URLSearchParams) => boolean, operation = "RunInstances") => {
    proxy.fault = (call) =>
      call.operation === operation && isLacking(call.body) ? ec2Error("InsufficientInstanceCapacity", 500) : undefined;
  };

  test("the next subnet is tried", async () => {
    const account = await make("stamp");
    const [, second] = (await account.look()).subnets;
    lack((body) => body.get("SubnetId") === second?.id);
    expect(await account.run()).toMatchObject({ kind: "switched" });
    expect(await copyIn(account)).toMatchObject({ zone: "ap-northeast-1a", type: "c6i.large" });
  });

  test("then the next type", async () => {
    const account = await make("stamp");
    account.settings.types.push("c6i.large", "c5.large");
    lack((body) => body.get("InstanceType") === "c6i.large");
    expect(await account.run()).toMatchObject({ kind: "switched" });
    expect(await copyIn(account)).toMatchObject({ zone: "ap-northeast-1c", type: "c5.large" });
  });

  test("anywhere, it says so, and the next run ends what this one began", async () => {
    const account = await make("stamp");
    lack(() => true);
    const [a, c] = (await account.look()).subnets;
    await expect(account.run()).rejects.toThrow(
      `no zone and type has capacity (c6i.large in ${c?.id}: InsufficientInstanceCapacity, c6i.large in ${a?.id}: InsufficientInstanceCapacity); give more types or subnets`,
    );
    proxy.fault = () => undefined;
    expect(await account.run({ id: "second" })).toMatchObject({
      kind: "switched",
      run: { id: `run-${account.clock.ms}` },
    });
    await expectAt(account, (await copyIn(account))?.id);
  });

  test("a stopped standby starts as the next type", async () => {
    const account = await make("standby", false);
    account.settings.types.push("c6i.large", "c5.large");
    lack(() => !proxy.calls.some(({ operation }) => operation === "ModifyInstanceAttribute"), "StartInstances");
    expect(await account.run()).toMatchObject({ kind: "switched", activeId: account.standbyId });
    expect((await account.look()).instances.find(({ id }) => id === account.standbyId)?.type).toBe("c5.large");
  });
});

describe("waiting", () => {
  /** The emulator's instances change at once: here they take their time, by the answers' rewriting. */
  const slow = (id: () => string | undefined, from: string, to: string, answers: number) => {
    let left = answers;
    proxy.rewrite = ({ operation }, body) => {
      const at = operation === "DescribeInstances" ? body.indexOf(`<instanceId>${id()}</instanceId>`) : -1;
      if (at < 0 || !body.slice(at).includes(`<name>${from}</name>`) || left-- <= 0) return body;
      return body.slice(0, at) + body.slice(at).replace(`<name>${from}</name>`, `<name>${to}</name>`);
    };
  };

  test("asks every second until the standby runs", async () => {
    const account = await make("standby", false);
    slow(() => (count("StartInstances") > 0 ? account.standbyId : undefined), "running", "pending", 4);
    expect(await account.run()).toMatchObject({ kind: "switched" });
    expect(account.slept).toEqual([1000, 1000, 1000, 1000]);
    await expectAt(account, account.standbyId);
  });

  test("moves nothing while the old instance is not fenced, and says so in the end", async () => {
    const account = await make("standby");
    slow(() => account.primaryId, "stopped", "stopping", 10_000);
    const sleep = async () => {
      account.clock.ms += 30_000;
    };
    await expect(account.run({}, { ...account.hands(), sleep })).rejects.toThrow(
      `${account.primaryId} is not fenced after 600 s; nothing more is moved until it is`,
    );
    expect(count("AssociateAddress") + count("ReplaceRoute") + count("CreateRoute")).toBe(0);
  });
});

test("throttled at every call's first try, it gets there", async () => {
  const account = await make("stamp");
  const seen = new Set<string>();
  proxy.fault = ({ operation, body }) => {
    const call = `${operation} ${body}`;
    if (operation === "" || seen.has(call) || !body.has("Action")) return undefined;
    seen.add(call);
    return ec2Error("RequestLimitExceeded", 503);
  };
  expect(await account.run()).toMatchObject({ kind: "switched" });
  expect(seen.size).toBeGreaterThan(10);
  await expectAt(account, (await copyIn(account))?.id);
});

describe("several requests", () => {
  test("at once do one fail-over, and one after them is held down", async () => {
    const account = await make("stamp");
    // Asked at the very same moment, the emulator can give one lease to two: the fencing token then stops the one that lost.
    const outcomes = await Promise.all(
      ["a", "b", "c"].map((id) =>
        account.run({ id }).catch((error: unknown) => {
          if (error instanceof ApplianceError && error.fault === "lease-lost") return { kind: "lease-lost" };
          throw error;
        }),
      ),
    );
    expect(outcomes.filter(({ kind }) => kind === "switched")).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => ["busy", "refused", "lease-lost"].includes(kind))).toHaveLength(2);
    expect(await account.run({ id: "late" })).toMatchObject({
      kind: "refused",
      why: expect.stringMatching(/^held down until /),
    });
    expect(count("RunInstances")).toBe(1);
    account.clock.ms += 31 * 60_000;
    expect(await account.run({ id: "later", suspectId: account.primaryId })).toEqual({
      kind: "refused",
      why: `${(await copyIn(account))?.id} serves by now, not ${account.primaryId}`,
    });
  });

  test("a run that was overtaken stops, and writes nothing", async () => {
    const account = await make("standby");
    const hands = account.hands();
    const first = account.run(
      { id: "slow" },
      {
        ...hands,
        probe: async () => {
          account.clock.ms += 61_000;
          expect(await account.run({ id: "fast" })).toMatchObject({ kind: "switched", run: { id: "slow" } });
          return true;
        },
      },
    );
    await expect(first).rejects.toThrow("another run has taken over; it goes on with what is left");
    expect(account.notices).toHaveLength(2 - 1);
    await expectAt(account, account.standbyId);
  });
});

describe("a refusal", () => {
  test("in maintenance, unless a person insists", async () => {
    const account = await make("standby");
    const untilMs = account.clock.ms + 60_000;
    await writeMaintenance(account.hands().table, { untilMs, reason: "update" });
    expect(await account.run()).toEqual({
      kind: "refused",
      why: `in maintenance until ${new Date(untilMs).toISOString()}`,
    });
    await expectUntouched(account);
    expect(await account.run({ isForced: true })).toMatchObject({ kind: "switched" });
  });

  test("in a window of the site file", async () => {
    const account = await make("standby");
    account.settings.maintenance.windows.push("daily 00:00-23:59");
    expect(await account.run()).toEqual({ kind: "refused", why: "in a maintenance window" });
  });
});

describe("a fail-back", () => {
  test.each(["standby", "stamp"] as const)("returns to where it began (%s)", async (strategy) => {
    const account = await make(strategy);
    await account.run();
    proxy.calls.length = 0;
    account.clock.ms += 1000;
    expect(await account.run({ kind: "failback" })).toMatchObject({ kind: "switched", activeId: account.primaryId });
    await expectAt(account, account.primaryId);
    // No emergency: the other runs before this one is stopped.
    expect(changes().indexOf("StartInstances")).toBeLessThan(changes().indexOf("StopInstances"));
    expect(await account.run({ kind: "failback", id: "again" })).toEqual({
      kind: "refused",
      why: `${account.primaryId} serves already`,
    });
  });

  test("moves nothing where the first instance's service does not answer", async () => {
    const account = await make("standby");
    await account.run();
    account.clock.ms += 1000;
    const hands = account.hands();
    const outcome = await account.run({ kind: "failback" }, { ...hands, probe: async () => false });
    expect(outcome).toMatchObject({
      kind: "given-up",
      why: expect.stringMatching(/^the service on [\d.]+ does not answer; nothing was moved$/),
    });
    const world = await account.look();
    expect(positionOf(world).holder).toBe(account.standbyId);
    expect(world.record.run).toBeUndefined();
  });
});
