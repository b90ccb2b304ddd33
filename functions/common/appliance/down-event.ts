import * as z from "zod";

/** The event by which the watcher calls the engine, on EventBridge's default bus. */
export const DOWN_SOURCE = "kakehashi.appliance";
export const DOWN_TYPE = "Appliance Down";

export const downDetail = z.object({
  /** `<site>-appliance-<key>` */
  appliance: z.string(),
  /** The instance that was found down; none: there is none, or an unfinished run is to be ended. */
  suspectId: z.string().optional(),
  reason: z.string(),
});

export type DownDetail = z.infer<typeof downDetail>;

/** What EventBridge hands the engine. */
export const downEvent = z.object({ id: z.string(), detail: downDetail });
