import * as z from "zod";
import { parseMaintenanceWindow, parseTimeZone } from "../values/maintenance-window";
import { parseResourceSelector, type ResourcePrefix } from "../values/resource-selector";
import { alarmKey } from "./alarms";
import { cidr, oneOf, plainText, text, vendorId } from "./fields";

/** A whole number with its bounds and default. */
const whole = (min: number, max: number, standard: number, description: string) =>
  z.number().int().min(min).max(max).default(standard).meta({ description });

const resource = (prefix: ResourcePrefix, description: string, example: string) =>
  text(parseResourceSelector(prefix), { description, examples: [example] });

/** The functions' environment holds the settings, and has 4 KB. */
const MOST = 10;

const port = z.number().int().min(1).max(65_535).meta({ description: "Its port." });
const path = vendorId("a path that begins with /", /^\/[A-Za-z0-9._~/?=&%-]{0,199}$/, "/healthz").default("/");

/** A probe's payload is sent by the kernel in one datagram. */
const MOST_PAYLOAD_BYTES = 512;

const protocol = <const T extends string>(word: T) => z.literal(word).meta({ description: "The protocol." });

const service = z
  .discriminatedUnion("protocol", [
    z.strictObject({ protocol: protocol("tcp"), port }).meta({ description: "It takes a TCP connection." }),
    z
      .strictObject({ protocol: protocol("https"), port: port.default(443), path })
      .meta({ description: "It answers over HTTPS, whatever its certificate and its answer." }),
    z
      .strictObject({
        protocol: protocol("udp"),
        port,
        payload: vendorId(
          "an even number of hexadecimal digits, at most 512 bytes",
          new RegExp(`^([0-9a-f]{2}){1,${MOST_PAYLOAD_BYTES}}$`),
          "3801010101010101010000000000",
        ).meta({ description: "What it is sent, in hexadecimal digits: something that it answers." }),
      })
      .meta({ description: "It answers a datagram." }),
  ])
  .meta({ description: "How the VPN service is asked whether it lives, on the instance's private address." });

const healthCheck = z
  .discriminatedUnion("protocol", [
    z.strictObject({ protocol: protocol("tcp"), port }).meta({ description: "A TCP connection." }),
    z
      .strictObject({ protocol: protocol("https"), port: port.default(443), path })
      .meta({ description: "An answer with a status below 400." }),
  ])
  .optional()
  .meta({ description: "A Route 53 health check of the floating address, from the Internet." });

const detection = z
  .strictObject({
    automatic: z.boolean().default(true).meta({
      description:
        "Fail over without being asked, when two of status checks, probe and health check say that it is down.",
    }),
    probeSubnets: z
      .array(resource("subnet", "A subnet.", "demo-tokyo-default"))
      .max(MOST)
      .default([])
      .meta({ description: "Subnets of the VPC in which the probe stands; it needs no way out. Default: no probe." }),
    probeSeconds: whole(2, 30, 5, "Time between two questions."),
    probeFailures: whole(2, 10, 3, "Questions without an answer, one after the other, that count as down."),
    healthCheck,
  })
  .prefault({})
  .meta({ description: "What finds out that it is down." });

const stamps = z
  .strictObject({
    by: oneOf(
      ["dlm", "function"],
      "dlm: Amazon Data Lifecycle Manager takes the images. function: ours does, which can encrypt and test them.",
    ).default("dlm"),
    everyHours: z
      .union(
        [
          z.literal(1),
          z.literal(2),
          z.literal(3),
          z.literal(4),
          z.literal(6),
          z.literal(8),
          z.literal(12),
          z.literal(24),
        ],
        {
          error: () => "must be 1, 2, 3, 4, 6, 8, 12 or 24; use for example 24",
        },
      )
      .default(24)
      .meta({ description: "How often an image is taken." }),
    reboot: z.boolean().default(false).meta({
      description:
        "Restart the instance for each image, so that its file systems are whole. Default: a running one's image.",
    }),
    keep: whole(1, 100, 7, "How many images are kept."),
    keepDays: whole(1, 365, 30, "by: function: how long an image is kept; the newest usable one stays."),
    staleHours: whole(1, 2_400, 48, "The alarm sounds when the newest usable image is older."),
    encrypt: z.boolean().default(false).meta({ description: "by: function: encrypt the copies of what is not." }),
    bootTestSubnet: resource("subnet", "A subnet that leads nowhere.", "demo-tokyo-test")
      .optional()
      .meta({ description: "by: function: start each image there once, cut off, to see whether it boots." }),
  })
  .prefault({})
  .meta({ description: "strategy: stamp: the images from which copies are started." });

const maintenance = z
  .strictObject({
    windows: z
      .array(text(parseMaintenanceWindow, { description: "A day and two times.", examples: ["sun 02:00-04:00"] }))
      .max(MOST)
      .default([])
      .meta({ description: "When it may be down without a fail-over." }),
    timeZone: text(parseTimeZone, { description: "Of the windows.", examples: ["Asia/Tokyo"] }).default("UTC"),
  })
  .prefault({})
  .meta({ description: "Beside `kakehashi appliance maintenance`." });

export const appliance = z
  .strictObject({
    description: plainText("For people.").optional(),
    region: vendorId("an AWS region", /^[a-z]{2}(-[a-z]+)+-\d$/, "ap-northeast-1"),
    vpc: resource("vpc", "The VPC: its Name tag, a tag as key=value, or its id.", "demo-tokyo"),
    instance: resource("i", "The instance: its Name tag, a tag as key=value, or its id.", "vpn"),
    strategy: oneOf(
      ["standby", "stamp"],
      "standby: a second instance is there, running or stopped. stamp: a copy is started from the newest image.",
    ),
    standby: resource("i", "strategy: standby: the second instance.", "vpn-standby").optional(),
    subnets: z
      .array(resource("subnet", "A subnet.", "demo-tokyo-public"))
      .max(MOST)
      .default([])
      .meta({
        description: "strategy: stamp: where a copy may start, one a zone; another zone than the failed one's first.",
      }),
    address: vendorId(
      "the allocation id or the public address of an Elastic IP",
      /^(eipalloc-[0-9a-f]{8,17}|(\d{1,3}\.){3}\d{1,3})$/,
      "eipalloc-0123456789abcdef0",
    ).meta({ description: "The floating address." }),
    clientRanges: z
      .array(cidr("A range.", "10.242.2.0/24"))
      .min(1)
      .max(MOST)
      .meta({ description: "What the VPN's clients get: the route tables lead these to the instance." }),
    routeTables: z
      .array(resource("rtb", "A route table.", "demo-tokyo-private"))
      .min(1)
      .max(MOST)
      .meta({ description: "Route tables that know the way to the clients: Name tags, tags as key=value, or ids." }),
    securityGroups: z
      .array(resource("sg", "A security group.", "vpn"))
      .min(1)
      .max(5)
      .meta({ description: "The instance's security groups; whoever serves gets them." }),
    types: z
      .array(vendorId("an instance type", /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, "c6i.large"))
      .max(MOST)
      .default([])
      .meta({ description: "Types to try, in this order, where one has no capacity. Default: the same type." }),
    profile: vendorId("the name of an instance profile", /^[\w+=,.@-]{1,128}$/, "vpn-appliance")
      .optional()
      .meta({ description: "strategy: stamp: the copies' instance profile. Without it they get none." }),
    keyName: plainText("strategy: stamp: the copies' key pair. Default: the instance's.").optional(),
    kmsKey: vendorId(
      "the ARN of a KMS key",
      /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[0-9a-f-]{36}$/,
      "arn:aws:kms:ap-northeast-1:123456789012:key/00000000-0000-4000-8000-000000000000",
    )
      .optional()
      .meta({ description: "The key of its volumes, where that is your own." }),
    service,
    detection,
    stamps,
    verifySeconds: whole(0, 600, 120, "How long the service has, on its new instance, until it must answer."),
    holdDownMinutes: whole(0, 1_440, 30, "No fail-over without being asked so long after a switch."),
    maintenance,
    alarm: alarmKey,
  })
  .meta({ description: "An EC2 instance that is a VPN server, and what takes over from it." });

export type ApplianceInput = z.output<typeof appliance>;
