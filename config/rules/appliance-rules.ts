import { applianceName, toApplianceSettings } from "../appliance";
import type { Problem } from "../problems";
import type { ApplianceInput } from "../schema/appliances";
import { type Cidr, doCidrsOverlap } from "../values/cidr";
import type { Key } from "../values/key";
import { missing } from "./alarm-rules";
import type { Draft } from "./draft";

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html (FunctionName: 64) */
const NAME_LIMIT = 64;
const LONGEST_SUFFIX = "-failover";

/** A user's fields that mean something with one strategy only. */
const ONLY = { standby: ["standby"], stamp: ["subnets", "profile", "keyName"] } as const;

export function appliancesFit(draft: Draft): Problem[] {
  const all = [...draft.appliances];
  return all.flatMap(([key, appliance]) => {
    const path = ["appliances", key];
    return [
      ...(appliance.alarm === undefined
        ? []
        : missing([...path, "alarm"], "an entry of alarms", appliance.alarm, draft.declared.alarms)),
      ...nameFits(draft, path, key),
      ...settingsFit(draft, path, key, appliance),
      ...strategyFits(path, appliance),
      ...twoSignalsAreThere(path, appliance),
      ...stampsFit(path, appliance),
      ...rangesFit(path, appliance.clientRanges),
      ...addressIsItsOwn(path, key, appliance, all),
    ];
  });
}

function nameFits({ site }: Draft, path: readonly string[], key: string): Problem[] {
  const name = site === undefined ? "" : `${applianceName(site, key)}${LONGEST_SUFFIX}`;
  if (name.length <= NAME_LIMIT) return [];
  const rule = `must make names of at most ${NAME_LIMIT} characters (a Lambda function)`;
  return [{ path, rule, got: name, fix: "use a shorter key or site name" }];
}

/** What is left of Lambda's 4 KB of environment beside a topic's ARN and a health check's id. */
const MOST_SETTINGS_BYTES = 3500;

function settingsFit({ site = "" }: Draft, path: readonly string[], key: string, appliance: ApplianceInput): Problem[] {
  const settings = toApplianceSettings(site, { ...appliance, key: key as Key });
  const bytes = new TextEncoder().encode(JSON.stringify(settings)).length;
  if (bytes <= MOST_SETTINGS_BYTES) return [];
  const rule = `must have at most ${MOST_SETTINGS_BYTES} bytes of settings in all`;
  return [{ path, rule, got: bytes, fix: "use shorter tags, ids, or fewer entries" }];
}

function strategyFits(path: readonly string[], appliance: ApplianceInput): Problem[] {
  const { strategy, standby, subnets, instance } = appliance;
  const other = strategy === "standby" ? "stamp" : "standby";
  const strangers = ONLY[other].filter((field) => [appliance[field] ?? []].flat().length > 0);
  return [
    ...strangers.map((field) => ({
      path: [...path, field],
      rule: `must not be given with strategy: ${strategy}`,
      got: appliance[field],
      fix: `remove it, or use strategy: ${other}`,
    })),
    ...(strategy === "standby" && standby === undefined
      ? [
          {
            path,
            rule: "must name the second instance with strategy: standby",
            fix: "give standby, for example vpn-standby",
          },
        ]
      : []),
    ...(strategy === "standby" && standby === instance
      ? [
          {
            path: [...path, "standby"],
            rule: "must not be the instance itself",
            got: standby,
            fix: "name the second one",
          },
        ]
      : []),
    ...(strategy === "stamp" && subnets.length === 0
      ? [
          {
            path,
            rule: "must have subnets with strategy: stamp",
            fix: "give one subnet a zone, for example [public-a, public-c]",
          },
        ]
      : []),
    ...subnets.flatMap((name, at) =>
      subnets.indexOf(name) === at
        ? []
        : [{ path: [...path, "subnets", at], rule: "must be named once", got: name, fix: "remove it here" }],
    ),
  ];
}

/** One signal alone never fails over, and the status checks are one. */
function twoSignalsAreThere(path: readonly string[], { detection, service }: ApplianceInput): Problem[] {
  const { automatic, probeSubnets, healthCheck } = detection;
  if (!automatic || probeSubnets.length > 0 || healthCheck) return [];
  const way = service.protocol === "udp" ? "give probeSubnets" : "give probeSubnets or healthCheck";
  return [
    {
      path: [...path, "detection"],
      rule: "must have a second signal beside EC2's status checks, which alone never fail over",
      fix: `${way}, or set automatic: false`,
    },
  ];
}

function stampsFit(path: readonly string[], { strategy, stamps }: ApplianceInput): Problem[] {
  if (strategy !== "stamp") return [];
  const where = (field: string) => [...path, "stamps", field];
  const ours = (field: "encrypt" | "bootTestSubnet") =>
    stamps.by === "dlm" && stamps[field]
      ? [{ path: where(field), rule: "must not be given with by: dlm", got: stamps[field], fix: "use by: function" }]
      : [];
  return [
    ...ours("encrypt"),
    ...ours("bootTestSubnet"),
    ...(stamps.staleHours > stamps.everyHours
      ? []
      : [
          {
            path: where("staleHours"),
            rule: `must be more than everyHours (${stamps.everyHours})`,
            got: stamps.staleHours,
            fix: `use for example ${2 * stamps.everyHours}`,
          },
        ]),
  ];
}

function rangesFit(path: readonly string[], ranges: readonly Cidr[]): Problem[] {
  return ranges.flatMap((range, at) => {
    const other = ranges.slice(0, at).find((one) => doCidrsOverlap(one, range));
    if (other === undefined) return [];
    return [
      {
        path: [...path, "clientRanges", at],
        rule: `must not overlap ${other}`,
        got: range,
        fix: "remove one of the two",
      },
    ];
  });
}

function addressIsItsOwn(
  path: readonly string[],
  key: string,
  { address }: ApplianceInput,
  all: readonly (readonly [string, ApplianceInput])[],
): Problem[] {
  const [first] = all.find(([, other]) => other.address === address) ?? [];
  if (first === undefined || first === key) return [];
  const fix = "give each appliance its own Elastic IP";
  return [{ path: [...path, "address"], rule: `must differ from appliances.${first}.address`, got: address, fix }];
}
