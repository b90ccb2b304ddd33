import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { FdkAnswer, FdkFunction } from "./fdk-function";

export interface Delivery {
  readonly tries: number;
  readonly answer: FdkAnswer;
}

/** Oracle tries again for two hours; the lab waits no longer than this between two tries. */
const LONGEST_WAIT_MS = 1_000;

/**
 * A topic with one function subscribed to it: delivers a message again and again until the function takes it, always under the
 * same message id.
 * @see https://docs.oracle.com/en-us/iaas/Content/Notification/Concepts/notificationoverview.htm
 */
export class Topic {
  private isOpen = true;

  constructor(
    private readonly subscriber: FdkFunction,
    private readonly onTry: (messageId: string, answer: FdkAnswer | undefined) => void = () => undefined,
  ) {}

  /** @returns once the function has taken it */
  async publish(text: string, messageId: string = randomUUID()): Promise<Delivery> {
    for (let tries = 1; this.isOpen; tries++) {
      const answer = await this.deliver(text, messageId).catch(() => undefined);
      this.onTry(messageId, answer);
      if (answer?.status === 200) return { tries, answer };
      await sleep(Math.min(LONGEST_WAIT_MS, 100 * 2 ** tries));
    }
    throw new Error("the topic was closed");
  }

  /** One try. */
  deliver(text: string, messageId: string = randomUUID()): Promise<FdkAnswer> {
    return this.subscriber.invoke(text, { "content-type": "application/json", "x-oci-ns-messageid": messageId });
  }

  close(): void {
    this.isOpen = false;
  }
}
