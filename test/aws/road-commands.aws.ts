import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { publishToTopic } from "../../cli/aws/publish-to-topic";
import { drillEvent } from "../../cli/road/drill-event";
import { readAlarm } from "../../functions/common/read-alarm";
import { resetMoto } from "./moto";

const REGION = "ap-northeast-1";
const sns = new SNSClient({ region: REGION });
const sqs = new SQSClient({ region: REGION });

beforeEach(resetMoto);

test("a drill arrives at what the topic tells, as an alarm that is marked", async () => {
  const { TopicArn: topicArn } = await sns.send(new CreateTopicCommand({ Name: "demo-alarm-noc" }));
  const { QueueUrl: url = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "told" }));
  const endpoint = `arn:aws:sqs:${REGION}:123456789012:told`;
  await sns.send(
    new SubscribeCommand({
      TopicArn: topicArn,
      Protocol: "sqs",
      Endpoint: endpoint,
      Attributes: {
        RawMessageDelivery: "true",
        // As the mail's subscription has it: heartbeats are not for people.
        FilterPolicyScope: "MessageBody",
        FilterPolicy: JSON.stringify({ kind: [{ exists: false }] }),
      },
    }),
  );
  const event = drillEvent("aws", { site: "demo", alarm: "noc", state: "firing", at: new Date() });
  await publishToTopic(REGION, "demo-alarm-noc", JSON.stringify({ kakehashi: 1, site: "demo", kind: "heartbeat" }));
  await publishToTopic(REGION, "demo-alarm-noc", JSON.stringify(event));
  const { Messages: messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 }),
  );
  const read = messages.map(({ Body }) => readAlarm("aws", Body ?? "", { receivedAt: new Date().toISOString() }));
  expect(read).toEqual([expect.objectContaining({ status: "firing", isDrill: true, title: "demo-noc-drill" })]);
});

test("says which topic is not there", async () => {
  await expect(publishToTopic(REGION, "demo-alarm-nobody", "{}")).rejects.toThrow(
    /^SNS topic demo-alarm-nobody in ap-northeast-1: NotFound/,
  );
});
