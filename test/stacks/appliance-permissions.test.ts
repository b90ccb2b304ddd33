// What an appliance's functions may do, evaluated by an IAM evaluator on the statements that the stack is made of: one row a request.
import { runSimulation } from "@cloud-copilot/iam-simulate";
import { describe, expect, test } from "@jest/globals";
import { toApplianceSettings } from "../../config/appliance";
import { parseSite } from "../../config/parse-site";
import { DOWN_SOURCE } from "../../functions/common/appliance/down-event";
import {
  type AppliancePlace,
  enginePermissions,
  stamperPermissions,
  watcherPermissions,
} from "../../stacks/appliance-permissions";
import { APPLIANCE_SITE, applianceEntry, STAMP } from "../helpers/appliance-site";
import { TEST_ACCOUNT, toIamPolicy } from "../helpers/policy-document";

const REGION = "ap-northeast-1";
const NAME = "demo-appliance-vpn";
const PLACE: AppliancePlace = {
  partition: "aws",
  region: REGION,
  account: TEST_ACCOUNT,
  vpcId: "vpc-ours",
  allocationId: "eipalloc-0123456789abcdef0",
  tableArn: `arn:aws:dynamodb:${REGION}:${TEST_ACCOUNT}:table/${NAME}`,
  profileRoleArn: `arn:aws:iam::${TEST_ACCOUNT}:role/vpn-appliance`,
  probeArn: `arn:aws:lambda:${REGION}:${TEST_ACCOUNT}:function:${NAME}-probe`,
  topicArn: `arn:aws:sns:${REGION}:${TEST_ACCOUNT}:demo-noc`,
};

type Who = "engine" | "watcher" | "stamper";

function settings(change: Record<string, string> = {}) {
  const site = parseSite(APPLIANCE_SITE + applianceEntry(STAMP, change), "site.yaml");
  const [appliance] = site.appliances;
  if (!appliance) throw new Error("no appliance");
  return toApplianceSettings(site.name, appliance);
}

const KEY = `arn:aws:kms:${REGION}:${TEST_ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;
const BY_FUNCTION = { stamps: "{ by: function, encrypt: true, bootTestSubnet: test }", kmsKey: KEY } as const;

function policyOf(who: Who, change: Record<string, string> = {}) {
  const of = settings(change);
  const statements = {
    engine: () => enginePermissions(of, PLACE),
    watcher: () => watcherPermissions(PLACE, DOWN_SOURCE),
    stamper: () => stamperPermissions(of, PLACE),
  }[who]();
  return toIamPolicy({ statement: statements as Parameters<typeof toIamPolicy>[0]["statement"] });
}

/** A key's own policy comes first. @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
const LEFT_TO_IAM = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${TEST_ACCOUNT}:root` }, Action: "kms:*", Resource: "*" },
  ],
};

type Context = Readonly<Record<string, string | string[]>>;

async function may(policy: unknown, action: string, resource: string, context: Context = {}): Promise<boolean> {
  const answer = await runSimulation(
    {
      request: {
        principal: `arn:aws:iam::${TEST_ACCOUNT}:role/function`,
        action,
        resource: { resource, accountId: TEST_ACCOUNT },
        contextVariables: { "aws:RequestedRegion": REGION, ...context },
      },
      identityPolicies: [{ name: "own", policy }],
      ...(action.startsWith("kms:") && { resourcePolicy: LEFT_TO_IAM }),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (answer.resultType !== "single") throw new Error(JSON.stringify(answer));
  return answer.overallResult === "Allowed";
}

const ec2 = (resource: string, owner = TEST_ACCOUNT) => `arn:aws:ec2:${REGION}:${owner}:${resource}`;
const tagged = (tags: Record<string, string>): Context =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value]));
const OURS = tagged({ "kakehashi-appliance": NAME });
const ANOTHERS = tagged({ "kakehashi-appliance": "demo-appliance-other" });
const PRIMARY = tagged({ Name: "vpn" });
const IN_VPC: Context = { "ec2:Vpc": ec2("vpc/vpc-ours") };
const ELSEWHERE: Context = { "ec2:Vpc": ec2("vpc/vpc-theirs") };
const INSTANCE = ec2("instance/i-0123456789abcdef0");
const NIC = ec2("network-interface/eni-0123456789abcdef0");
const ACTIVE: Context = { "aws:TagKeys": ["kakehashi-active"] };
const LAUNCHED: Context = { "aws:RequestTag/kakehashi-appliance": NAME, "aws:RequestTag/kakehashi-run": "r1" };
const TESTED: Context = { "aws:RequestTag/kakehashi-appliance": NAME, "aws:RequestTag/kakehashi-boot-test": "ami-1" };

type Row = readonly [allowed: boolean, what: string, action: string, resource: string, context?: Context];

const ENGINE: readonly Row[] = [
  [true, "look at instances", "ec2:DescribeInstances", "*"],
  [false, "look at another region", "ec2:DescribeInstances", "*", { "aws:RequestedRegion": "us-east-1" }],
  [true, "stop the instance with the user's tag", "ec2:StopInstances", INSTANCE, PRIMARY],
  [true, "stop its own copy", "ec2:StopInstances", INSTANCE, OURS],
  [false, "stop another appliance's copy", "ec2:StopInstances", INSTANCE, ANOTHERS],
  [false, "stop an instance without tags", "ec2:StopInstances", INSTANCE],
  [true, "start its own copy", "ec2:StartInstances", INSTANCE, OURS],
  [false, "start another's", "ec2:StartInstances", INSTANCE, tagged({ Name: "database" })],
  [true, "read its copy's user data", "ec2:DescribeInstanceAttribute", INSTANCE, OURS],
  [false, "read another's user data", "ec2:DescribeInstanceAttribute", INSTANCE, ANOTHERS],
  [true, "turn off the source/destination check of its own", "ec2:ModifyInstanceAttribute", INSTANCE, PRIMARY],
  [false, "change another instance", "ec2:ModifyInstanceAttribute", INSTANCE, ANOTHERS],
  [false, "end even its own", "ec2:TerminateInstances", INSTANCE, OURS],
  [true, "say who serves", "ec2:CreateTags", INSTANCE, { ...OURS, ...ACTIVE }],
  [false, "make an instance its own", "ec2:CreateTags", INSTANCE, { "aws:TagKeys": ["kakehashi-appliance"] }],
  [
    false,
    "put another tag on its own",
    "ec2:CreateTags",
    INSTANCE,
    { ...OURS, "aws:TagKeys": ["kakehashi-active", "Owner"] },
  ],
  [true, "take the mark away", "ec2:DeleteTags", INSTANCE, { ...PRIMARY, ...ACTIVE }],
  [true, "fence an interface in its VPC", "ec2:ModifyNetworkInterfaceAttribute", NIC, IN_VPC],
  [false, "touch an interface of another VPC", "ec2:ModifyNetworkInterfaceAttribute", NIC, ELSEWHERE],
  [true, "move its address", "ec2:AssociateAddress", ec2(`elastic-ip/${PLACE.allocationId}`)],
  [false, "move another address", "ec2:AssociateAddress", ec2("elastic-ip/eipalloc-0fedcba9876543210")],
  [true, "move it to an interface of its VPC", "ec2:AssociateAddress", NIC, IN_VPC],
  [false, "move it to another VPC", "ec2:AssociateAddress", NIC, ELSEWHERE],
  ...(["ec2:CreateRoute", "ec2:ReplaceRoute"] as const).flatMap((action): Row[] => [
    [
      true,
      "route in a table with the tag",
      action,
      ec2("route-table/rtb-1"),
      { ...tagged({ role: "clients" }), ...IN_VPC },
    ],
    [false, "route in another table of its VPC", action, ec2("route-table/rtb-1"), IN_VPC],
    [
      false,
      "route in a tagged table of another VPC",
      action,
      ec2("route-table/rtb-1"),
      { ...tagged({ role: "clients" }), ...ELSEWHERE },
    ],
  ]),
  [true, "launch its own image", "ec2:RunInstances", ec2("image/ami-1", ""), OURS],
  [false, "launch another image", "ec2:RunInstances", ec2("image/ami-1", ""), ANOTHERS],
  [true, "launch a copy with its tags", "ec2:RunInstances", INSTANCE, LAUNCHED],
  [false, "launch one without tags", "ec2:RunInstances", INSTANCE],
  [true, "launch into its VPC", "ec2:RunInstances", ec2("subnet/subnet-1"), IN_VPC],
  [false, "launch into another VPC", "ec2:RunInstances", ec2("subnet/subnet-1"), ELSEWHERE],
  [true, "tag what it launches", "ec2:CreateTags", INSTANCE, { "ec2:CreateAction": "RunInstances" }],
  [
    true,
    "give the copy its role",
    "iam:PassRole",
    String(PLACE.profileRoleArn),
    { "iam:PassedToService": "ec2.amazonaws.com" },
  ],
  [
    false,
    "give its role to a function",
    "iam:PassRole",
    String(PLACE.profileRoleArn),
    { "iam:PassedToService": "lambda.amazonaws.com" },
  ],
  [
    false,
    "give another role",
    "iam:PassRole",
    `arn:aws:iam::${TEST_ACCOUNT}:role/admin`,
    { "iam:PassedToService": "ec2.amazonaws.com" },
  ],
  [true, "hold the lease", "dynamodb:UpdateItem", PLACE.tableArn],
  [true, "hold the lease on condition", "dynamodb:ConditionCheckItem", PLACE.tableArn],
  [false, "write in another table", "dynamodb:UpdateItem", `${PLACE.tableArn}-other`],
  [true, "ask the probe", "lambda:InvokeFunction", String(PLACE.probeArn)],
  [false, "call another function", "lambda:InvokeFunction", `${PLACE.probeArn}x`],
  [true, "tell its topic", "sns:Publish", String(PLACE.topicArn)],
  [false, "tell another topic", "sns:Publish", `${PLACE.topicArn}-other`],
  [false, "make images", "ec2:CreateImage", INSTANCE, OURS],
];

const BY_EC2: Context = { "kms:ViaService": `ec2.${REGION}.amazonaws.com` };
const IMAGE = ec2("image/ami-1", "");
const SNAPSHOT = ec2("snapshot/snap-1", "");
const MADE: Context = { "aws:RequestTag/kakehashi-appliance": NAME };

const STAMPER: readonly Row[] = [
  [true, "photograph the instance with the user's tag", "ec2:CreateImage", INSTANCE, { ...PRIMARY, ...MADE }],
  [false, "photograph another's", "ec2:CreateImage", INSTANCE, { ...ANOTHERS, ...MADE }],
  [true, "make an image with its tag", "ec2:CreateImage", IMAGE, MADE],
  [false, "make one without", "ec2:CreateImage", IMAGE],
  [true, "remove its own image", "ec2:DeregisterImage", IMAGE, OURS],
  [false, "remove another's image", "ec2:DeregisterImage", IMAGE, ANOTHERS],
  [false, "remove an image without tags", "ec2:DeregisterImage", IMAGE],
  [true, "remove its own snapshot", "ec2:DeleteSnapshot", SNAPSHOT, OURS],
  [false, "remove another's snapshot", "ec2:DeleteSnapshot", SNAPSHOT, ANOTHERS],
  [true, "judge its image", "ec2:CreateTags", IMAGE, { ...OURS, "aws:TagKeys": ["kakehashi-boot"] }],
  [false, "make an image its own", "ec2:CreateTags", IMAGE, { "aws:TagKeys": ["kakehashi-appliance"] }],
  [true, "test an image", "ec2:RunInstances", INSTANCE, TESTED],
  [false, "start a copy", "ec2:RunInstances", INSTANCE, LAUNCHED],
  [
    true,
    "end its test",
    "ec2:TerminateInstances",
    INSTANCE,
    { ...OURS, ...tagged({ "kakehashi-boot-test": "ami-1" }) },
  ],
  [false, "end a copy", "ec2:TerminateInstances", INSTANCE, OURS],
  [false, "end the instance itself", "ec2:TerminateInstances", INSTANCE, PRIMARY],
  [false, "stop anything", "ec2:StopInstances", INSTANCE, OURS],
  [true, "use its key by EC2", "kms:ReEncryptTo", KEY, BY_EC2],
  [false, "use its key itself", "kms:Decrypt", KEY],
  [false, "use another key", "kms:Decrypt", KEY.replace("5555", "6666"), BY_EC2],
];

const WATCHER: readonly Row[] = [
  [true, "look at instances", "ec2:DescribeInstances", "*"],
  [true, "read the record", "dynamodb:GetItem", PLACE.tableArn],
  [false, "write the record", "dynamodb:UpdateItem", PLACE.tableArn],
  [
    true,
    "call the engine",
    "events:PutEvents",
    `arn:aws:events:${REGION}:${TEST_ACCOUNT}:event-bus/default`,
    { "events:source": [DOWN_SOURCE] },
  ],
  [
    false,
    "speak in another's name",
    "events:PutEvents",
    `arn:aws:events:${REGION}:${TEST_ACCOUNT}:event-bus/default`,
    { "events:source": [DOWN_SOURCE, "com.example"] },
  ],
  [false, "stop anything", "ec2:StopInstances", INSTANCE, OURS],
  [false, "tag anything", "ec2:CreateTags", INSTANCE, { ...OURS, ...ACTIVE }],
];

describe.each([
  ["engine", ENGINE, {}],
  ["stamper", STAMPER, BY_FUNCTION],
  ["watcher", WATCHER, {}],
] as const)("the %s", (who, rows, change) => {
  const policy = policyOf(who, change as Record<string, string>);
  test.each(rows.map((row) => [row[0] ? "may" : "may not", row[1], row] as const))("%s %s", async (_, __, row) => {
    const [allowed, , action, resource, context] = row;
    expect(await may(policy, action, resource, context)).toBe(allowed);
  });
});

test("with Data Lifecycle Manager the stamper marks who serves and takes no image", async () => {
  const policy = policyOf("stamper");
  expect(await may(policy, "ec2:CreateTags", INSTANCE, { ...OURS, ...ACTIVE })).toBe(true);
  expect(await may(policy, "ec2:CreateImage", INSTANCE, { ...PRIMARY, ...MADE })).toBe(false);
  expect(await may(policy, "ec2:DeregisterImage", IMAGE, OURS)).toBe(false);
});

test("with a standby the engine launches nothing and gives no role away", async () => {
  const policy = policyOf("engine", { strategy: "standby", standby: "vpn-c", subnets: "", profile: "" });
  expect(await may(policy, "ec2:StartInstances", INSTANCE, tagged({ Name: "vpn-c" }))).toBe(true);
  expect(await may(policy, "ec2:RunInstances", IMAGE, OURS)).toBe(false);
  expect(await may(policy, "ec2:RunInstances", INSTANCE, LAUNCHED)).toBe(false);
});
