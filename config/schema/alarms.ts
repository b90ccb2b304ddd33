import * as z from "zod";
import { key, plainText } from "./fields";

/** Where alarms go: a road that stacks name by its key. */
export const alarm = z
  .strictObject({
    description: plainText("For people.").optional(),
    emails: z
      .array(z.email().meta({ description: "An e-mail address.", examples: ["noc@example.ac.jp"] }))
      .default([])
      .meta({ description: "Who is told by e-mail; each confirms the subscription once." }),
  })
  .meta({ description: "A road that alarms take." });

export type AlarmInput = z.output<typeof alarm>;

/** The field by which other sections name a road. */
export const alarmKey = key.optional().meta({
  description: "The entry of `alarms` that is told when something of this fails.",
  examples: ["noc"],
});
