import type { Appliance } from "./appliance";
import type { Site } from "./site";
import { doCidrsOverlap } from "./values/cidr";
import type { Warning } from "./warning";

/** What a sound site's appliances may still surprise by. */
export function applianceWarnings({
  appliances,
  networks,
  controllers,
}: Pick<Site, "appliances" | "networks" | "controllers">): Warning[] {
  const prefixes = [
    ...networks.flatMap((network) => ("cidr" in network ? [{ of: network.id, cidr: network.cidr }] : [])),
    ...controllers.flatMap(({ key, subnets }) => subnets.map((cidr) => ({ of: `controllers.${key}`, cidr }))),
  ];
  return appliances.flatMap((appliance) => [
    ...warningsOf(appliance),
    ...appliance.clientRanges.flatMap((range) =>
      prefixes
        .filter(({ cidr }) => doCidrsOverlap(cidr, range))
        .map(({ of, cidr }) => ({
          path: ["appliances", appliance.key, "clientRanges"],
          text: `${range} overlaps ${of} (${cidr})`,
          why: "the more specific route wins there, and answers may go astray; give the clients a range of their own",
        })),
    ),
  ]);
}

function warningsOf({ key, alarm, strategy, profile, detection, subnets, stamps, service }: Appliance): Warning[] {
  const path = ["appliances", key];
  const warnings: (Warning | false)[] = [
    alarm === undefined && {
      path,
      text: "tells nobody of a fail-over",
      why: "a switch, or one that fails, is seen only by who looks; name an entry of alarms by alarm:",
    },
    !detection.automatic && {
      path: [...path, "detection"],
      text: "fails over only when asked",
      why: "nobody may be there; see `kakehashi appliance failover`",
    },
    detection.automatic &&
      detection.probeSubnets.length === 0 && {
        path: [...path, "detection"],
        text: "has no probe",
        why: "a service that hangs is seen by neither status checks nor a fail-over's own verification; give probeSubnets",
      },
    strategy === "stamp" &&
      subnets.length === 1 && {
        path: [...path, "subnets"],
        text: "are one",
        why: "a copy can't start where its zone fails; give a subnet in another zone",
      },
    strategy === "stamp" &&
      profile === undefined && {
        path,
        text: "gives its copies no instance profile",
        why: "an instance that calls AWS by its own role can't on a copy; name the role's profile by profile:",
      },
    strategy === "stamp" &&
      stamps.reboot && {
        path: [...path, "stamps", "reboot"],
        text: `restarts the instance every ${stamps.everyHours} h`,
        why: "clients are cut off each time; leave it out where the file systems keep a journal",
      },
    service.protocol === "udp" && {
      path: [...path, "service"],
      text: "is asked by a datagram",
      why: "only an answer counts: a server that keeps silent to strangers, as tls-auth does, always looks dead; try it by `kakehashi appliance status`",
    },
  ];
  return warnings.filter((warning) => warning !== false);
}
