// What each group may do, evaluated by an IAM evaluator on the synthesised policies: one row an action.
import { readFileSync } from "node:fs";
import { runSimulation } from "@cloud-copilot/iam-simulate";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { Testing } from "cdktf";
import { parseSite } from "../../config/parse-site";
import { AccountStack } from "../../stacks/account-stack";
import { TEST_ACCOUNT, toIamPolicy } from "../helpers/policy-document";
import { WHOLE_SITE } from "../helpers/whole-site";

const ACCOUNT = TEST_ACCOUNT;
const USER = `arn:aws:iam::${ACCOUNT}:user/hanako`;
const MANAGED = "test/cases/managed-policies";
const TRAIL = `arn:aws:cloudtrail:ap-northeast-1:${ACCOUNT}:trail/demo-main-trail`;

function synth(mfa: string): any {
  const site = parseSite(
    `${WHOLE_SITE}accounts:\n  main:\n    region: ap-northeast-1\n    mfa: ${mfa}\n    users: { hanako: { roles: [admin] } }\n`,
    "site.yaml",
  );
  const account = site.accounts[0];
  if (!account) throw new Error("no account");
  const backend = { type: "local", directory: "." } as const;
  const stack = new AccountStack(Testing.app(), "account-main", { site: site.name, account, tags: {}, backend });
  return JSON.parse(Testing.synth(stack));
}

const documentOf = (json: any, name: string): any =>
  Object.entries<any>(json.data.aws_iam_policy_document).find(([id]) => id.startsWith(`${name}_`))?.[1];

/** How a request is signed: what IAM then knows about MFA. */
const SESSIONS = {
  "console with MFA": { "aws:MultiFactorAuthPresent": "true", "aws:ViaAWSService": "false" },
  "console without MFA": { "aws:MultiFactorAuthPresent": "false", "aws:ViaAWSService": "false" },
  "access key": { "aws:ViaAWSService": "false" },
  "a service on behalf of an access key": { "aws:ViaAWSService": "true" },
} as const;
type Session = keyof typeof SESSIONS;

/** The policies that a synthesised group has, AWS's own among them. */
function policiesOf(json: any, group: string) {
  const attachment = Object.entries<any>(json.resource.aws_iam_group_policy_attachments_exclusive).find(([id]) =>
    id.startsWith(`people_policies-of-${group}_`),
  )?.[1];
  return (attachment.policy_arns as string[]).map((arn) => {
    const [, managed] = /:iam::aws:policy\/(\w+)$/.exec(arn) ?? [];
    if (managed)
      return { name: managed, policy: JSON.parse(readFileSync(`${MANAGED}/${managed}.json`, "utf8")).document };
    const [, own] = /^\$\{aws_iam_policy\.people_([\w-]+)-policy_\w+\.arn\}$/.exec(arn) ?? [];
    return { name: String(own), policy: toIamPolicy(documentOf(json, `people_${own}`)) };
  });
}

async function mayDo(json: any, group: string, session: Session, action: string, resource = "*"): Promise<boolean> {
  const answer = await runSimulation(
    {
      request: {
        principal: USER,
        action,
        resource: { resource, accountId: ACCOUNT },
        contextVariables: { ...SESSIONS[session], "aws:username": "hanako" },
      },
      identityPolicies: policiesOf(json, group),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (answer.resultType !== "single") throw new Error(JSON.stringify(answer));
  return answer.overallResult === "Allowed";
}

const OWN_DEVICE = `arn:aws:iam::${ACCOUNT}:mfa/phone`;
const OTHER = `arn:aws:iam::${ACCOUNT}:user/taro`;

/** Action, resource, and who may with MFA: Admin, Developers, Operators. */
const WITH_MFA: readonly [action: string, resource: string, who: string][] = [
  ["ec2:RunInstances", `arn:aws:ec2:ap-northeast-1:${ACCOUNT}:instance/i-0123456789abcdef0`, "AD-"],
  ["ec2:DescribeInstances", "*", "ADO"],
  ["ec2:TerminateInstances", `arn:aws:ec2:ap-northeast-1:${ACCOUNT}:instance/i-0123456789abcdef0`, "AD-"],
  ["s3:GetObject", "arn:aws:s3:::some-bucket/key", "ADO"],
  ["s3:PutObject", "arn:aws:s3:::some-bucket/key", "AD-"],
  ["billing:GetBillingData", `arn:aws:billing::${ACCOUNT}:billingview/primary`, "ADO"],
  ["aws-portal:ViewBilling", "*", "ADO"],
  ["aws-portal:ModifyBilling", "*", "AD-"],
  ["iam:CreateUser", OTHER, "A--"],
  ["iam:ListUsers", "*", "A-O"],
  ["iam:AttachUserPolicy", USER, "A--"],
  ["iam:AddUserToGroup", `arn:aws:iam::${ACCOUNT}:group/Admin`, "A--"],
  ["iam:UpdateLoginProfile", OTHER, "A--"],
  ["iam:CreateAccessKey", USER, "ADO"],
  ["iam:CreateAccessKey", OTHER, "A--"],
  ["iam:ChangePassword", USER, "ADO"],
  ["iam:ChangePassword", OTHER, "A--"],
  ["iam:DeactivateMFADevice", USER, "ADO"],
  ["iam:DeactivateMFADevice", OTHER, "A--"],
  ["iam:EnableMFADevice", OTHER, "A--"],
  ["organizations:LeaveOrganization", "*", "A--"],
  ["account:CloseAccount", `arn:aws:account::${ACCOUNT}:account`, "A--"],
  ["cloudtrail:LookupEvents", "*", "ADO"],
  ["cloudtrail:StopLogging", TRAIL, "A--"],
  ["cloudtrail:StopLogging", `${TRAIL}-2`, "AD-"],
  ["s3:GetObject", `arn:aws:s3:::demo-main-trail-${ACCOUNT}/AWSLogs/x`, "A--"],
  ["s3:DeleteObjectVersion", `arn:aws:s3:::demo-main-trail-${ACCOUNT}/AWSLogs/x`, "A--"],
  ["s3:PutLifecycleConfiguration", `arn:aws:s3:::demo-main-trail-access-${ACCOUNT}`, "A--"],
  [
    "logs:DeleteMetricFilter",
    `arn:aws:logs:ap-northeast-1:${ACCOUNT}:log-group:/aws/cloudtrail/demo-main-trail`,
    "A--",
  ],
  ["cloudwatch:DisableAlarmActions", `arn:aws:cloudwatch:ap-northeast-1:${ACCOUNT}:alarm:demo-main-root-usage`, "A--"],
  ["cloudwatch:DisableAlarmActions", `arn:aws:cloudwatch:ap-northeast-1:${ACCOUNT}:alarm:other`, "AD-"],
];

const GROUPS = { Admin: "A", Developers: "D", Operators: "O" } as const;

describe("mfa: require", () => {
  const json = synth("require");

  test.each(WITH_MFA)("%s on %s is allowed, with MFA, for %s and nobody else", async (action, resource, who) => {
    for (const [group, letter] of Object.entries(GROUPS)) {
      const allowed = await mayDo(json, group, "console with MFA", action, resource);
      expect({ group, allowed }).toEqual({ group, allowed: who.includes(letter) });
    }
  });

  test.each(WITH_MFA.filter(([action, resource]) => action !== "iam:ChangePassword" && resource !== OTHER))(
    "%s on %s is denied to everybody without MFA, by console and by access key",
    async (action, resource) => {
      for (const group of Object.keys(GROUPS)) {
        for (const session of ["console without MFA", "access key"] as const) {
          const allowed = await mayDo(json, group, session, action, resource);
          expect({ group, session, allowed }).toEqual({ group, session, allowed: false });
        }
      }
    },
  );

  test.each<[action: string, resource: string]>([
    ["iam:ChangePassword", USER],
    ["iam:GetAccountPasswordPolicy", "*"],
    ["iam:CreateVirtualMFADevice", OWN_DEVICE],
    ["iam:EnableMFADevice", USER],
    ["iam:ListMFADevices", USER],
    ["iam:ListVirtualMFADevices", "*"],
    ["iam:ResyncMFADevice", USER],
    ["iam:GetUser", USER],
  ])(
    "a new user of any group may %s in the console before there is MFA: the way in is open",
    async (action, resource) => {
      for (const group of Object.keys(GROUPS)) {
        expect({ group, may: await mayDo(json, group, "console without MFA", action, resource) }).toEqual({
          group,
          may: true,
        });
      }
    },
  );

  test("a new user enrols nobody else", async () => {
    for (const group of ["Developers", "Operators"]) {
      expect(await mayDo(json, group, "console without MFA", "iam:EnableMFADevice", OTHER)).toBe(false);
    }
  });

  test("an access key alone enrols no device, with which its thief would pass", async () => {
    for (const group of Object.keys(GROUPS)) {
      expect(await mayDo(json, group, "access key", "iam:CreateVirtualMFADevice", OWN_DEVICE)).toBe(false);
      expect(await mayDo(json, group, "access key", "iam:EnableMFADevice", USER)).toBe(false);
      expect(await mayDo(json, group, "access key", "iam:DeactivateMFADevice", USER)).toBe(false);
    }
  });

  test("an administrator's access key may ask for a session with MFA, and nothing else", async () => {
    expect(await mayDo(json, "Admin", "access key", "sts:GetSessionToken")).toBe(true);
    expect(await mayDo(json, "Admin", "access key", "sts:AssumeRole", `arn:aws:iam::${ACCOUNT}:role/terraform`)).toBe(
      false,
    );
  });

  test("what a service does on behalf of a request that passed is not asked for MFA again", async () => {
    expect(await mayDo(json, "Admin", "a service on behalf of an access key", "ec2:DescribeInstances")).toBe(true);
  });
});

describe("mfa: recommend", () => {
  const json = synth("recommend");

  test("everything works without MFA, but making keys and removing a device", async () => {
    expect(await mayDo(json, "Developers", "console without MFA", "ec2:DescribeInstances")).toBe(true);
    expect(await mayDo(json, "Operators", "access key", "ec2:DescribeInstances")).toBe(true);
    expect(await mayDo(json, "Developers", "console without MFA", "iam:CreateAccessKey", USER)).toBe(false);
    expect(await mayDo(json, "Developers", "console without MFA", "iam:DeactivateMFADevice", USER)).toBe(false);
    expect(await mayDo(json, "Developers", "console with MFA", "iam:DeactivateMFADevice", USER)).toBe(true);
  });

  test("a user may enrol", async () => {
    expect(await mayDo(json, "Operators", "console without MFA", "iam:EnableMFADevice", USER)).toBe(true);
  });
});

describe("mfa: off", () => {
  const json = synth("off\n    mfaOffReason: training account");

  test("keys need no MFA, and nobody enrols", async () => {
    expect(await mayDo(json, "Developers", "console without MFA", "iam:CreateAccessKey", USER)).toBe(true);
    expect(await mayDo(json, "Developers", "console without MFA", "iam:EnableMFADevice", USER)).toBe(false);
  });
});

describe("the record's own policies", () => {
  const json = synth("require");
  const names: Record<string, string> = {};
  beforeAll(() => {
    for (const id of Object.keys(json.resource.aws_s3_bucket)) {
      names[`\${aws_s3_bucket.${id}.arn}`] = id.startsWith("trail_access-log")
        ? "arn:aws:s3:::access"
        : "arn:aws:s3:::files";
    }
  });

  /** Whether a service may act by a resource's own policy. */
  async function mayService(
    document: string,
    service: string,
    action: string,
    resource: string,
    contextVariables: Record<string, string>,
  ): Promise<boolean> {
    const policy = toIamPolicy(documentOf(json, document), names);
    const answer = await runSimulation(
      {
        request: { principal: service, action, resource: { resource, accountId: ACCOUNT }, contextVariables },
        identityPolicies: [],
        serviceControlPolicies: [],
        resourceControlPolicies: [],
        // The evaluator knows no encryption context: a tag, which may have any name too, stands for it.
        resourcePolicy: JSON.parse(
          JSON.stringify(policy).replace(/kms:EncryptionContext:aws:(\w+):arn/g, "aws:PrincipalTag/$1"),
        ),
      },
      {},
    );
    if (answer.resultType !== "single") throw new Error(JSON.stringify(answer));
    return answer.overallResult === "Allowed";
  }

  const put = (context: Record<string, string>, key = `AWSLogs/${ACCOUNT}/CloudTrail/x.json.gz`) =>
    mayService(
      "trail_log-files_policy-document",
      "cloudtrail.amazonaws.com",
      "s3:PutObject",
      `arn:aws:s3:::files/${key}`,
      {
        "aws:SecureTransport": "true",
        "s3:x-amz-acl": "bucket-owner-full-control",
        "aws:SourceAccount": ACCOUNT,
        "aws:SourceArn": TRAIL,
        ...context,
      },
    );

  test("the bucket takes this trail's log files, at their place, by TLS", async () => {
    expect(await put({})).toBe(true);
    expect(await put({ "aws:SourceArn": `${TRAIL}-2` })).toBe(false);
    expect(await put({ "aws:SourceAccount": "444455556666" })).toBe(false);
    expect(await put({ "aws:SecureTransport": "false" })).toBe(false);
    expect(await put({}, "AWSLogs/444455556666/CloudTrail/x.json.gz")).toBe(false);
  });

  const KEY = `arn:aws:kms:ap-northeast-1:${ACCOUNT}:key/0a1b2c3d-0000-4000-8000-000000000000`;
  const encrypt = (context: Record<string, string>) =>
    mayService("trail_key_policy", "cloudtrail.amazonaws.com", "kms:GenerateDataKey", KEY, {
      "aws:SourceAccount": ACCOUNT,
      "aws:SourceArn": TRAIL,
      "aws:PrincipalTag/cloudtrail": TRAIL,
      ...context,
    });

  test("the key serves this trail and no other", async () => {
    expect(await encrypt({})).toBe(true);
    expect(await encrypt({ "aws:SourceArn": `${TRAIL}-2` })).toBe(false);
    expect(await encrypt({ "aws:PrincipalTag/cloudtrail": `${TRAIL}-2` })).toBe(false);
    expect(await encrypt({ "aws:SourceAccount": "444455556666" })).toBe(false);
  });

  test("the key serves this log group and no other", async () => {
    const group = `arn:aws:logs:ap-northeast-1:${ACCOUNT}:log-group:/aws/cloudtrail/demo-main-trail`;
    const byLogs = (arn: string) =>
      mayService("trail_key_policy", "logs.ap-northeast-1.amazonaws.com", "kms:Encrypt", KEY, {
        "aws:PrincipalTag/logs": arn,
      });
    expect(await byLogs(group)).toBe(true);
    expect(await byLogs(`${group}-2`)).toBe(false);
  });
});
