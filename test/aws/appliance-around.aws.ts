import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type CreateImageCommandInput,
  DeregisterImageCommand,
  DescribeImagesCommand,
  type EC2Client,
  StopInstancesCommand,
} from "@aws-sdk/client-ec2";
import { toApplianceSettings } from "../../config/appliance";
import { loadSite } from "../../config/load-site";
import { stampAppliance } from "../../functions/appliance-stamper/core";
import { watchAppliance } from "../../functions/appliance-watcher/core";
import type { DownDetail } from "../../functions/common/appliance/down-event";
import { TAGS } from "../../functions/common/appliance/settings";
import { runCli } from "../helpers/run-cli";
import { useFolder } from "../helpers/use-folder";
import { type Account, makeAccount, positionOf } from "./appliance-account";

const folder = useFolder();
const world = { env: process.env, now: () => new Date() };

/** A site file whose appliance is that of the account. */
function siteFor(account: Account, strategy: "stamp" | "standby"): string {
  const file = join(folder(), "site.yaml");
  const head = readFileSync("examples/aws-only/site.yaml", "utf8").replace(/^site: .*$/m, "site: demo");
  const own = strategy === "standby" ? "standby: vpn-standby" : "subnets: [demo-tokyo-public-a, demo-tokyo-public-c]";
  writeFileSync(
    file,
    `${head}
appliances:
  vpn:
    region: ap-northeast-1
    vpc: demo-tokyo
    instance: vpn
    strategy: ${strategy}
    ${own}
    address: ${account.settings.address}
    clientRanges: [10.242.2.0/24, 10.242.3.0/24]
    routeTables: [role=clients]
    securityGroups: [vpn]
    service: { protocol: tcp, port: 443 }
    detection: { healthCheck: { protocol: tcp, port: 443 } }
`,
  );
  return file;
}

describe("kakehashi appliance", () => {
  test("status, dry run, fail-over, fail-back, maintenance", async () => {
    const account = await makeAccount("standby");
    const site = siteFor(account, "standby");
    const [appliance] = loadSite(site).appliances;
    expect(toApplianceSettings("demo", appliance as NonNullable<typeof appliance>)).toMatchObject({
      name: account.settings.name,
      quarantineGroup: account.settings.quarantineGroup,
    });
    const { publicIp } = (await account.look()).address;
    const call = (...words: string[]) => runCli(["appliance", ...words], world);

    expect(await call("status", "vpn", site, "--short")).toEqual({
      code: 2,
      // One of the two client ranges has no route yet.
      out: `vpn: NOT OK - 2 of 4 routes lead elsewhere, ${account.primaryId} (ap-northeast-1a) serves ${publicIp}, routes 2/4, service not asked\n`,
      err: "",
    });
    const dry = await call("failover", "vpn", site, "--dry-run");
    expect(dry.code).toBe(0);
    expect(dry.out).toContain(
      `vpn: would do this, and nothing was changed\n  isolate\n    ModifyNetworkInterfaceAttribute {`,
    );
    expect(dry.out).toContain(`StopInstances {"InstanceIds":["${account.primaryId}"]}`);
    expect(positionOf(await account.look()).holder).toBe(account.primaryId);

    expect(await call("maintenance", "vpn", site, "--minutes", "90")).toMatchObject({ code: 0 });
    expect((await call("failover", "vpn", site)).out).toMatch(/^vpn: REFUSED - in maintenance until 20\d\d-/);
    expect(await call("maintenance", "vpn", site, "--off")).toEqual({ code: 0, out: "vpn: no maintenance\n", err: "" });

    const over = await call("failover", "vpn", site, "--reason", "a test", "--json");
    expect([over.code, JSON.parse(over.out)]).toMatchObject([
      0,
      {
        ok: true,
        outcome: { kind: "switched", activeId: account.standbyId, verified: "unknown", run: { reason: "a test" } },
      },
    ]);
    expect((await call("status", "vpn", site)).out).toBe(
      `vpn: OK - ${account.standbyId} (ap-northeast-1c) serves ${publicIp}, routes 4/4, service not asked\n  last switch: failover to ${account.standbyId}, service not asked\n`,
    );
    expect((await call("failover", "vpn", site)).out).toMatch(/^vpn: REFUSED - held down until 20\d\d-/);
    expect((await call("failback", "vpn", site)).out).toMatch(
      new RegExp(`^vpn: OK - failback to ${account.primaryId} in [\\d.]+ s, service not asked\n$`),
    );
    expect(positionOf(await account.look())).toMatchObject({ holder: account.primaryId, running: [account.primaryId] });
  });

  test("says what is wrong in one line", async () => {
    const account = await makeAccount("stamp");
    const site = siteFor(account, "stamp");
    for (const ImageId of account.imageIds) await account.ec2.send(new DeregisterImageCommand({ ImageId }));
    expect(await runCli(["appliance", "failover", "vpn", site], world)).toEqual({
      code: 2,
      out: "",
      err: "vpn: there is no usable image with the tag kakehashi-appliance=demo-appliance-vpn; take one by hand and tag it so\n",
    });
    expect(await runCli(["appliance", "status", "vpm", site], world)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/appliances: must have the appliance that is named, got "vpm"; did you mean vpn\?/),
    });
    expect((await runCli(["appliance", "maintenance", "vpn", site, "--minutes", "0"], world)).err).toBe(
      'appliance maintenance: 1 problem\n  --minutes: must be 1 to 10080, got "0"; use for example 60\n',
    );
  });
});

describe("the watcher", () => {
  const watch = async (account: Account, isUp: boolean, onlyIfId?: string) => {
    const told: DownDetail[] = [];
    const { ec2, table } = account.hands();
    const watched = await watchAppliance(
      {
        ec2,
        table,
        probe: async () => ({ isUp, asked: 3, failed: isUp ? 0 : 3 }),
        tell: async (detail) => {
          told.push(detail);
        },
      },
      account.settings,
      onlyIfId,
    );
    return { watched, told };
  };

  test("calls the engine for two signals, not for one, and not for another instance's end", async () => {
    const account = await makeAccount("standby");
    expect((await watch(account, true)).told).toEqual([]);
    expect(await watch(account, false)).toMatchObject({ told: [], watched: { down: 1, isDown: false } });
    await account.ec2.send(new StopInstancesCommand({ InstanceIds: [account.primaryId] }));
    expect(await watch(account, false, account.standbyId)).toEqual({ watched: undefined, told: [] });
    const { told } = await watch(account, false, account.primaryId);
    expect(told).toEqual([
      {
        appliance: "demo-appliance-vpn",
        suspectId: account.primaryId,
        reason: "status down, probe down, health unknown",
      },
    ]);
    // What it tells makes the engine move, and the next look finds all well.
    const { suspectId, reason = "" } = told[0] as DownDetail;
    expect(await account.run({ suspectId, reason })).toMatchObject({ kind: "switched", activeId: account.standbyId });
    expect((await watch(account, true)).told).toEqual([]);
    expect(await account.run({ suspectId, reason, id: "late" })).toEqual({
      kind: "refused",
      why: `${account.standbyId} serves by now, not ${account.primaryId}`,
    });
  });

  test("calls it again for a run that was left unfinished, once nobody works at it", async () => {
    const account = await makeAccount("standby");
    const hands = account.hands();
    await expect(
      account.run({ id: "dies" }, { ...hands, probe: () => Promise.reject(new Error("killed")) }),
    ).rejects.toThrow("killed");
    expect((await watch(account, true)).told).toEqual([
      { appliance: "demo-appliance-vpn", suspectId: undefined, reason: "run dies was left unfinished" },
    ]);
    expect(await account.run({ id: "next" })).toMatchObject({ kind: "switched", run: { id: "dies" } });
    expect((await watch(account, true)).told).toEqual([]);
  });
});

/** The emulator can't tag an image's snapshots in the same call. */
function tagImagesOnly(ec2: EC2Client): void {
  ec2.middlewareStack.add(
    (next) => (args) => {
      const input = args.input as CreateImageCommandInput;
      const TagSpecifications = input.TagSpecifications?.filter(({ ResourceType }) => ResourceType !== "snapshot");
      return next({
        ...args,
        input: { ...input, ...(TagSpecifications && { TagSpecifications }) } as typeof args.input,
      });
    },
    { step: "initialize" },
  );
}

test("the stamper takes an image of who serves, tags it, and removes the oldest", async () => {
  const account = await makeAccount("stamp");
  const { ec2, table } = account.hands();
  tagImagesOnly(ec2);
  const settings = {
    ...account.settings,
    stamps: { ...(account.settings.stamps as NonNullable<typeof account.settings.stamps>), keep: 2 },
  };
  const later = Date.now() + 25 * 3_600_000;
  const stamp = (at: number) => stampAppliance({ ec2, table }, settings, at);
  expect(await stamp(Date.now())).toMatchObject({ steps: ["mark"], refused: [] });
  expect(await stamp(later)).toMatchObject({ steps: ["create"], refused: [], ageHours: expect.closeTo(25, 0) });
  const { Images = [] } = await ec2.send(new DescribeImagesCommand({ Owners: ["self"] }));
  const made = Images.find(({ ImageId = "" }) => !account.imageIds.includes(ImageId));
  expect(made?.Name).toMatch(/^demo-appliance-vpn-\d{8}T\d{4}$/);
  expect(Object.fromEntries((made?.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]))).toEqual({
    Name: "vpn",
    owner: "network-team",
    [TAGS.appliance]: "demo-appliance-vpn",
  });
  expect(await stamp(Date.now())).toMatchObject({ steps: ["delete"], refused: [] });
  expect((await ec2.send(new DescribeImagesCommand({ Owners: ["self"] }))).Images).toHaveLength(2);
});
