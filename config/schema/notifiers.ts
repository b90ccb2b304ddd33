import * as z from "zod";
import { alarmKey } from "./alarms";
import { cidr, key, plainText, vendorId } from "./fields";

/** A whole number with its bounds and default. */
const whole = (min: number, max: number, standard: number, description: string) =>
  z.number().int().min(min).max(max).default(standard).meta({ description });

const HOST = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/;
const HOST_OR_BELOW = new RegExp(`^(\\*\\.)?${HOST.source.slice(1)}`);
const MOST_HOSTS = 30;

/** One or several certificates; what else stands in a PEM file has no place here, a private key least of all. */
const PEM = /^(-----BEGIN CERTIFICATE-----\r?\n[A-Za-z0-9+/=\r\n]{1,8000}-----END CERTIFICATE-----\s*)+$/;

const queue = z
  .strictObject({
    retentionDays: whole(1, 14, 4, "How long a record may wait in the queue."),
    batchSize: whole(1, 10_000, 1_000, "Most records that one call of the function gets."),
    batchWindowSeconds: whole(
      0,
      300,
      1,
      "How long to gather a batch. More: fewer calls. At least 1 where batchSize is over 10.",
    ),
    functions: whole(2, 1_000, 10, "Most functions at once."),
  })
  .prefault({})
  .meta({ description: "How records get from the queue to the function." });

const run = z
  .strictObject({
    memoryMegabytes: whole(
      128,
      10_240,
      512,
      "The function's memory, and with it its share of a processor: 1,769 are one.",
    ),
    timeoutSeconds: whole(15, 900, 120, "The function's time; it stops by itself before."),
    calls: whole(1, 1_000, 100, "Calls at once in one function."),
    callsPerHost: whole(1, 1_000, 25, "Calls at once in one function to one host."),
  })
  .prefault({})
  .meta({ description: "What one function does at once." });

const request = z
  .strictObject({
    timeoutSeconds: whole(1, 300, 10, "Time for one call, redirects included."),
    connectTimeoutSeconds: whole(1, 60, 3, "Time for its connection."),
    redirects: whole(0, 10, 3, "Redirects that are followed; 0: they count as refusals."),
    responseKilobytes: whole(1, 1_024, 64, "What of a response is read; the connection is closed at the rest."),
  })
  .prefault({})
  .meta({ description: "One HTTP call." });

const retry = z
  .strictObject({
    receives: whole(2, 1_000, 20, "How often a record leaves the queue before it goes to the dead-letter queue."),
    firstDelaySeconds: whole(
      1,
      3_600,
      10,
      "Delay after the first failure; doubled after each, and half of it by chance.",
    ),
    maxDelaySeconds: whole(1, 42_000, 3_600, "The longest delay. A partner's Retry-After may ask for more."),
    breakerFailures: whole(1, 1_000, 10, "Failures in a row after which a host is left alone."),
    breakerSeconds: whole(1, 3_600, 60, "For how long."),
  })
  .prefault({})
  .meta({ description: "What happens to records that could not be delivered." });

const destinations = z
  .strictObject({
    hosts: z
      .array(vendorId("a host's name, or *. and a domain for all below", HOST_OR_BELOW, "*.partner.example.com"))
      .min(1)
      .max(MOST_HOSTS)
      .optional()
      .meta({ description: "Hosts that may be called. Default: any whose address is public." }),
    ports: z
      .array(
        z
          .number()
          .int()
          .min(1)
          .max(65_535)
          .meta({ description: "A TCP port.", examples: [443] }),
      )
      .min(1)
      .max(10)
      .default([443])
      .meta({ description: "Ports that may be called." }),
    http: z.boolean().default(false).meta({ description: "Allow calls without TLS; add 80 to ports." }),
    private: z
      .record(
        z.string().regex(HOST, { error: () => "must be a host's name; use for example erp.example.ac.jp" }),
        z.array(cidr("A private prefix.", "10.0.2.0/24")).min(1).max(5),
      )
      .default({})
      .meta({ description: "Names that may resolve to private addresses, and to which. It needs place." }),
    authorities: z
      .array(vendorId("a certificate in PEM, and nothing else", PEM, "the text from -----BEGIN CERTIFICATE----- on"))
      .max(10)
      .default([])
      .meta({ description: "Certificates of private authorities that sign destinations, beside the public ones." }),
  })
  .prefault({})
  .meta({ description: "Who may be called. Loopback, link-local and metadata addresses never are." });

const results = z
  .strictObject({
    bucket: vendorId("an S3 bucket name", /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, "demo-partners-results")
      .optional()
      .meta({ description: "The bucket's name. Default: site, key, results and the account's number." }),
    retentionDays: whole(1, 3_650, 90, "How long results are kept."),
    rememberDays: whole(1, 365, 14, "How long an id is known, and not called again."),
    responseBytes: whole(0, 4_096, 0, "What of a response's body is kept in the results."),
    query: z.boolean().default(false).meta({ description: "Keep URLs with their query, which may hold credentials." }),
    athena: z.boolean().default(false).meta({ description: "Make a table for Athena over the results." }),
  })
  .prefault({})
  .meta({ description: "What is kept of every call." });

const thresholds = z
  .strictObject({
    oldestMinutes: whole(1, 20_160, 30, "Age of the oldest record in the queue."),
    deadLetters: whole(1, 1_000_000, 1, "Records in the dead-letter queue."),
    rejectedPercent: whole(1, 100, 10, "Share of final results within 15 minutes that are refusals."),
  })
  .prefault({})
  .meta({ description: "From where on the alarms sound." });

const place = z
  .strictObject({
    network: vendorId("aws/key of a network", /^aws\/[a-z][a-z0-9-]{0,39}$/, "aws/tokyo"),
    subnets: z
      .array(key)
      .min(1)
      .max(16)
      .meta({ description: "Keys of private subnets; they need a way to the Internet for SQS, S3 and DynamoDB." }),
  })
  .meta({ description: "Where the function stands in a VPC, to reach private destinations. Default: in none." });

export const notifier = z
  .strictObject({
    description: plainText("For people.").optional(),
    region: vendorId("an AWS region", /^[a-z]{2}(-[a-z]+)+-\d$/, "ap-northeast-1"),
    alarm: alarmKey,
    queue,
    function: run,
    request,
    retry,
    destinations,
    results,
    thresholds,
    place: place.optional(),
  })
  .meta({ description: "A queue of HTTP calls to partners' servers, and what makes them." });

export type NotifierInput = z.output<typeof notifier>;
