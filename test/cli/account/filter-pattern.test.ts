import { describe, expect, it } from "@jest/globals";
import { readFilterPattern } from "../../../cli/account/filter-pattern";
import { CIS_ALARMS, OWN_ALARMS } from "../../../config/cis-monitoring";

const ALARMS = [...CIS_ALARMS, ...OWN_ALARMS];
const takes = (pattern: string, event: object): boolean | undefined => readFilterPattern(pattern)?.(event as never);

describe("the alarms of an account", () => {
  it.each(ALARMS.map((alarm) => [alarm.key, alarm] as const))("%s is raised by its events", (_, alarm) => {
    expect(alarm.samples.length).toBeGreaterThan(0);
    for (const sample of alarm.samples)
      expect({ sample, is: takes(alarm.pattern, sample) }).toEqual({ sample, is: true });
  });

  it.each(ALARMS.map(({ key, pattern }) => [key, pattern]))("%s: fits into a metric filter", (_, pattern) => {
    expect(pattern.length).toBeLessThanOrEqual(1024);
  });

  it("none is raised by what a user with MFA does all day", () => {
    const daily = {
      eventSource: "ec2.amazonaws.com",
      eventName: "RunInstances",
      eventType: "AwsApiCall",
      sourceIPAddress: "198.51.100.7",
      userIdentity: { type: "IAMUser", accessKeyId: "ASIAIOSFODNN7EXAMPLE" },
    };
    const signIn = {
      ...daily,
      eventSource: "signin.amazonaws.com",
      eventName: "ConsoleLogin",
      additionalEventData: { MFAUsed: "Yes" },
      responseElements: { ConsoleLogin: "Success" },
    };
    expect(ALARMS.filter(({ pattern }) => takes(pattern, daily) || takes(pattern, signIn))).toEqual([]);
  });

  const raisedBy = (event: object): string[] =>
    ALARMS.filter(({ pattern }) => takes(pattern, event)).map(({ key }) => key);

  it("a sign-in by the root user raises its own alarm beside the benchmark's, a failed one too", () => {
    const signIn = { eventName: "ConsoleLogin", eventType: "AwsConsoleSignIn", userIdentity: { type: "Root" } };
    expect(raisedBy({ ...signIn, responseElements: { ConsoleLogin: "Success" } })).toEqual([
      "root-usage",
      "root-sign-in",
    ]);
    expect(raisedBy({ ...signIn, errorMessage: "Failed authentication" })).toEqual([
      "root-usage",
      "sign-in-failures",
      "root-sign-in",
    ]);
  });

  it("what a service does for the root user raises none", () => {
    const userIdentity = { type: "Root", invokedBy: "autoscaling.amazonaws.com" };
    expect(raisedBy({ eventName: "RunInstances", eventType: "AwsApiCall", userIdentity })).toEqual([]);
  });

  it("a refusal that the delivery of logs is told raises none", () => {
    const refused = { eventName: "GetBucketAcl", errorCode: "AccessDenied" };
    expect(raisedBy({ ...refused, sourceIPAddress: "delivery.logs.amazonaws.com" })).toEqual([]);
    expect(raisedBy({ ...refused, sourceIPAddress: "198.51.100.7" })).toEqual(["unauthorized-api-calls"]);
    expect(raisedBy({ ...refused, eventName: "HeadBucket", sourceIPAddress: "198.51.100.7" })).toEqual([]);
  });
});

describe("a filter pattern", () => {
  const EVENT = { name: "CreateTrail", by: { type: "Root" }, isGone: true, nothing: null };

  it.each<[pattern: string, isTaken: boolean]>([
    ["{$.name=CreateTrail}", true],
    ['{ $.name = "CreateTrail" }', true],
    ["{ $.name = Create* }", true],
    ["{ $.name = *Trail }", true],
    ['{ $.name = "*eat*rai*" }', true],
    ["{ $.name = C*C*l }", false],
    ["{ $.name = CreateTrail*l }", false],
    ["{ $.name != CreateTrail }", false],
    ["{ $.absent != CreateTrail }", false],
    ["{ $.by.type = Root }", true],
    ["{ $.by = Root }", false],
    ["{ $.by.toString EXISTS }", false],
    ["{ $.by.type EXISTS }", true],
    ["{ $.by.type NOT EXISTS }", false],
    ["{ $.absent NOT EXISTS }", true],
    ["{ $.isGone IS TRUE }", true],
    ["{ $.isGone IS FALSE }", false],
    ["{ $.nothing IS NULL }", true],
    ["{ $.name = x || $.by.type = Root && $.name = y }", false],
    ["{ ($.name = CreateTrail || $.name = x) && ($.by.type = Root) }", true],
    ["{ $.name = CreateTrail || $.name = x && $.by.type = y }", true],
    ['{ $.name = "Create\\Trail" }', true],
  ])("%s: %s", (pattern, isTaken) => {
    expect(takes(pattern, EVENT)).toBe(isTaken);
  });

  it.each([
    "",
    "ERROR",
    "{",
    "{ }",
    "{ $.name }",
    "{ $.name = }",
    "{ $.name = x } y",
    "{ ($.name = x }",
    "{ $.name = x || }",
    "{ $.name = %Create.*% }",
    "{ $.name > 3 }",
    "{ name = x }",
    '{ $.name = "x }',
    "[ip, user]",
    `{ $.name = ${"x".repeat(1024)} }`,
  ])("%s is none that can be read", (pattern) => {
    expect(readFilterPattern(pattern)).toBeUndefined();
  });
});
