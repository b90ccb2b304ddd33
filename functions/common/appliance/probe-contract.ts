import * as z from "zod";
import { serviceCheck } from "./settings";

/** What the probe is asked. It stands in the VPC and can reach nothing of AWS: whoever asks it says all that it needs. */
export const probeRequest = z.object({
  /** An address: no name is resolved. */
  host: z.ipv4(),
  service: serviceCheck,
  intervalSeconds: z.number().min(0.1).max(60),
  /** Failures, one after the other, that end it. */
  failures: z.number().int().min(1).max(100),
  /** How long it goes on asking while there are answers; 0: until the first. */
  forSeconds: z.number().min(0).max(60),
});

export type ProbeRequest = z.infer<typeof probeRequest>;

export const probeAnswer = z.object({
  isUp: z.boolean(),
  asked: z.number(),
  failed: z.number(),
  /** The last failure, for people. */
  why: z.string().optional(),
});

export type ProbeAnswer = z.infer<typeof probeAnswer>;
