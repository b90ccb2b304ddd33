import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EC2Client } from "@aws-sdk/client-ec2";
import type { Hands } from "../../functions/appliance-failover/core";
import { type Account, makeAccount, positionOf } from "./appliance-account";

const KILLED = "killed";

/** Calls that change nothing: to die after one is to die before it. */
const LOOK = /^(Describe|Get)/;

/** Hands that change `changes` things and then do nothing ever again, as a process that is killed: not even the lease is released. */
function mortalHands(account: Account, changes: number): Hands {
  const life = { left: changes };
  const clients = { ec2: new EC2Client({}), dynamo: new DynamoDBClient({}) };
  for (const client of [clients.ec2, clients.dynamo])
    (client.middlewareStack as any).add(
      (next: any, { commandName = "" }: any) =>
        async (args: any) => {
          if (life.left <= 0) throw new Error(KILLED);
          const answer = await next(args);
          if (!LOOK.test(commandName)) life.left -= 1;
          if (life.left <= 0) throw new Error(KILLED);
          return answer;
        },
      { step: "initialize" },
    );
  return account.hands(clients);
}

interface Case {
  readonly name: string;
  readonly strategy: "stamp" | "standby";
  readonly kind: "failover" | "failback";
  readonly isStandbyRunning?: boolean;
}

const CASES: readonly Case[] = [
  { name: "with stamps", strategy: "stamp", kind: "failover" },
  { name: "with a running standby", strategy: "standby", kind: "failover" },
  { name: "with a stopped standby", strategy: "standby", kind: "failover", isStandbyRunning: false },
  { name: "back", strategy: "standby", kind: "failback" },
];

describe.each(CASES)("killed after each single change, $name", ({ strategy, kind, isStandbyRunning }) => {
  test("the next one ends it: one active instance, one copy, address and every route on it", async () => {
    let kills = 0;
    for (let changes = 1; ; changes++) {
      const account = await makeAccount(strategy, { isStandbyRunning });
      if (kind === "failback") await account.run({ id: "before" });
      account.clock.ms += 1000;
      const first = await account
        .run({ kind, id: "first" }, mortalHands(account, changes))
        .catch((error: Error) => (error.message === KILLED ? undefined : Promise.reject(error)));
      if (first) break;
      kills += 1;
      // The dead one's lease runs out; nobody released it.
      account.clock.ms += 61_000;
      const second = await account.run({ kind, id: "second" });
      const world = await account.look();
      const expected =
        kind === "failback"
          ? account.primaryId
          : account.standbyId || world.instances.find(({ role }) => role === "copy")?.id;
      expect({ changes, ...positionOf(world) }).toEqual({
        changes,
        holder: expected,
        routes: [expected],
        running: [expected],
      });
      expect(world.instances.filter(({ role }) => role === "copy")).toHaveLength(strategy === "stamp" ? 1 : 0);
      expect(world.record.run).toBeUndefined();
      // Killed after its end was written down: there is nothing left, and nothing is done.
      expect(["switched", "refused"]).toContain(second.kind);
      if (second.kind === "refused") expect(world.record).toMatchObject({ activeId: expected });
    }
    process.stdout.write(`    killed ${kills} times\n`);
    expect(kills).toBeGreaterThan(10);
  });
});
