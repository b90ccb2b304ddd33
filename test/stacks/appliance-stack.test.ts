import { expect, test } from "@jest/globals";
import { Testing } from "cdktf";
import { parseSite } from "../../config/parse-site";
import { ApplianceStack } from "../../stacks/appliance-stack";
import { APPLIANCE_SITE, applianceEntry, STAMP } from "../helpers/appliance-site";
import { stubFunctions } from "../helpers/stub-functions";
import { useFolder } from "../helpers/use-folder";

const folder = useFolder();

/** The resources of a type, without their ids. */
function synth(change: Record<string, string> = {}): (type: string) => any[] {
  const site = parseSite(APPLIANCE_SITE + applianceEntry(STAMP, change), "site.yaml");
  const [appliance] = site.appliances;
  if (!appliance) throw new Error("no appliance");
  const stack = new ApplianceStack(Testing.app(), "appliance-vpn", {
    site: site.name,
    appliance,
    functionsDirectory: stubFunctions(folder()),
    tags: { ManagedBy: "kakehashi" },
    backend: { type: "local", directory: "." },
  });
  const { resource } = JSON.parse(Testing.synth(stack));
  return (type) => Object.values(resource[type] ?? {});
}

const scheduleOf = (of: (type: string) => any[], name: string) =>
  of("aws_cloudwatch_event_rule").find((rule) => rule.name === name)?.schedule_expression;

test("images are Data Lifecycle Manager's: of what serves, tagged as the engine looks for them, without a restart", () => {
  const of = synth();
  expect(of("aws_dlm_lifecycle_policy")).toEqual([
    {
      description: "Images of demo-appliance-vpn",
      execution_role_arn: expect.stringContaining("aws_iam_role.images_role"),
      policy_details: {
        parameters: { no_reboot: true },
        policy_type: "IMAGE_MANAGEMENT",
        resource_types: ["INSTANCE"],
        schedule: [
          {
            copy_tags: false,
            create_rule: { interval: 24, interval_unit: "HOURS", times: ["17:30"] },
            name: "every 24 h",
            retain_rule: { count: 7 },
            tags_to_add: { "kakehashi-appliance": "demo-appliance-vpn" },
          },
        ],
        target_tags: { "kakehashi-active": "demo-appliance-vpn" },
      },
      state: "ENABLED",
      tags: { ManagedBy: "kakehashi" },
    },
  ]);
  const [attachment] = of("aws_iam_role_policy_attachment").filter(({ policy_arn }) =>
    policy_arn.includes("DataLifecycle"),
  );
  expect(attachment.policy_arn).toMatch(
    /:iam::aws:policy\/service-role\/AWSDataLifecycleManagerServiceRoleForAMIManagement$/,
  );
  expect(scheduleOf(of, "demo-appliance-vpn-stamp")).toBe("rate(1 hour)");
});

test("a restart for a whole image, an interval and a number are the site file's", () => {
  const [policy] = synth({ stamps: "{ everyHours: 6, keep: 3, reboot: true }" })("aws_dlm_lifecycle_policy");
  expect(policy.policy_details).toMatchObject({
    parameters: { no_reboot: false },
    schedule: [{ name: "every 6 h", create_rule: { interval: 6 }, retain_rule: { count: 3 } }],
  });
});

test("what Data Lifecycle Manager cannot do is a function's: no policy, and it looks more often where images are tried", () => {
  const of = synth({ stamps: "{ by: function, bootTestSubnet: test }" });
  expect(of("aws_dlm_lifecycle_policy")).toEqual([]);
  expect(scheduleOf(of, "demo-appliance-vpn-stamp")).toBe("rate(10 minutes)");
});

test("with a standby there is nothing that takes images, and no alarm on their age", () => {
  const of = synth({ strategy: "standby", standby: "vpn-c", subnets: "", profile: "" });
  expect(of("aws_dlm_lifecycle_policy")).toEqual([]);
  expect(
    of("aws_lambda_function")
      .map(({ function_name }) => function_name)
      .sort(),
  ).toEqual(["demo-appliance-vpn-failover", "demo-appliance-vpn-probe", "demo-appliance-vpn-watcher"]);
  const alarms = (one: (type: string) => any[]) =>
    one("aws_cloudwatch_metric_alarm").map(({ alarm_name }) => alarm_name);
  expect(alarms(synth()).filter((name) => !alarms(of).includes(name))).toEqual(
    expect.arrayContaining([expect.stringContaining("image")]),
  );
});

test("nobody asks for a fail-over by itself where the site file wants it by hand", () => {
  const rules = (change: Record<string, string>) => synth(change)("aws_cloudwatch_event_rule").map(({ name }) => name);
  expect(rules({})).toContain("demo-appliance-vpn-down");
  expect(rules({ detection: "{ automatic: false }" })).not.toContain("demo-appliance-vpn-down");
});
