import { Logger } from "@aws-lambda-powertools/logger";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EC2Client } from "@aws-sdk/client-ec2";
import { readApplianceEnvironment } from "../common/appliance/environment";
import { APPLIANCE_METRICS, metricLine } from "../common/appliance/metric-line";
import { stampAppliance } from "./core";

const { settings } = readApplianceEnvironment(process.env);
const logger = new Logger({ serviceName: "appliance-stamper" });
const ec2 = new EC2Client({});
const table = { client: new DynamoDBClient({}), tableName: settings.name, now: Date.now };

/** Called by the schedule. @throws where a step was refused: the alarm on the function's errors tells it */
export async function handler(): Promise<void> {
  const { steps, refused, ageHours } = await stampAppliance({ ec2, table }, settings, Date.now());
  if (ageHours !== undefined)
    process.stdout.write(`${metricLine(settings.name, APPLIANCE_METRICS.imageAge, ageHours, Date.now())}\n`);
  logger.info("stamps", { steps, refused, ageHours });
  if (refused.length > 0) throw new Error(`EC2 refused ${refused.join(", ")}`);
}
