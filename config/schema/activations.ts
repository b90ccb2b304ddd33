import * as z from "zod";
import { parseTagKey } from "../values/tag-key";
import { alarmKey } from "./alarms";
import { cidr, key, plainText, text, tokenEpoch, vendorId } from "./fields";

/** @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateActivation.html */
const INSTANCE_NAME = /^[A-Za-z0-9 _.:/=+@-]{1,200}$/;

/** @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Tag.html */
const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+@-]{1,256}$/u;

/** SSM copies them to each node; two more are Kakehashi's own. An activation takes 1000, a node 50. */
const MOST_NODE_TAGS = 20;

/** A private API that hands out SSM hybrid activations. */
export const activation = z
  .strictObject({
    description: plainText("For people.").optional(),
    network: vendorId("aws/key of a network", /^aws\/[a-z][a-z0-9-]{0,39}$/, "aws/tokyo").meta({
      description: "The VPC that the API is reached through, over its VPN connections.",
      examples: ["aws/tokyo"],
    }),
    subnets: z
      .array(key)
      .min(1)
      .max(6)
      .meta({ description: "Subnets of the network, one a zone, in which the API's interface endpoint stands." }),
    allowedPrefixes: z
      .array(cidr("A prefix that servers may call from.", "10.0.2.0/24"))
      .min(1)
      .max(30)
      .optional()
      .meta({
        description: "Who may call. Default: the subnets of the controllers that have a connection to the network.",
      }),
    registrationLimit: z
      .number()
      .int()
      .min(1)
      .max(1000)
      .default(100)
      .meta({ description: "Servers that one activation registers; the next one is made before it is used up." }),
    expiryDays: z.number().int().min(1).max(30).default(14).meta({ description: "How long an activation lives." }),
    renewalMarginHours: z
      .number()
      .int()
      .min(1)
      .max(168)
      .default(24)
      .meta({ description: "How long before its end the next activation is made." }),
    instanceName: vendorId("a name of letters, digits, spaces and _.:/=+@-", INSTANCE_NAME, "campus server")
      .optional()
      .meta({
        description: "Name that a registered server gets in the console. Default: the entry's key.",
        examples: ["campus server"],
      }),
    tags: z
      .record(
        text(parseTagKey, { description: "A tag's key." }),
        vendorId("letters, digits, spaces and _.:/=+@-", TAG_VALUE, "server room 2").meta({
          description: "A tag's value.",
        }),
      )
      .refine((tags) => Object.keys(tags).length <= MOST_NODE_TAGS, {
        error: () => `must have at most ${MOST_NODE_TAGS} entries; remove some`,
      })
      .default({})
      .meta({
        description: "Put on every server that registers, beside site and managed-by.",
        maxProperties: MOST_NODE_TAGS,
      }),
    kmsKeyArn: vendorId(
      "the ARN of a KMS key",
      /^arn:aws[\w-]*:kms:[\w:/-]+$/,
      "arn:aws:kms:ap-northeast-1:111122223333:key/0a1b",
    )
      .optional()
      .meta({ description: "A key that exists, for the codes. Default: one is made." }),
    tokenEpoch,
    unauthenticated: z
      .strictObject({ reason: plainText("Why nobody has to show a token.", "lab network, gone by May") })
      .optional()
      .meta({ description: "Set only where whoever reaches the API may register a server: no token is asked for." }),
    dnsForwarding: z.boolean().default(false).meta({
      description:
        "Make a Route 53 Resolver inbound endpoint, for sites whose DNS drops private addresses in public names.",
    }),
    manageLogRole: z.boolean().default(true).meta({
      description:
        "Whether the role that API Gateway writes logs as is set by this site. An account has one a region: false where another site or team has set it.",
    }),
    alarm: alarmKey,
  })
  .meta({ description: "A private API that gives on-premises servers what they need to join Systems Manager." });

export type ActivationInput = z.output<typeof activation>;
