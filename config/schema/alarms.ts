import * as z from "zod";
import { EMAIL_PATTERN, parseEmailAddress } from "../values/email-address";
import { key, plainText, text } from "./fields";

/** The word that stands for every connection. */
export const ALL_CONNECTIONS = "all";

/** @see https://registry.terraform.io/providers/oracle/oci/latest/docs/resources/monitoring_alarm (PT1M to PT1H; PT1M to P30D) */
const MAX_PENDING_MINUTES = 60;
const MAX_REPEAT_MINUTES = 30 * 24 * 60;

/** Where alarms go: a road that stacks name by its key. */
export const alarm = z
  .strictObject({
    description: plainText("For people.").optional(),
    emails: z
      .array(
        text(parseEmailAddress, {
          description: "An e-mail address.",
          examples: ["noc@example.ac.jp"],
          pattern: EMAIL_PATTERN.source,
        }),
      )
      .default([])
      .meta({ description: "Who is told by e-mail; each confirms the subscription once." }),
    relay: key
      .optional()
      .meta({ description: "The entry of `relays` that carries it to a chat server.", examples: ["by-aws"] }),
    watch: z
      .union([z.literal(ALL_CONNECTIONS), z.array(key)], {
        error: () => `must be "${ALL_CONNECTIONS}" or a list of connections; use for example [tokyo-aws]`,
      })
      .default([])
      .meta({ description: "Connections whose tunnels are watched: their keys, or all." }),
    pendingMinutes: z
      .number()
      .int()
      .min(1)
      .max(MAX_PENDING_MINUTES)
      .default(5)
      .meta({ description: "How long something must be down before it is told; AWS and Azure count in steps of 5." }),
    repeatMinutes: z
      .number()
      .int()
      .min(0)
      .max(MAX_REPEAT_MINUTES)
      .default(240)
      .meta({ description: "OCI: tell it again after so long while it lasts; 0 for never. AWS and Azure tell once." }),
    heartbeat: z.boolean().default(true).meta({
      description: "Whether a message goes all the way to the notifier once a day; its absence is told by e-mail.",
    }),
  })
  .meta({ description: "A road that alarms take." });

export type AlarmInput = z.output<typeof alarm>;

/** The field by which other sections name a road. */
export const alarmKey = key.optional().meta({
  description: "The entry of `alarms` that is told when something of this fails.",
  examples: ["noc"],
});
