import { X509Certificate } from "node:crypto";
import { notifierName, resultBucketName } from "../notifier";
import type { Problem } from "../problems";
import type { NotifierInput } from "../schema/notifiers";
import { type Cidr, doesCidrContain, parseCidr } from "../values/cidr";
import { missing } from "./alarm-rules";
import type { Draft } from "./draft";

/** What is left of a function's time when its last call ends: results, claims and the queue are written then. */
const RESERVE_SECONDS = 10;

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html (FunctionName: 64) and S3's naming rules (63) */
const FUNCTION_NAME_LIMIT = 64;
const BUCKET_NAME_LIMIT = 63;
const ACCOUNT_ID = "123456789012";

/** What `destinations.private` may allow: RFC 1918 and RFC 6598. Anything else is public, or reaches the function's own machine. */
const PRIVATE_PREFIXES = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"].map(parseCidr);

export function notifiersFit(draft: Draft): Problem[] {
  return [...draft.notifiers].flatMap(([key, notifier]) => {
    const path = ["notifiers", key];
    return [
      ...(notifier.alarm === undefined
        ? []
        : missing([...path, "alarm"], "an alarm", notifier.alarm, draft.declared.alarms)),
      ...namesFit(draft, path, key, notifier),
      ...timesFit(path, notifier),
      ...privateDestinationsFit(path, notifier),
      ...settingsFit(path, notifier),
      ...authoritiesAreCertificates(path, notifier),
      ...placeExists(draft, path, notifier),
    ];
  });
}

function namesFit({ site }: Draft, path: string[], key: string, { results }: NotifierInput): Problem[] {
  if (site === undefined) return [];
  const fix = "use a shorter key or site name";
  const name = notifierName(site, key);
  if (name.length > FUNCTION_NAME_LIMIT) {
    return [
      {
        path,
        rule: `must make names of at most ${FUNCTION_NAME_LIMIT} characters (a Lambda function)`,
        got: name,
        fix,
      },
    ];
  }
  const bucket = resultBucketName(site, key, ACCOUNT_ID);
  if (results.bucket !== undefined || bucket.length <= BUCKET_NAME_LIMIT) return [];
  const rule = `must make names of at most ${BUCKET_NAME_LIMIT} characters (an S3 bucket)`;
  return [{ path, rule, got: bucket, fix: "use a shorter key or site name, or write results.bucket" }];
}

function timesFit(path: string[], { queue, request, results, retry, ...rest }: NotifierInput): Problem[] {
  const { timeoutSeconds, calls, callsPerHost } = rest.function;
  const problems: (Problem | false)[] = [
    queue.batchSize > 10 &&
      queue.batchWindowSeconds < 1 && {
        path: [...path, "queue", "batchWindowSeconds"],
        rule: "must be at least 1 where batchSize is over 10",
        got: queue.batchWindowSeconds,
        fix: "use 1, or batchSize: 10",
      },
    timeoutSeconds < request.timeoutSeconds + RESERVE_SECONDS && {
      path: [...path, "function", "timeoutSeconds"],
      rule: `must be at least ${RESERVE_SECONDS} more than request.timeoutSeconds (${request.timeoutSeconds})`,
      got: timeoutSeconds,
      fix: `use ${request.timeoutSeconds + RESERVE_SECONDS} or more`,
    },
    request.connectTimeoutSeconds > request.timeoutSeconds && {
      path: [...path, "request", "connectTimeoutSeconds"],
      rule: `must not be over timeoutSeconds (${request.timeoutSeconds})`,
      got: request.connectTimeoutSeconds,
      fix: `use ${request.timeoutSeconds} or less`,
    },
    callsPerHost > calls && {
      path: [...path, "function", "callsPerHost"],
      rule: `must not be over calls (${calls})`,
      got: callsPerHost,
      fix: `use ${calls} or less`,
    },
    retry.firstDelaySeconds > retry.maxDelaySeconds && {
      path: [...path, "retry", "firstDelaySeconds"],
      rule: `must not be over maxDelaySeconds (${retry.maxDelaySeconds})`,
      got: retry.firstDelaySeconds,
      fix: `use ${retry.maxDelaySeconds} or less`,
    },
    results.rememberDays > results.retentionDays && {
      path: [...path, "results", "rememberDays"],
      rule: `must not be over retentionDays (${results.retentionDays}): an id is known by its result`,
      got: results.rememberDays,
      fix: `use ${results.retentionDays} or less`,
    },
    results.rememberDays < queue.retentionDays && {
      path: [...path, "results", "rememberDays"],
      rule: `must be at least queue.retentionDays (${queue.retentionDays}), or a record could be forgotten while it waits`,
      got: results.rememberDays,
      fix: `use ${queue.retentionDays} or more`,
    },
  ];
  return problems.filter((problem) => problem !== false);
}

function privateDestinationsFit(path: string[], { destinations, place }: NotifierInput): Problem[] {
  const names = Object.entries(destinations.private);
  if (names.length > 0 && !place) {
    return [
      {
        path: [...path, "destinations", "private"],
        rule: "must be empty where the function stands in no VPC",
        fix: "write place: { network: aws/…, subnets: […] }",
      },
    ];
  }
  return names.flatMap(([name, prefixes]) =>
    prefixes.flatMap((prefix, at) =>
      PRIVATE_PREFIXES.some((allowed) => doesCidrContain(allowed, prefix as Cidr))
        ? []
        : [
            {
              path: [...path, "destinations", "private", name, at],
              rule: "must be a private prefix (inside 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10)",
              got: prefix,
              fix: "use for example 10.0.2.0/24",
            },
          ],
    ),
  );
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (4 KB of environment, the rest of which is ours) */
const MOST_DESTINATION_TEXT = 2_500;

function settingsFit(path: string[], { destinations }: NotifierInput): Problem[] {
  const { hosts, ports, private: names } = destinations;
  const length = JSON.stringify([hosts, ports, names]).length;
  if (length <= MOST_DESTINATION_TEXT) return [];
  const rule = `must be at most ${MOST_DESTINATION_TEXT} characters in all: they travel in the function's environment`;
  return [{ path: [...path, "destinations"], rule, got: length, fix: "use *. names, or a second notifier" }];
}

function authoritiesAreCertificates(path: string[], { destinations }: NotifierInput): Problem[] {
  return destinations.authorities.flatMap((pem, at) => {
    if (isCertificate(pem)) return [];
    const rule = "must be a certificate of an authority, in PEM, that can be read";
    return [{ path: [...path, "destinations", "authorities", at], rule, fix: "copy the authority's whole file" }];
  });
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).ca;
  } catch {
    return false;
  }
}

function placeExists({ aws, declared }: Draft, path: string[], { place, region }: NotifierInput): Problem[] {
  if (!place) return [];
  if (!declared.networks.has(place.network)) {
    const known = [...declared.networks].filter((id) => id.startsWith("aws/"));
    const fix = known.length > 0 ? `known are ${known.join(", ")}` : "add it to networks.aws";
    return [
      { path: [...path, "place", "network"], rule: "must name an AWS network of this file", got: place.network, fix },
    ];
  }
  const network = aws.get(place.network.slice("aws/".length));
  if (!network) return [];
  const elsewhere = network.region !== region && {
    path: [...path, "region"],
    rule: `must be ${network.region}, where ${place.network} is`,
    got: region,
    fix: `use ${network.region}`,
  };
  const subnets = place.subnets.map((name, at): Problem | false => {
    const subnet = network.subnets[name];
    const where = { path: [...path, "place", "subnets", at], got: name };
    if (!subnet) {
      return {
        ...where,
        rule: `must be a subnet of ${place.network}`,
        fix: `known are ${Object.keys(network.subnets).join(", ")}`,
      };
    }
    return (
      subnet.public && {
        ...where,
        rule: "must be a private subnet: a function has no public address",
        fix: "use another",
      }
    );
  });
  return [elsewhere, ...subnets].filter((problem) => problem !== false);
}
