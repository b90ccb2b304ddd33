import { Logger } from "@aws-lambda-powertools/logger";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EC2Client } from "@aws-sdk/client-ec2";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { askProbe } from "../common/appliance/ask-probe";
import { DOWN_SOURCE, DOWN_TYPE, type DownDetail } from "../common/appliance/down-event";
import { readApplianceEnvironment } from "../common/appliance/environment";
import { APPLIANCE_METRICS, metricLine } from "../common/appliance/metric-line";
import { field, textField } from "../common/json-reader";
import { watchAppliance } from "./core";
import { HEALTH_CHECK_REGION, readHealth } from "./read-signals";

const { settings, healthCheckId } = readApplianceEnvironment(process.env);
const logger = new Logger({ serviceName: "appliance-watcher" });
const clients = { ec2: new EC2Client({}), lambda: new LambdaClient({}), events: new EventBridgeClient({}) };
const dynamo = new DynamoDBClient({});
const checkers = new CloudWatchClient({ region: HEALTH_CHECK_REGION });

/** The schedule calls every minute: the probe's time, less what the rest takes. */
const PROBE_SECONDS = 45;

/** Called every minute by the schedule, and by EC2 when an instance stops. @throws what AWS answers */
export async function handler(event: unknown): Promise<void> {
  const stoppedId = textField(field(event, "detail"), "instance-id");
  const watched = await watchAppliance(
    {
      ec2: clients.ec2,
      table: { client: dynamo, tableName: settings.name, now: Date.now },
      probe: settings.probe.isDeployed ? (host) => ask(host, stoppedId === undefined ? PROBE_SECONDS : 0) : undefined,
      health: healthCheckId === undefined ? undefined : () => readHealth(checkers, healthCheckId, Date.now()),
      tell,
    },
    settings,
    stoppedId,
  );
  if (!watched) return;
  process.stdout.write(`${metricLine(settings.name, APPLIANCE_METRICS.signals, watched.down, Date.now())}\n`);
  if (watched.down > 0 || watched.told !== undefined) logger.warn("signals", { ...watched });
}

function ask(host: string, forSeconds: number) {
  return askProbe(clients.lambda, settings, { host, forSeconds, failures: settings.probe.failures });
}

/** EventBridge answers a refused entry with 200: it has to be looked at. */
async function tell(detail: DownDetail): Promise<void> {
  const { FailedEntryCount = 0, Entries = [] } = await clients.events.send(
    new PutEventsCommand({ Entries: [{ Source: DOWN_SOURCE, DetailType: DOWN_TYPE, Detail: JSON.stringify(detail) }] }),
  );
  if (FailedEntryCount > 0) throw new Error(`EventBridge took no event: ${Entries[0]?.ErrorCode}`);
}
