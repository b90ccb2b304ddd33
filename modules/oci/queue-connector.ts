import { SchServiceConnector } from "@cdktf/provider-oci/sch-service-connector";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

export interface OciQueueConnectorProps {
  readonly compartmentId: string;
  readonly name: string;
  readonly queueId: string;
  readonly functionId: string;
  /** The permissions without which it could do nothing. */
  readonly after: readonly ITerraformDependable[];
}

/** A burst becomes few calls, and so few messages. */
const BATCH_MESSAGES = 10;
/** OCI's least. */
const BATCH_SECONDS = 60;

/**
 * Hands a queue's messages to a function, and takes them out of the queue when it has succeeded.
 * @see https://docs.oracle.com/en-us/iaas/Content/connector-hub/create-service-connector-queue-source.htm
 */
export class OciQueueConnector extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { compartmentId, name, queueId, functionId, after }: OciQueueConnectorProps,
  ) {
    super(scope, id);
    new SchServiceConnector(this, "connector", {
      compartmentId,
      displayName: name,
      source: { kind: "plugin", pluginName: "QueueSource", configMap: JSON.stringify({ queueId }) },
      target: { kind: "functions", functionId, batchSizeInNum: BATCH_MESSAGES, batchTimeInSec: BATCH_SECONDS },
      dependsOn: [...after],
    });
  }
}
