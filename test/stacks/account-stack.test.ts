import { runSimulation } from "@cloud-copilot/iam-simulate";
import { describe, expect, test } from "@jest/globals";
import { Testing } from "cdktf";
import { parseSite } from "../../config/parse-site";
import { AccountStack } from "../../stacks/account-stack";
import { TEST_ACCOUNT, toIamPolicy } from "../helpers/policy-document";
import { WHOLE_SITE } from "../helpers/whole-site";

function synth(account: string): any {
  const site = parseSite(
    `${WHOLE_SITE}accounts:\n  main:\n    region: ap-northeast-1\n    mfa: require\n${account}`,
    "site.yaml",
  );
  const [entry] = site.accounts;
  if (!entry) throw new Error("no account");
  const backend = { type: "local", directory: "." } as const;
  const stack = new AccountStack(Testing.app(), "account-main", { site: site.name, account: entry, tags: {}, backend });
  return JSON.parse(Testing.synth(stack, true));
}

const all = (resources: object | undefined): any[] => Object.values(resources ?? {});

const EXTERNAL = `    identityCenter:
      directory: external
      accountIds: ["${TEST_ACCOUNT}", "444455556666"]
      groups: { admin: aws-admins }
`;

describe("people from an identity provider", () => {
  const json = synth(EXTERNAL);

  test("are looked up by their group's name; no user, group or password rule is made", () => {
    const names = all(json.data.aws_identitystore_group).map(
      ({ alternate_identifier }) => alternate_identifier.unique_attribute.attribute_value,
    );
    expect(names.sort()).toEqual(["Developers", "Operators", "aws-admins"]);
    const kinds = Object.keys(json.resource).filter((type) => /^aws_(identitystore|iam)_/.test(type));
    // The role by which the trail writes its log.
    expect(kinds.sort()).toEqual(["aws_iam_role", "aws_iam_role_policy"]);
  });

  test("are assigned to every account that is named, each group with its own permission set", () => {
    const assignments = all(json.resource.aws_ssoadmin_account_assignment);
    expect(assignments).toHaveLength(6);
    expect(new Set(assignments.map(({ target_id }) => target_id))).toEqual(new Set([TEST_ACCOUNT, "444455556666"]));
    expect(new Set(assignments.map(({ permission_set_arn }) => permission_set_arn)).size).toBe(3);
  });

  test.each([
    ["admin", false],
    ["developers", true],
    ["operators", true],
  ])("%s: refused the record: %s", async (role, isRefused) => {
    const guard = Object.entries<any>(json.data.aws_iam_policy_document).find(([id]) =>
      id.startsWith(`identity-center_record-guard-${role}_`),
    )?.[1];
    expect(guard !== undefined).toBe(isRefused);
    const everything = { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "*", Resource: "*" } };
    const answer = await runSimulation(
      {
        request: {
          principal: `arn:aws:iam::${TEST_ACCOUNT}:role/aws-reserved/sso.amazonaws.com/x`,
          action: "cloudtrail:StopLogging",
          resource: {
            resource: `arn:aws:cloudtrail:ap-northeast-1:${TEST_ACCOUNT}:trail/demo-main-trail`,
            accountId: TEST_ACCOUNT,
          },
          contextVariables: {},
        },
        identityPolicies: [
          { name: "everything", policy: everything },
          ...(guard ? [{ name: "guard", policy: toIamPolicy(guard) }] : []),
        ],
        serviceControlPolicies: [],
        resourceControlPolicies: [],
      },
      {},
    );
    expect(answer.resultType === "single" && answer.overallResult).toBe(isRefused ? "ExplicitlyDenied" : "Allowed");
  });
});

describe("the record", () => {
  const lock = synth("    trail:\n      objectLock: { mode: compliance, days: 30 }\n");

  test("is locked on request, by what can be put on a bucket that has files already", () => {
    expect(all(lock.resource.aws_s3_bucket_object_lock_configuration)).toMatchObject([
      { rule: { default_retention: { mode: "COMPLIANCE", days: 30 } } },
    ]);
    expect(JSON.stringify(lock.resource.aws_s3_bucket)).not.toContain("object_lock");
    expect(synth("    users: {}\n").resource.aws_s3_bucket_object_lock_configuration).toBeUndefined();
  });

  test("is signed, encrypted, of all regions, and never public", () => {
    expect(all(lock.resource.aws_cloudtrail)).toMatchObject([
      { is_multi_region_trail: true, enable_log_file_validation: true, include_global_service_events: true },
    ]);
    expect(all(lock.resource.aws_s3_bucket_versioning)).toHaveLength(2);
    for (const block of all(lock.resource.aws_s3_bucket_public_access_block)) {
      expect(block).toMatchObject({
        block_public_acls: true,
        block_public_policy: true,
        ignore_public_acls: true,
        restrict_public_buckets: true,
      });
    }
  });

  test("has alarms that tell nobody without a road, and the topic that is named with one", () => {
    const actions = (json: any) =>
      new Set(all(json.resource.aws_cloudwatch_metric_alarm).flatMap((one) => one.alarm_actions));
    expect(actions(lock)).toEqual(new Set());
    const topic = `arn:aws:sns:ap-northeast-1:${TEST_ACCOUNT}:security`;
    expect(actions(synth(`    alarmTopicArn: ${topic}\n`))).toEqual(new Set([topic]));
  });
});

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (a managed policy: 6,144 characters without white space) */
test("own policies fit into a managed policy", () => {
  const json = synth("    users: { hanako: { roles: [admin] } }\n");
  for (const name of ["self-service", "record-guard"]) {
    const [, document] = Object.entries<any>(json.data.aws_iam_policy_document).find(([id]) =>
      id.startsWith(`people_${name}_`),
    ) as [string, any];
    expect(JSON.stringify(toIamPolicy(document)).length).toBeLessThan(6_144);
  }
});
