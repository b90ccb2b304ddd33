import type { Notifier } from "./notifier";
import type { Network, Site } from "./site";
import type { Warning } from "./warning";

/** What a sound site's notifiers may still surprise by. */
export function notifierWarnings({ notifiers, networks }: Pick<Site, "notifiers" | "networks">): Warning[] {
  return notifiers.flatMap((notifier) =>
    warningsOf(
      notifier,
      networks.find(({ id }) => id === notifier.place?.network),
    ),
  );
}

function warningsOf({ key, alarm, destinations, results }: Notifier, network: Network | undefined): Warning[] {
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
    network?.provider === "aws" &&
      !network.existing &&
      network.natGateway === undefined && {
        path: [...path, "place"],
        text: `stands in ${network.id}, which has no natGateway`,
        why: "the function reaches neither SQS, S3 and DynamoDB nor public partners; set natGateway there, or make endpoints",
      },
  ];
  return warnings.filter((warning) => warning !== false);
}
