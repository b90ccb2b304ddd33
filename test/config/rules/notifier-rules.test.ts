import { describe, expect, it } from "@jest/globals";
import { makeCertificates } from "../../../catalog/make-certificates";
import { parseSite } from "../../../config/parse-site";
import { siteWarnings } from "../../../config/warnings";
import { NOTIFIER_SITE } from "../../helpers/notifier-site";
import { type Edits, edit, refusal } from "../../helpers/whole-site";

const problemsOf = (edits: Edits): string[] =>
  refusal(edit(edits, NOTIFIER_SITE))
    .split("\n")
    .slice(1)
    .map((line) => line.trim().replace(/ \(line \d+\)$/, ""));

const N = "notifiers.partners";

const CASES: readonly (readonly [name: string, edits: Edits, ...problems: string[]])[] = [
  ["takes the whole notifier", []],
  [
    "refuses an alarm that is none",
    [["alarm: noc", "alarm: nobody"]],
    `${N}.alarm: must name an alarm of this file, got "nobody"; known are noc`,
  ],
  [
    "refuses a large batch without a window",
    [["batchWindowSeconds: 1", "batchWindowSeconds: 0"]],
    `${N}.queue.batchWindowSeconds: must be at least 1 where batchSize is over 10, got 0; use 1, or batchSize: 10`,
  ],
  [
    "takes a small batch without a window",
    [
      ["batchWindowSeconds: 1", "batchWindowSeconds: 0"],
      ["batchSize: 1000", "batchSize: 10"],
    ],
  ],
  [
    "refuses a function that ends before its last call",
    [["timeoutSeconds: 120", "timeoutSeconds: 19"]],
    `${N}.function.timeoutSeconds: must be at least 10 more than request.timeoutSeconds (10), got 19; use 20 or more`,
  ],
  ["takes one that ends just after", [["timeoutSeconds: 120", "timeoutSeconds: 20"]]],
  [
    "refuses more calls to a host than in all",
    [["callsPerHost: 25", "callsPerHost: 101"]],
    `${N}.function.callsPerHost: must not be over calls (100), got 101; use 100 or less`,
  ],
  [
    "refuses a connection that may take longer than the call",
    [["connectTimeoutSeconds: 3", "connectTimeoutSeconds: 11"]],
    `${N}.request.connectTimeoutSeconds: must not be over timeoutSeconds (10), got 11; use 10 or less`,
  ],
  [
    "refuses delays the wrong way round",
    [["maxDelaySeconds: 3600", "maxDelaySeconds: 9"]],
    `${N}.retry.firstDelaySeconds: must not be over maxDelaySeconds (9), got 10; use 9 or less`,
  ],
  [
    "refuses to remember longer than results are kept",
    [["retentionDays: 90", "retentionDays: 13"]],
    `${N}.results.rememberDays: must not be over retentionDays (13): an id is known by its result, got 14; use 13 or less`,
  ],
  [
    "refuses to forget what still waits",
    [["rememberDays: 14", "rememberDays: 3"]],
    `${N}.results.rememberDays: must be at least queue.retentionDays (4), or a record could be forgotten while it waits, got 3; use 4 or more`,
  ],
  ...["8.8.8.0/24", "169.254.169.254/32", "127.0.0.0/8", "10.0.0.0/7", "0.0.0.0/0"].map(
    (prefix): [string, Edits, string] => [
      `refuses ${prefix} as private`,
      [["- 10.1.2.0/24", `- ${prefix}`]],
      `${N}.destinations.private.erp.example.ac.jp.0: must be a private prefix (inside 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10), got "${prefix}"; use for example 10.0.2.0/24`,
    ],
  ),
  [
    "refuses a subnet that is none",
    [["- private", "- backstage"]],
    `${N}.place.subnets.0: must be a subnet of aws/tokyo, got "backstage"; known are public, private`,
  ],
  [
    "refuses a public subnet",
    [["- private", "- public"]],
    `${N}.place.subnets.0: must be a private subnet: a function has no public address, got "public"; use another`,
  ],
  [
    "refuses destinations that the environment has no room for",
    [
      [
        '- "*.partner.example.com"',
        Array.from({ length: 30 }, (_, at) => `- h${at}.${"x".repeat(60)}.${"y".repeat(60)}.example.com`).join("\n"),
      ],
    ],
    `${N}.destinations: must be at most 2500 characters in all: they travel in the function's environment, got 4237; use *. names, or a second notifier`,
  ],
  [
    "refuses a host with a scheme",
    [['- "*.partner.example.com"', "- https://partner.example.com"]],
    `${N}.destinations.hosts.0: must be a host's name, or *. and a domain for all below, got "https://partner.example.com"; use for example *.partner.example.com`,
  ],
  [
    "refuses a star in the middle",
    [['- "*.partner.example.com"', '- "a.*.example.com"']],
    `${N}.destinations.hosts.0: must be a host's name, or *. and a domain for all below, got "a.*.example.com"; use for example *.partner.example.com`,
  ],
];

describe("the rules of notifiers", () => {
  it.each(CASES)("%s", (_, edits, ...problems) => {
    expect(problemsOf(edits)).toEqual(problems);
  });

  it("refuses private destinations where the function stands in no VPC", () => {
    const [text] = NOTIFIER_SITE.split("    place:\n");
    expect(refusal(text as string)).toContain(
      `${N}.destinations.private: must be empty where the function stands in no VPC; write place: { network: aws/…, subnets: […] } (line`,
    );
  });

  it.each([
    ["tokio", 'must name an AWS network of this file, got "aws/tokio"; known are aws/tokyo, aws/old'],
    ["old", undefined],
  ])("a place in aws/%s", (key, problem) => {
    const text = NOTIFIER_SITE.replace(
      "      network: aws/tokyo\n      subnets:",
      `      network: aws/${key}\n      subnets:`,
    );
    if (problem) expect(refusal(text)).toContain(`${N}.place.network: ${problem}`);
    else {
      expect(refusal(text)).toContain(
        `${N}.region: must be ap-southeast-1, where aws/old is, got "ap-northeast-1"; use ap-southeast-1`,
      );
      expect(refusal(text)).toContain(
        `${N}.place.subnets.0: must be a subnet of aws/old, got "private"; known are old`,
      );
    }
  });

  it("refuses names that are too long for S3, unless the bucket has one of its own", () => {
    const long = "a".repeat(39);
    const text = NOTIFIER_SITE.replace("\n  partners:\n", `\n  ${long}:\n`);
    expect(refusal(text)).toContain(
      `notifiers.${long}: must make names of at most 63 characters (an S3 bucket), got "demo-${long}-results-123456789012"; use a shorter key or site name, or write results.bucket`,
    );
    expect(refusal(text.replace("athena: true", "athena: true\n      bucket: demo-results"))).toBe("");
  });
});

describe("a private authority", () => {
  const withText = (text: string) =>
    NOTIFIER_SITE.replace("authorities: []", `authorities:\n        - |\n${text.replace(/^/gm, "          ")}`);

  it("is taken as a certificate, and a key in its place is refused without being shown", async () => {
    const { ca, certificate, key } = await makeCertificates({ name: "x", privateIp: "10.0.0.1", now: new Date() });
    expect(refusal(withText(ca))).toBe("");
    expect(parseSite(withText(ca), "site.yaml").notifiers[0]?.destinations.authorities).toEqual([`${ca.trim()}\n`]);
    const at = `${N}.destinations.authorities.0`;
    expect(refusal(withText(certificate))).toContain(
      `${at}: must be a certificate of an authority, in PEM, that can be read; copy the authority's whole file`,
    );
    const refused = refusal(withText(key));
    expect(refused).toContain(`${at}: must be a certificate in PEM, and nothing else; use for example`);
    expect(refused).not.toContain((key.split("\n")[1] as string).slice(0, 10));
  });
});

describe("warnings of a notifier", () => {
  const warningsOf = (edits: Edits) =>
    siteWarnings(parseSite(edit(edits, NOTIFIER_SITE), "site.yaml"))
      .filter(({ path }) => path[0] === "notifiers")
      .map(({ path, text }) => `${path.join(".")}: ${text}`);

  it.each<readonly [string, Edits, ...string[]]>([
    ["none for the whole one", []],
    ["no alarm", [["alarm: noc", "description: x"]], `${N}: tells nobody when its alarms sound`],
    ["http", [["http: false", "http: true"]], `${N}.destinations.http: allows calls without TLS`],
    ["queries", [["query: false", "query: true"]], `${N}.results.query: keeps URLs whole`],
    [
      "any host",
      [
        ["hosts:", "ports: [443]\n#"],
        ['- "*.partner.example.com"', "#"],
        ["ports:", "#"],
        ["- 443", "#"],
      ],
      `${N}.destinations: name no hosts`,
    ],
    ["no NAT", [["natGateway: public", "#"]], `${N}.place: stands in aws/tokyo, which has no natGateway`],
  ])("%s", (_, edits, ...warnings) => {
    expect(warningsOf(edits)).toEqual(warnings);
  });
});
