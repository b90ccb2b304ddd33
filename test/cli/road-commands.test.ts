import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { publishToTopic } from "../../cli/aws/publish-to-topic";
import { redriveQueue } from "../../cli/aws/redrive-queue";
import { drillEvent } from "../../cli/road/drill-event";
import { planDrill } from "../../cli/road/plan-drill";
import { loadSite } from "../../config/load-site";
import { parseSite } from "../../config/parse-site";
import { planRoads, type Road } from "../../config/roads";
import { readAlarm } from "../../functions/common/read-alarm";
import { ALARM_SOURCES } from "../../functions/common/relay-contract";
import { roadSite } from "../helpers/road-site";
import { runCli } from "../helpers/run-cli";
import { useFolder } from "../helpers/use-folder";

const folder = useFolder();
const AT = new Date("2026-11-21T12:00:00.000Z");
const hints = { receivedAt: "2026-11-21T12:05:00.000Z" };

function siteFile(): string {
  const file = join(folder(), "site.yaml");
  writeFileSync(file, roadSite());
  return file;
}

describe("a drill's event", () => {
  it.each(ALARM_SOURCES)("is read from %s as an alarm like any other, and marked", (source) => {
    const read = (state: "firing" | "resolved", at: Date) =>
      readAlarm(source, JSON.stringify(drillEvent(source, { site: "demo", alarm: "noc", state, at })), hints);
    const fired = read("firing", AT);
    expect(fired).toMatchObject({
      status: "firing",
      title: "demo-noc-drill",
      summary: "A drill: nothing is wrong.",
      isDrill: true,
      occurredAt: AT.toISOString(),
      label: { kind: "other", subject: "drill of noc" },
    });
    expect(fired.isUnreadable).toBeUndefined();
    const over = read("resolved", new Date("2026-11-21T12:01:00.000Z"));
    expect(over).toMatchObject({ status: "resolved", isDrill: true, alarm: fired.alarm });
    expect(over.idempotencyKey).not.toBe(fired.idempotencyKey);
  });
});

describe("planDrill", () => {
  const site = parseSite(roadSite(), "site.yaml");
  const steps = planRoads(site).map((road) =>
    planDrill(road, { site: "demo", alarm: road.alarm.key, state: "firing", at: AT }),
  );

  it("begins where the road begins, and says what must come", () => {
    expect(steps.map(({ start, topic, expect: what }) => [start, topic, what])).toEqual([
      [
        "oracle/tokyo",
        undefined,
        "a message marked as a drill in the chat campus within 1 min, by by-aws over tokyo-aws; a mail to noc@example.ac.jp",
      ],
      [
        "aws ap-northeast-1",
        { region: "ap-northeast-1", name: "demo-alarm-noc-aws" },
        "a message marked as a drill in the chat campus within 2 min, by by-oracle over tokyo-oracle; a mail to noc@example.ac.jp",
      ],
    ]);
  });

  it("expects no mail on Azure, where it begins behind what sends mail", () => {
    const everything = loadSite("examples/everything/site.yaml");
    const road = planRoads(everything).find(({ cloud }) => cloud === "azure") as Road;
    const { command, expect: what } = planDrill(road, { site: "demo", alarm: "noc", state: "firing", at: AT });
    expect(what).toBe("a message marked as a drill in the chat campus within 1 min, by by-aws over tokyo-aws");
    expect(command).toContain(
      "/resourceGroups/demo-japan-alarms/providers/Microsoft.Logic/workflows/noc/triggers/alert/",
    );
  });

  it("writes a command that a shell takes apart as it was meant", () => {
    for (const { command, message } of steps) {
      const tool = command.split(" ")[0];
      const words = execFileSync("sh", [
        "-c",
        `${tool}() { printf '%s\\0' "$@"; }; ${command.replace(/\$\([^)]*\)/g, "X")}`,
      ]);
      expect(words.toString().split("\0")).toContain(message);
    }
  });
});

describe("kakehashi drill alarm", () => {
  it("prints what to run where the road begins", async () => {
    const { code, out, err } = await runCli(["drill", "alarm", "noc", siteFile(), "--print"]);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(
      /^oracle\/tokyo: run this there:\n {2}oci ons message publish --topic-id "\$\(oci ons topic list /,
    );
    expect(out).toMatch(/\n {2}expect a message marked as a drill in the chat campus .*\n$/);
  });

  it("tells the end of the drill, for programs too", async () => {
    const { out } = await runCli(["drill", "alarm", "noc", siteFile(), "--print", "--over", "--json"]);
    const { steps } = JSON.parse(out);
    expect(steps).toHaveLength(1);
    expect(steps[0].command).toContain('"type":"FIRING_TO_OK"');
    expect(steps[0].expect).toMatch(/^the end of the drill, in its thread/);
  });

  it("knows the alarms of the file", async () => {
    const file = siteFile();
    expect(await runCli(["drill", "alarm", "nco", file])).toEqual({
      code: 1,
      out: "",
      err: `${file}: 1 problem\n  alarms: must have the entry that is named, got "nco"; did you mean noc?\n`,
    });
  });
});

describe("kakehashi relay redrive", () => {
  it("is for relays on AWS", async () => {
    const file = siteFile();
    expect(await runCli(["relay", "redrive", "by-oracle", file])).toEqual({
      code: 1,
      out: "",
      err: `${file}: 1 problem\n  relays.by-oracle.network: must be on aws to be redriven, got "oracle/tokyo"; do nothing: there a message is tried again by itself until its seven days are over\n`,
    });
  });
});

describe("what speaks to AWS", () => {
  /** Answers each command by its name, and keeps what it was asked. */
  function client(answers: Readonly<Record<string, object | Error>>) {
    const asked: object[] = [];
    const send = async (command: { readonly constructor: { readonly name: string }; readonly input: object }) => {
      asked.push(command.input);
      const answer = answers[command.constructor.name];
      if (answer instanceof Error) throw answer;
      return answer;
    };
    return { asked, client: { send } as never };
  }
  const queue = (count: string, more: Readonly<Record<string, object | Error>> = {}) =>
    client({
      GetQueueUrlCommand: { QueueUrl: "https://sqs/1/q" },
      GetQueueAttributesCommand: { Attributes: { QueueArn: "arn:q", ApproximateNumberOfMessages: count } },
      ...more,
    });

  it("moves what lies in the queue, and nothing where none does", async () => {
    const full = queue("3", { StartMessageMoveTaskCommand: { TaskHandle: "t" } });
    expect(await redriveQueue("eu-west-1", "q.fifo", full.client)).toEqual({ messages: 3, task: "t" });
    expect(full.asked.at(-1)).toEqual({ SourceArn: "arn:q" });
    expect(await redriveQueue("eu-west-1", "q.fifo", queue("0").client)).toEqual({ messages: 0 });
  });

  it("says which queue or topic it was that failed", async () => {
    const gone = Object.assign(new Error("gone"), { name: "QueueDoesNotExist" });
    await expect(redriveQueue("eu-west-1", "q.fifo", client({ GetQueueUrlCommand: gone }).client)).rejects.toThrow(
      "SQS queue q.fifo in eu-west-1: QueueDoesNotExist: gone",
    );
    const sts = client({
      GetCallerIdentityCommand: Object.assign(new Error("none"), { name: "CredentialsProviderError" }),
    });
    await expect(publishToTopic("eu-west-1", "t", "m", { sns: client({}).client, sts: sts.client })).rejects.toThrow(
      "SNS topic t in eu-west-1: CredentialsProviderError: none",
    );
  });

  it("publishes in the caller's own account and partition", async () => {
    const sns = client({ PublishCommand: { MessageId: "id" } });
    const sts = client({ GetCallerIdentityCommand: { Arn: "arn:aws-cn:iam::1:user/x", Account: "1" } });
    expect(await publishToTopic("cn-north-1", "t", "m", { sns: sns.client, sts: sts.client })).toBe("id");
    expect(sns.asked).toEqual([{ TopicArn: "arn:aws-cn:sns:cn-north-1:1:t", Message: "m" }]);
  });
});
