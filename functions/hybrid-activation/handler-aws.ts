import { setTimeout as wait } from "node:timers/promises";
import { Logger } from "@aws-lambda-powertools/logger";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SSMClient } from "@aws-sdk/client-ssm";
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import { handOut } from "./core";
import { parseHybridActivationEnvironment } from "./env";
import { BadRequest, Unavailable } from "./errors";
import { answerOperator, type OperatorAnswer, type OperatorEvent, statusOf } from "./operator";
import type { Parts } from "./parts";
import { parseRequest } from "./request";

const settings = parseHybridActivationEnvironment(process.env);
const ssm = new SSMClient({});
const logger = new Logger({ serviceName: "hybrid-activation" });
const shared: Omit<Parts, "remainingMs"> = {
  settings,
  table: { client: new DynamoDBClient({}), tableName: settings.tableName, now: Date.now },
  ssm,
  codes: { ssm, path: settings.parameterPath, kmsKeyId: settings.kmsKeyId },
  memory: {},
  wait: (milliseconds) => wait(milliseconds),
  log: {
    info: (message, details) => logger.info(message, { details }),
    warn: (message, details) => logger.warn(message, { details }),
  },
};

/** `POST /activations` hands out a pair, `GET /activations` tells the state; an operator invokes the function itself. */
export async function handler(
  event: APIGatewayProxyEvent | OperatorEvent,
  context: Context,
): Promise<APIGatewayProxyResult | OperatorAnswer> {
  const parts: Parts = { ...shared, remainingMs: () => context.getRemainingTimeInMillis() };
  if ("kakehashi" in event) return answerOperator(parts, event, context.awsRequestId);
  const { requestId } = event.requestContext;
  try {
    if (event.httpMethod === "GET") return answer(200, await stateOf(parts));
    const request = parseRequest(event);
    const pair = await handOut(parts, request, context.awsRequestId);
    logger.info("handed out", { activationId: pair.activationId, caller: request.caller });
    return answer(200, { ...pair, region: process.env.AWS_REGION });
  } catch (error) {
    return answerError(error, requestId);
  }
}

/** Not which were before: that is the operator's business. */
async function stateOf(parts: Parts): Promise<object> {
  const { retired: _, ...status } = await statusOf(parts);
  return { region: process.env.AWS_REGION, ...status };
}

function answerError(error: unknown, requestId: string): APIGatewayProxyResult {
  if (error instanceof BadRequest) return answer(400, { message: error.message });
  if (error instanceof Unavailable) {
    const isOurs = error.fault !== "lease-held" && error.fault !== "busy";
    logger[isOurs ? "error" : "warn"]("nothing handed out", { fault: error.fault, why: error.message });
    return answer(503, { message: error.fault, requestId }, { "Retry-After": String(error.retryAfterSeconds) });
  }
  // Only its name: a message may hold what was sent.
  logger.error("a bug, or a service that is down", { error: (error as Error).name, stack: stackOf(error) });
  return answer(503, { message: "failed", requestId }, { "Retry-After": "60" });
}

/** The lines of the stack, without its first: the message. */
function stackOf(error: unknown): string[] {
  return ((error as Error).stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
}

function answer(statusCode: number, body: object, headers: Record<string, string> = {}): APIGatewayProxyResult {
  return {
    statusCode,
    headers: { "Content-Type": "application/json", "Cache-Control": "no-store", ...headers },
    body: JSON.stringify(body),
  };
}
