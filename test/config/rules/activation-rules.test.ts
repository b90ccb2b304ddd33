import { describe, expect, it } from "@jest/globals";
import { parseSite } from "../../../config/parse-site";
import { siteWarnings } from "../../../config/warnings";
import { exchange, refusal, refusalOf } from "../../helpers/whole-site";

const PEERING =
  "peerings:\n  used: { type: vpc, network: aws/tokyo, peerNetwork: aws/spare, allow: [{ protocol: all }] }\n";
const ALARM = "alarms:\n  noc: { emails: [noc@example.ac.jp] }\n";
/** Only a peering names it: no connection ends in it. */
const SPARE = `  spare:
    region: ap-northeast-1
    cidr: 172.28.0.0/16
    subnets: { spare: { cidr: 172.28.1.0/24, availabilityZone: ap-northeast-1a } }`;
const SITE = `${exchange("aws:", `aws:\n${SPARE}`).text.trimEnd()}\n${ALARM}${PEERING}activations:\n`;
const LINE = SITE.split("\n").length;
const withEntry = (entry: string, key = "servers"): string => `${SITE}  ${key}: { ${entry} }\n`;
const at = `(line ${LINE})`;

const TOKYO = "network: aws/tokyo, subnets: [private]";

const CASES: readonly (readonly [name: string, entry: string, ...problems: string[]])[] = [
  ["the least that is needed", TOKYO],
  ["two zones and a resolver endpoint", "network: aws/tokyo, subnets: [public, private], dnsForwarding: true"],
  ["a margin of an hour less than the days", `${TOKYO}, expiryDays: 1, renewalMarginHours: 23`],
  [
    "a margin as long as the days",
    `${TOKYO}, expiryDays: 1, renewalMarginHours: 24`,
    `activations.servers.renewalMarginHours: must be less than the 24 hours of expiryDays, got 24; use a smaller margin, or more days ${at}`,
  ],
  [
    "a network that is not there",
    "network: aws/tokio, subnets: [private]",
    `activations.servers.network: must name a network of this file, got "aws/tokio"; did you mean aws/tokyo? ${at}`,
  ],
  [
    "a subnet that is not there",
    "network: aws/tokyo, subnets: [private, other]",
    `activations.servers.subnets.1: must name a subnet of aws/tokyo, got "other"; name one of its subnets ${at}`,
  ],
  [
    "a subnet twice",
    "network: aws/tokyo, subnets: [private, private]",
    `activations.servers.subnets.1: must lie in a zone of its own: private is in ap-northeast-1c too, and an endpoint takes one a zone, got "private"; remove it, or name a subnet in another zone ${at}`,
  ],
  [
    "a resolver endpoint with one address",
    `${TOKYO}, dnsForwarding: true`,
    `activations.servers.subnets: must have two entries where dnsForwarding is true: a resolver endpoint has two addresses; add a subnet in another zone ${at}`,
  ],
  [
    "a network that no connection ends in",
    "network: aws/spare, subnets: [spare]",
    `activations.servers.allowedPrefixes: is required where no connection ends in aws/spare; name the prefixes that servers call from ${at}`,
  ],
  ["the same with its prefixes", "network: aws/spare, subnets: [spare], allowedPrefixes: [10.0.2.0/24]"],
  [
    "an alarm that is not there",
    `${TOKYO}, alarm: nok`,
    `activations.servers.alarm: must name an alarm of this file, got "nok"; did you mean noc? ${at}`,
  ],
  [
    "31 days, and more servers than an activation takes",
    `${TOKYO}, expiryDays: 31, registrationLimit: 1001`,
    `activations.servers.expiryDays: must be at most 30, got 31; use 30 or less ${at}`,
    `activations.servers.registrationLimit: must be at most 1000, got 1001; use 1000 or less ${at}`,
  ],
  [
    "a name that would close a string",
    `${TOKYO}, instanceName: "a\\"; id"`,
    `activations.servers.instanceName: must be a name of letters, digits, spaces and _.:/=+@-, got "a\\"; id"; use for example campus server ${at}`,
  ],
];

describe("activations", () => {
  it.each(CASES)("%s", (_, entry, ...problems) => {
    expect(refusal(withEntry(entry))).toBe(refusalOf(problems));
  });

  it("have names that fit a Lambda function, at the edge", () => {
    // demo-activations- and -authorizer leave 36.
    expect(refusal(withEntry(TOKYO, "s".repeat(36)))).toBe("");
    const name = `demo-activations-${"s".repeat(37)}-authorizer`;
    expect(refusal(withEntry(TOKYO, "s".repeat(37)))).toBe(
      refusalOf([
        `activations.${"s".repeat(37)}: must make names of at most 64 characters (a Lambda function, an IAM role), got "${name}"; use a shorter key or site name ${at}`,
      ]),
    );
  });

  it("take the controllers' subnets and the entry's key where nothing else is said", () => {
    const [activation] = parseSite(withEntry(TOKYO), "site.yaml").activations;
    expect(activation).toMatchObject({
      region: "ap-northeast-1",
      allowedPrefixes: ["10.0.2.0/24"],
      instanceName: "servers",
      registrationLimit: 100,
      expiryDays: 14,
      renewalMarginHours: 24,
    });
  });

  it("warn of callers without a token, of one zone and of alarms that nobody hears", () => {
    const entry = `${TOKYO}, unauthenticated: { reason: "lab, gone by May" }`;
    const said = siteWarnings(parseSite(withEntry(entry), "site.yaml"))
      .filter(({ path }) => path[0] === "activations")
      .map(({ path, text, why }) => `${path.join(".")}: ${text}; ${why}`);
    expect(said).toEqual([
      "activations.servers.unauthenticated: lets every host of the allowed prefixes register a server with your account (lab, gone by May); a registered server gets credentials of the nodes' role; remove it to have a token asked for",
      "activations.servers.subnets: names one subnet; if its zone fails no server can register; add a subnet in another zone",
      "activations.servers.alarm: is not given; its CloudWatch alarms change colour and tell nobody; name an entry of alarms",
    ]);
  });
});
