import type { NotifierInput } from "./schema/notifiers";
import type { Key } from "./values/key";

/** A queue of HTTP calls to partners' servers, and what makes them. */
export interface Notifier extends NotifierInput {
  readonly key: Key;
}

/** The notifier's stack: one Terraform state. */
export function notifierStackName({ key }: Pick<Notifier, "key">): string {
  return `notifier-${key}`;
}

/** The name of its function, queue, table and dashboard. */
export function notifierName(site: string, key: string): string {
  return `${site}-${key}-notifier`;
}

export function deadLetterQueueName(site: string, key: string): string {
  return `${notifierName(site, key)}-dead`;
}

/** Bucket names are shared by all of AWS: the account's number makes this one ours. */
export function resultBucketName(site: string, key: string, accountId: string): string {
  return `${site}-${key}-results-${accountId}`;
}
