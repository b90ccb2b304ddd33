import * as z from "zod";

/** How the service on an appliance is asked whether it lives. */
export const serviceCheck = z.discriminatedUnion("protocol", [
  z.object({ protocol: z.literal("tcp"), port: z.number() }),
  z.object({ protocol: z.literal("https"), port: z.number(), path: z.string() }),
  /** It answers the payload, whatever it answers. */
  z.object({ protocol: z.literal("udp"), port: z.number(), payloadHex: z.string() }),
]);

export type ServiceCheck = z.infer<typeof serviceCheck>;

/** What the functions and the commands know of an appliance. Resources are selectors: an id, a Name tag or `key=value`. */
export const applianceSettings = z.object({
  /** `<site>-appliance-<key>`: the table's name, and what its copies and images are tagged by. */
  name: z.string(),
  site: z.string(),
  key: z.string(),
  region: z.string(),
  vpc: z.string(),
  instance: z.string(),
  strategy: z.enum(["stamp", "standby"]),
  standby: z.string().optional(),
  /** In the order in which they are tried. */
  subnets: z.array(z.string()),
  /** Allocation id or public address of the Elastic IP. */
  address: z.string(),
  clientRanges: z.array(z.string()),
  routeTables: z.array(z.string()),
  securityGroups: z.array(z.string()),
  /** The group that lets nothing in or out; the appliance's own stack makes it. */
  quarantineGroup: z.string(),
  /** Instance types in the order in which they are tried; empty: the type of the instance that is replaced. */
  types: z.array(z.string()),
  profile: z.string().optional(),
  keyName: z.string().optional(),
  /** ARN of the volumes' own key. */
  kmsKey: z.string().optional(),
  service: serviceCheck,
  verifySeconds: z.number(),
  holdDownMinutes: z.number(),
  maintenance: z.object({ windows: z.array(z.string()), timeZone: z.string() }),
  /** `isDeployed`: the probe's function is there. */
  probe: z.object({ isDeployed: z.boolean(), intervalSeconds: z.number(), failures: z.number() }),
  stamps: z
    .object({
      by: z.enum(["dlm", "function"]),
      everyHours: z.number(),
      isRebooted: z.boolean(),
      staleHours: z.number(),
      keep: z.number(),
      keepDays: z.number(),
      isEncrypted: z.boolean(),
      /** None: images are not started to see whether they boot. */
      bootTestSubnet: z.string().optional(),
    })
    .optional(),
});

export type ApplianceSettings = z.infer<typeof applianceSettings>;

/** Tags by which the functions know what is theirs; IAM's conditions name them too. */
export const TAGS = {
  /** On copies and images: the appliance's name. */
  appliance: "kakehashi-appliance",
  /** On a copy: the run that started it. */
  run: "kakehashi-run",
  /** On the instance that serves: the appliance's name. Data Lifecycle Manager takes images of what carries it. */
  active: "kakehashi-active",
  /** On an image: what its boot test said, `passed` or `failed`. */
  boot: "kakehashi-boot",
  /** On an instance that only tests an image: the image's id. */
  bootTest: "kakehashi-boot-test",
  /** On an encrypted copy: the id of the image that it was made of. */
  copyOf: "kakehashi-copy-of",
} as const;
