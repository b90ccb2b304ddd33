import fdk from "@fnproject/fdk";
import { NoRetryConfigurationDetails, ResourcePrincipalAuthenticationDetailsProvider } from "oci-common";
import { QueueClient } from "oci-queue";
import { askOracle } from "../common/ask-oracle";
import { logLine } from "../common/log-line";
import { judgeRequest } from "./core";
import { parseRelayIntakeEnvironment } from "./env";

const { queueId, queueEndpoint } = parseRelayIntakeEnvironment(process.env);
const client = new QueueClient(
  { authenticationDetailsProvider: ResourcePrincipalAuthenticationDetailsProvider.builder() },
  { retryConfiguration: NoRetryConfigurationDetails },
);
client.endpoint = queueEndpoint.replace(/\/+$/, "");

// Behind OCI's API Gateway: says 202 only when the alarm lies in the queue; a throw is a 502, and the forwarder tries again.
fdk.handle(
  async (input, { httpGateway }) => {
    const verdict = judgeRequest(httpGateway.requestURL, input);
    httpGateway.statusCode = verdict.status;
    if (verdict.status !== 202) {
      logLine("warn", "alarm not taken", { status: verdict.status, reason: verdict.reason });
      return { message: verdict.reason };
    }
    const content = JSON.stringify(verdict.queued);
    await askOracle("queue", client.putMessages({ queueId, putMessagesDetails: { messages: [{ content }] } }));
    logLine("info", "alarm queued", { source: verdict.queued.source });
    return { message: "queued" };
  },
  { inputMode: "buffer" },
);
