import { parseSite } from "../../../config/parse-site";
import { ConfigError } from "../../../config/problems";

const SITE = `site: demo
controllers:
  tokyo: { publicIp: 198.51.100.10, privateIp: 10.0.2.15, subnets: [10.0.2.0/24], asn: 65010, libreswan: "4.10" }
networks:
  aws:
    tokyo: { region: ap-northeast-1, cidr: 172.30.0.0/16, asn: 64512, subnets: { default: { cidr: 172.30.2.0/24, availabilityZone: ap-northeast-1a } } }
    osaka: { region: ap-northeast-3, cidr: 172.31.0.0/16, asn: 64513, subnets: { other: { cidr: 172.31.2.0/24, availabilityZone: ap-northeast-3a } } }
  azure:
    japan: { location: japaneast, cidr: 10.20.0.0/16, gatewaySubnet: 10.20.255.0/27, asn: 65515, subnets: { third: { cidr: 10.20.2.0/24 } } }
connections:
  tokyo-aws: { controller: tokyo, network: aws/tokyo, routing: bgp }
  osaka-aws: { controller: tokyo, network: aws/osaka, routing: bgp }
  tokyo-azure: { controller: tokyo, network: azure/japan, routing: static }
alarms: { noc: {} }
watches:
`;

function problems(watches: string, site = SITE): string[] {
  try {
    parseSite(site + watches, "site.yaml");
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message
      .split("\n")
      .slice(1)
      .map((line) => line.trim().replace(/ \(line \d+\)$/, ""));
  }
}

test("a watch of a network shows that network's connections, one of a region none", () => {
  const { watches } = parseSite(
    `${SITE}  web: { network: aws/tokyo, instances: [web-*] }\n  db: { region: ap-northeast-1, instances: [db], thresholds: { cpuPercent: off } }\n`,
    "site.yaml",
  );
  expect(
    watches.map(({ key, region, connections, mode }) => [key, region, connections.map((one) => one.key), mode]),
  ).toEqual([
    ["web", "ap-northeast-1", ["tokyo-aws"], "simple"],
    ["db", "ap-northeast-1", [], "simple"],
  ]);
  expect(watches[1]?.thresholds).toEqual({
    cpuPercent: undefined,
    memoryPercent: 90,
    diskPercent: 85,
    networkMegabitsPerSecond: undefined,
    minutes: 15,
  });
});

test.each([
  [
    "web: { instances: [x] }",
    "watches.web: must have network or region, not neither; give one of them: network for one VPC's instances, region for all",
  ],
  [
    "web: { network: aws/tokyo, region: ap-northeast-1, instances: [x] }",
    "watches.web: must have network or region, not both; give one of them: network for one VPC's instances, region for all",
  ],
  [
    "web: { network: aws/tokio, instances: [x] }",
    'watches.web.network: must name a network of this file, got "aws/tokio"; did you mean aws/tokyo?',
  ],
  [
    "web: { network: aws/tokyo, instances: [x], connections: [tokyo-azure] }",
    'watches.web.connections.0: must end in an AWS network, got "tokyo-azure"; remove it: CloudWatch knows AWS\'s tunnels only',
  ],
  [
    "web: { network: aws/tokyo, instances: [x], connections: [osaka-aws] }",
    'watches.web.connections.0: must end in a network in ap-northeast-1, got "osaka-aws"; make another watch in ap-northeast-3 for it',
  ],
  [
    "web: { network: aws/tokyo, instances: [x], connections: [tokyo-aws, tokyo-aws] }",
    'watches.web.connections.1: must be named once, got "tokyo-aws"; remove it',
  ],
  [
    "web: { network: aws/tokyo, instances: [x], alarm: nog }",
    'watches.web.alarm: must name an entry of alarms of this file, got "nog"; did you mean noc?',
  ],
  [
    "web: { network: aws/tokyo, instances: [x], mode: live, agent: true }",
    "watches.web.agent: must not be given with mode: live, got true; remove it: the function finds out what the agents report",
  ],
  [
    "web: { network: aws/tokyo, instances: ['$(id)'] }",
    'watches.web.instances.0: must not hold quotes, backslashes, control or invisible characters, any of <>|;&$ or the sequences %{ ../, got "$(id)"; use plain words on one line',
  ],
  [
    "web: { network: aws/tokyo, instances: [''] }",
    'watches.web.instances.0: must have 1 to 64 characters, got ""; use for example web-*',
  ],
  [
    "web: { network: aws/tokyo, instances: [x], thresholds: { cpuPercent: 101 } }",
    "watches.web.thresholds.cpuPercent: must be at most 100, got 101; use 100 or less",
  ],
  [
    "web: { network: aws/tokyo, instances: [x], thresholds: { minutes: 7 } }",
    "watches.web.thresholds.minutes: must be a multiple of 5, 5 to 60, got 7; use for example 15",
  ],
])("refuses %s", (watch, problem) => {
  expect(problems(`  ${watch}\n`)).toEqual([problem]);
});

test("refuses more connections than the function can be told of", () => {
  const many = Array.from({ length: 11 }, (_, at) => `c${at}`);
  const told = problems(`  web: { network: aws/tokyo, instances: [x], connections: [${many.join(", ")}] }\n`);
  expect(told.at(0)).toBe(
    "watches.web.connections: must show at most 10 connections, got 11; list some of them, and make a second watch for the others",
  );
});

test("refuses a live watch whose rules' names would be too long", () => {
  const [site, key] = ["s".repeat(10), "w".repeat(40)];
  const watch = (mode: string) => `  ${key}: { network: aws/tokyo, instances: [x], mode: ${mode} }\n`;
  const file = SITE.replace("site: demo", `site: ${site}`);
  expect(problems(watch("simple"), file)).toEqual([]);
  expect(problems(watch("live"), file)).toEqual([
    `watches.${key}: must make names of at most 64 characters (an EventBridge rule), got "${site}-watch-${key}-schedule"; use a shorter key or site name`,
  ]);
});

test("refuses more names than the function can be told of", () => {
  const instances = Array.from({ length: 20 }, (_, at) => `"${"語".repeat(20)}${at}"`).join(", ");
  const watch = (mode: string) => `  web: { network: aws/tokyo, instances: [${instances}], mode: ${mode} }\n`;
  expect(problems(watch("simple"))).toEqual([]);
  expect(problems(watch("live"))).toEqual([
    "watches.web.instances: must have at most 1200 bytes in all with mode: live, got 1230; use shorter patterns, or make a second watch",
  ]);
});
