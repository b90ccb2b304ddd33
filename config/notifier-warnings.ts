import type { Notifier } from "./notifier";
import type { Site } from "./site";
import type { Warning } from "./warnings";

/** What a sound site's notifiers may still surprise by. */
export function notifierWarnings({ notifiers }: Pick<Site, "notifiers">): Warning[] {
  return notifiers.flatMap(warningsOf);
}

function warningsOf({ key, alarm, destinations, results, place }: Notifier): Warning[] {
  const path = ["notifiers", key];
  const warnings: (Warning | false)[] = [
    alarm === undefined && {
      path,
      text: "tells nobody when its alarms sound",
      why: "records that can't be delivered are seen only by who looks; name an entry of alarms by alarm:",
    },
    destinations.hosts === undefined && {
      path: [...path, "destinations"],
      text: "name no hosts",
      why: "who may put records into the queue can have any public server called; list the partners' hosts",
    },
    destinations.http && {
      path: [...path, "destinations", "http"],
      text: "allows calls without TLS",
      why: "who listens reads headers and bodies, credentials too",
    },
    results.query && {
      path: [...path, "results", "query"],
      text: "keeps URLs whole",
      why: "tokens in a query are then readable in the bucket",
    },
    place !== undefined &&
      !place.network.existing &&
      place.network.natGateway === undefined && {
        path: [...path, "place"],
        text: `stands in ${place.network.id}, which has no natGateway`,
        why: "the function reaches neither SQS, S3 and DynamoDB nor public partners; set natGateway there, or make endpoints",
      },
  ];
  return warnings.filter((warning) => warning !== false);
}
