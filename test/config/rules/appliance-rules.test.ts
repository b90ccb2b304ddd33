import { toApplianceSettings } from "../../../config/appliance";
import { parseSite } from "../../../config/parse-site";
import { ConfigError } from "../../../config/problems";
import { siteWarnings } from "../../../config/warnings";
import { applianceSettings } from "../../../functions/common/appliance/settings";
import { APPLIANCE_SITE, applianceEntry, STAMP, STANDBY } from "../../helpers/appliance-site";

function problems(appliances: string, site = APPLIANCE_SITE): string[] {
  try {
    parseSite(site + appliances, "site.yaml");
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message
      .split("\n")
      .slice(1)
      .map((line) => line.trim().replace(/ \(line \d+\)$/, ""));
  }
}

test.each([STANDBY, STAMP])("a sound appliance becomes settings that the functions take", (base) => {
  const [appliance] = parseSite(APPLIANCE_SITE + applianceEntry(base), "site.yaml").appliances;
  const settings = toApplianceSettings("demo", appliance as NonNullable<typeof appliance>);
  const sent = JSON.parse(JSON.stringify(settings));
  expect(applianceSettings.strict().parse(sent)).toEqual(sent);
  expect(settings).toMatchObject({ name: "demo-appliance-vpn", quarantineGroup: "demo-appliance-vpn-quarantine" });
});

test.each<[Record<string, string>, Record<string, string>, string]>([
  [
    STANDBY,
    { standby: "" },
    "appliances.vpn: must name the second instance with strategy: standby; give standby, for example vpn-standby",
  ],
  [
    STANDBY,
    { standby: "vpn" },
    'appliances.vpn.standby: must not be the instance itself, got "vpn"; name the second one',
  ],
  [
    STANDBY,
    { profile: "p" },
    'appliances.vpn.profile: must not be given with strategy: standby, got "p"; remove it, or use strategy: stamp',
  ],
  [
    STAMP,
    { subnets: "" },
    "appliances.vpn: must have subnets with strategy: stamp; give one subnet a zone, for example [public-a, public-c]",
  ],
  [
    STAMP,
    { standby: "x" },
    'appliances.vpn.standby: must not be given with strategy: stamp, got "x"; remove it, or use strategy: standby',
  ],
  [STAMP, { subnets: "[a, a]" }, 'appliances.vpn.subnets.1: must be named once, got "a"; remove it here'],
  [
    STAMP,
    { stamps: "{ encrypt: true }" },
    "appliances.vpn.stamps.encrypt: must not be given with by: dlm, got true; use by: function",
  ],
  [
    STAMP,
    { stamps: "{ staleHours: 24 }" },
    "appliances.vpn.stamps.staleHours: must be more than everyHours (24), got 24; use for example 48",
  ],
  [
    STANDBY,
    { detection: "" },
    "appliances.vpn.detection: must have a second signal beside EC2's status checks, which alone never fail over; give probeSubnets or healthCheck, or set automatic: false",
  ],
  [
    STANDBY,
    { clientRanges: "[10.242.0.0/16, 10.242.2.0/24]" },
    'appliances.vpn.clientRanges.1: must not overlap 10.242.0.0/16, got "10.242.2.0/24"; remove one of the two',
  ],
  [
    STANDBY,
    { alarm: "nok" },
    'appliances.vpn.alarm: must name an entry of alarms of this file, got "nok"; did you mean noc?',
  ],
  [
    STANDBY,
    { instance: '"vpn*"' },
    'appliances.vpn.instance: must hold no wildcard, got "vpn*"; use a Name tag, a tag as key=value, or an id as i-0123456789abcdef0',
  ],
  [
    STANDBY,
    { vpc: "subnet-0123456789abcdef0" },
    'appliances.vpn.vpc: must not be the id of another resource, got "subnet-0123456789abcdef0"; use a Name tag, a tag as key=value, or an id as vpc-0123456789abcdef0',
  ],
  [
    STANDBY,
    { maintenance: '{ windows: ["sun 25:00-04:00"] }' },
    'appliances.vpn.maintenance.windows.0: must be a day and two times, got "sun 25:00-04:00"; use for example sun 02:00-04:00',
  ],
  [
    STANDBY,
    { maintenance: "{ timeZone: Asia/Edo }" },
    'appliances.vpn.maintenance.timeZone: must be a time zone of the IANA database, got "Asia/Edo"; use for example Asia/Tokyo',
  ],
])("%#: tells what is wrong, and what to do", (base, changes, expected) => {
  expect(problems(applianceEntry(base, changes))).toEqual([expected]);
});

test("two appliances can't share an address", () => {
  expect(problems(applianceEntry(STANDBY) + applianceEntry(STAMP, {}, "other"))).toEqual([
    'appliances.other.address: must differ from appliances.vpn.address, got "eipalloc-0123456789abcdef0"; give each appliance its own Elastic IP',
  ]);
});

test("names and settings fit into a function", () => {
  expect(
    problems(
      applianceEntry(STANDBY, {}, `a${"b".repeat(39)}`),
      APPLIANCE_SITE.replace("site: demo", `site: d${"e".repeat(20)}`),
    ),
  ).toEqual([
    `appliances.a${"b".repeat(39)}: must make names of at most 64 characters (a Lambda function), got "d${"e".repeat(20)}-appliance-a${"b".repeat(39)}-failover"; use a shorter key or site name`,
  ]);
  const long = Array.from({ length: 10 }, (_, at) => `${"x".repeat(240)}${at}`);
  expect(problems(applianceEntry(STAMP, { subnets: `[${long}]`, routeTables: `[${long}]` }))).toEqual([
    expect.stringMatching(
      /^appliances.vpn: must have at most 3500 bytes of settings in all, got 5\d{3}; use shorter tags, ids, or fewer entries$/,
    ),
  ]);
});

test("warns of what is sound and may surprise", () => {
  const warnings = (changes: Record<string, string>) =>
    siteWarnings(parseSite(APPLIANCE_SITE + applianceEntry(STAMP, changes), "site.yaml"))
      .filter(({ path }) => path[0] === "appliances")
      .map(({ path, text }) => `${path.slice(2).join(".")}: ${text}`);
  expect(warnings({})).toEqual([]);
  expect(
    warnings({
      alarm: "",
      profile: "",
      subnets: "[a]",
      clientRanges: "[172.30.9.0/24]",
      detection: "{ automatic: false }",
      stamps: "{ reboot: true }",
      service: '{ protocol: udp, port: 1194, payload: "38" }',
    }),
  ).toEqual([
    ": tells nobody of a fail-over",
    "detection: fails over only when asked",
    "subnets: are one",
    ": gives its copies no instance profile",
    "stamps.reboot: restarts the instance every 24 h",
    "service: is asked by a datagram",
    "clientRanges: 172.30.9.0/24 overlaps aws/tokyo (172.30.0.0/16)",
  ]);
});
