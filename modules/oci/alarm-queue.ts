import { QueueQueue } from "@cdktf/provider-oci/queue-queue";
import { Construct } from "constructs";

export interface OciAlarmQueueProps {
  readonly compartmentId: string;
  readonly name: string;
  /** How long a message that failed waits for its next turn; longer than the consumer's timeout. */
  readonly visibilitySeconds: number;
}

/** Seven days, OCI's most. @see https://docs.oracle.com/en-us/iaas/Content/queue/overview.htm */
const RETENTION_SECONDS = 7 * 24 * 3600;

/**
 * A queue between gateway and notifier. OCI gives a message up after twenty turns at most, which would be less than a night: so
 * none is given up here, and each is tried again until OCI drops it.
 */
export class OciAlarmQueue extends Construct {
  readonly queueId: string;
  readonly messagesEndpoint: string;

  constructor(scope: Construct, id: string, { compartmentId, name, visibilitySeconds }: OciAlarmQueueProps) {
    super(scope, id);
    const queue = new QueueQueue(this, "queue", {
      compartmentId,
      displayName: name,
      retentionInSeconds: RETENTION_SECONDS,
      visibilityInSeconds: visibilitySeconds,
      deadLetterQueueDeliveryCount: 0,
    });
    this.queueId = queue.id;
    this.messagesEndpoint = queue.messagesEndpoint;
  }
}
