import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CloudTrailClient, StopLoggingCommand } from "@aws-sdk/client-cloudtrail";
import { CloudWatchClient, DeleteAlarmsCommand, DisableAlarmActionsCommand } from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  DeleteMetricFilterCommand,
  PutMetricFilterCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  GetLoginProfileCommand,
  IAMClient,
  RemoveUserFromGroupCommand,
} from "@aws-sdk/client-iam";
import {
  CreateTopicCommand,
  ListSubscriptionsByTopicCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import { Testing } from "cdktf";
import { parseSite } from "../../config/parse-site";
import { AccountStack } from "../../stacks/account-stack";
import { runCli } from "../helpers/run-cli";
import { useFolder } from "../helpers/use-folder";
import { WHOLE_SITE } from "../helpers/whole-site";
import { applyAccount, MOTO_ACCOUNT } from "./apply-account";
import { resetMoto } from "./moto";

const folder = useFolder();
const iam = new IAMClient({});
const sns = new SNSClient({});
const TOPIC = `arn:aws:sns:ap-northeast-1:${MOTO_ACCOUNT}:security`;

const SITE = `${WHOLE_SITE}accounts:
  main:
    region: ap-northeast-1
    accountId: "${MOTO_ACCOUNT}"
    mfa: require
    alarmTopicArn: ${TOPIC}
    users:
      hanako: { roles: [admin] }
      taro: { roles: [developers, operators] }
`;

function synth(text: string): any {
  const site = parseSite(text, "site.yaml");
  const account = site.accounts[0];
  if (!account) throw new Error("no account");
  const backend = { type: "local", directory: "." } as const;
  const stack = new AccountStack(Testing.app(), "account-main", { site: site.name, account, tags: {}, backend });
  return JSON.parse(Testing.synth(stack));
}

beforeEach(() => writeFileSync(join(folder(), "site.yaml"), SITE));

async function deploy(): Promise<void> {
  await resetMoto();
  await sns.send(new CreateTopicCommand({ Name: "security" }));
  await sns.send(new SubscribeCommand({ TopicArn: TOPIC, Protocol: "email", Endpoint: "noc@example.ac.jp" }));
  await applyAccount(synth(SITE));
}

const cli = (...argv: string[]) => runCli(["account", ...argv], { cwd: folder(), now: () => new Date() });

async function report(): Promise<{
  differences: string[];
  groups: any[];
  ungrouped: any[];
  missing: Map<string, string>;
}> {
  const { code, out, err } = await cli("report", "--json");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const [account] = JSON.parse(out).accounts;
  const missing = account.findings.filter(({ status }: any) => status === "missing");
  return { ...account, missing: new Map(missing.map(({ id, key, found }: any) => [key ?? id, found])) };
}

async function enrol(user: string): Promise<void> {
  const { VirtualMFADevice } = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: user }));
  await iam.send(
    new EnableMFADeviceCommand({
      UserName: user,
      SerialNumber: VirtualMFADevice?.SerialNumber,
      AuthenticationCode1: "123456",
      AuthenticationCode2: "654321",
    }),
  );
}

describe("an account without anything", () => {
  beforeAll(resetMoto);

  test("lacks what the benchmark asks, and what the file says", async () => {
    const { differences, missing } = await report();
    expect(differences).toEqual([
      "group Admin is not there",
      "group Developers is not there",
      "group Operators is not there",
      "user hanako is not there",
      "user taro is not there",
    ]);
    expect(missing.get("1.7")).toBe("at least 8 are asked for");
    expect(missing.get("3.1")).toBe("there is no trail");
    expect(missing.get("4.3")).toBe("no trail of all regions writes to CloudWatch Logs");
  });

  test("gives nobody a password who is not there", async () => {
    expect(await cli("first-login", "taro", "--out", "taro.txt")).toEqual({
      code: 2,
      out: "",
      err: "taro is not in the account yet; deploy its stack first\n",
    });
    expect(existsSync(join(folder(), "taro.txt"))).toBe(false);
  });

  test("is left alone by credentials of another account", async () => {
    writeFileSync(join(folder(), "site.yaml"), SITE.replace(`"${MOTO_ACCOUNT}"`, '"444455556666"'));
    expect(await cli("report")).toEqual({
      code: 2,
      out: "",
      err: `the credentials belong to account ${MOTO_ACCOUNT}, and accounts.main is 444455556666; use others, or name a role by roleArn\n`,
    });
  });

  test("of another number is read by the role that the file names", async () => {
    const other = SITE.replace(`"${MOTO_ACCOUNT}"`, '"444455556666"').replace(
      "    mfa: require",
      "    roleArn: arn:aws:iam::444455556666:role/terraform\n    mfa: require",
    );
    writeFileSync(join(folder(), "site.yaml"), other);
    const { code, out } = await cli("report");
    expect(code).toBe(0);
    expect(out).toMatch(/^account main \(444455556666\), ap-northeast-1, mfa: require\n/);
  });
});

// One account after another state: each test goes on from where the one before it left the account.
describe("an account as its stack makes it", () => {
  beforeAll(deploy);

  const member = (name: string) => ({ name, hasPassword: false, hasMfa: false, accessKeys: 0 });

  test("lacks nothing of what the stack is for", async () => {
    const { differences, missing, groups, ungrouped } = await report();
    expect({ differences, ungrouped }).toEqual({ differences: [], ungrouped: [] });
    expect(groups).toEqual([
      { name: "Admin", policies: ["AdministratorAccess", "demo-main-self-service"], members: [member("hanako")] },
      {
        name: "Developers",
        policies: ["PowerUserAccess", "demo-main-record-guard", "demo-main-self-service"],
        members: [member("taro")],
      },
      {
        name: "Operators",
        policies: ["AWSBillingReadOnlyAccess", "ReadOnlyAccess", "demo-main-record-guard", "demo-main-self-service"],
        members: [member("taro")],
      },
    ]);
    // The root user is not Terraform's, and the emulator's has no MFA.
    expect([...missing]).toEqual([
      ["1.4", "it has none"],
      ["1.5", "it has none"],
      ["1.16", "AWSSupportAccess is attached to nothing"],
    ]);
  });

  test("gives a person a password that must be changed, in a file for the caller alone", async () => {
    const { code, out, err } = await cli("first-login", "taro", "--out", "taro.txt");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toBe(
      `taro.txt: how taro signs in to account ${MOTO_ACCOUNT} for the first time; give it to them alone, then delete it\n`,
    );
    const file = join(folder(), "taro.txt");
    expect((statSync(file).mode & 0o777).toString(8)).toBe("600");
    const letter = readFileSync(file, "utf8");
    const password = /^Password: {2}(\S{24,})$/m.exec(letter)?.[1] ?? "none";
    expect(out).not.toContain(password);
    expect(letter).toContain(`https://${MOTO_ACCOUNT}.signin.aws.amazon.com/console\nUser name: taro\n`);
    expect((await iam.send(new GetLoginProfileCommand({ UserName: "taro" }))).LoginProfile?.UserName).toBe("taro");
  });

  test("does not give a second one, unless it is to be made anew", async () => {
    expect(await cli("first-login", "taro", "--out", "two.txt")).toEqual({
      code: 2,
      out: "",
      err: "taro has a password already; --reset makes a new one\n",
    });
    expect(existsSync(join(folder(), "two.txt"))).toBe(false);
    expect((await cli("first-login", "taro", "--out", "two.txt", "--reset")).code).toBe(0);
    expect(readFileSync(join(folder(), "two.txt"), "utf8")).toMatch(/^Password: {2}\S{24,}$/m);
    // The emulator keeps this when a password is made anew, not when it is made.
    const { LoginProfile } = await iam.send(new GetLoginProfileCommand({ UserName: "taro" }));
    expect(LoginProfile?.PasswordResetRequired).toBe(true);
  });

  test("leaves a file alone that is there, and the person too", async () => {
    writeFileSync(join(folder(), "hanako.txt"), "mine");
    const { code, err } = await cli("first-login", "hanako", "--out", "hanako.txt");
    expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(/hanako\.txt exists; name another file\n$/) });
    expect(readFileSync(join(folder(), "hanako.txt"), "utf8")).toBe("mine");
    await expect(iam.send(new GetLoginProfileCommand({ UserName: "hanako" }))).rejects.toThrow(
      "Login profile for hanako not found",
    );
  });

  test("tells who has a password and no MFA, until they have enrolled", async () => {
    expect((await report()).missing.get("1.9")).toBe("taro: no MFA");
    await enrol("taro");
    expect((await report()).missing.get("1.9")).toBeUndefined();
  });

  test("tells what a hand has changed, and --strict then fails", async () => {
    await iam.send(new CreateUserCommand({ UserName: "jiro" }));
    const PolicyArn = `arn:aws:iam::${MOTO_ACCOUNT}:policy/ReadOnlyAccess`;
    await iam.send(new AttachUserPolicyCommand({ UserName: "jiro", PolicyArn }));
    await iam.send(new CreateAccessKeyCommand({ UserName: "taro" }));
    await iam.send(new CreateAccessKeyCommand({ UserName: "taro" }));
    await iam.send(new RemoveUserFromGroupCommand({ GroupName: "Operators", UserName: "taro" }));
    const { differences, missing, ungrouped } = await report();
    expect(differences).toEqual(["taro is not in group Operators", "user jiro is not in the site file"]);
    expect(ungrouped).toEqual([member("jiro")]);
    expect(missing.get("1.12")).toBe("taro: two");
    expect(missing.get("1.14")).toBe("jiro: a policy of their own");
    expect((await cli("report", "--strict")).code).toBe(1);
  });

  test("names the link that is missing between the record and its readers, whichever it is", async () => {
    const [logs, cloudWatch] = [new CloudWatchLogsClient({}), new CloudWatchClient({})];
    const logGroupName = "/aws/cloudtrail/demo-main-trail";
    const gone = { logGroupName, filterName: "demo-main-cis-4.1-unauthorized-api-calls" };
    await logs.send(new DeleteMetricFilterCommand(gone));
    await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: ["demo-main-cis-4.3-root-usage"] }));
    await cloudWatch.send(new DisableAlarmActionsCommand({ AlarmNames: ["demo-main-root-sign-in"] }));
    // A filter that someone has narrowed: it takes one of the events, and not the others. The emulator keeps both of one name.
    const filterName = "demo-main-cis-4.5-trail-changes";
    await logs.send(new DeleteMetricFilterCommand({ logGroupName, filterName }));
    const metric = { metricName: "cis-4.5-trail-changes", metricNamespace: "Kakehashi/demo-main", metricValue: "1" };
    await logs.send(
      new PutMetricFilterCommand({
        logGroupName,
        filterName,
        filterPattern: "{ $.eventName = DeleteTrail }",
        metricTransformations: [metric],
      }),
    );
    const { missing } = await report();
    expect(missing.get("4.1")).toBe("no metric filter takes all such events");
    expect(missing.get("4.3")).toBe("no alarm on metric Kakehashi/demo-main/cis-4.3-root-usage");
    expect(missing.get("4.5")).toBe("no metric filter takes all such events");
    expect(missing.get("root-sign-in")).toBe("alarm demo-main-root-sign-in does nothing");
    expect(missing.get("4.4")).toBeUndefined();
  });

  test("tells of a topic that nobody reads, and of a trail that is stopped", async () => {
    const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: TOPIC }));
    for (const { SubscriptionArn } of Subscriptions) await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    expect((await report()).missing.get("4.14")).toBe(`topic ${TOPIC} has no confirmed subscriber`);
    await new CloudTrailClient({}).send(new StopLoggingCommand({ Name: "demo-main-trail" }));
    const { missing } = await report();
    expect(missing.get("3.1")).toBe("trail demo-main-trail is stopped");
    expect(missing.get("4.14")).toBe("no trail of all regions writes to CloudWatch Logs");
  });
});
