import type { Cloud } from "./proposals";

interface NameLimit {
  readonly most: number;
  readonly what: string;
  /** The longest suffix that the modules append. */
  readonly suffix: string;
}

/**
 * Every resource is called `<site>-<key>` and, where one network or connection has several, a suffix. The tightest limit of
 * the resources that a stack makes for a network, and for a connection.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html (255)
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html (a tag's value: 256)
 * @see https://docs.oracle.com/en-us/iaas/api/ (displayName: 255)
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules (virtual networks: 64, others: 80)
 */
export const NAME_LIMITS: Readonly<Record<Cloud, { readonly network: NameLimit; readonly connection: NameLimit }>> = {
  aws: {
    network: { most: 255, what: "a security group", suffix: "-vc-nodes" },
    connection: { most: 256, what: "a Name tag", suffix: "" },
  },
  oracle: {
    network: { most: 255, what: "a display name", suffix: "-security-list" },
    connection: { most: 255, what: "a display name", suffix: "-1" },
  },
  azure: {
    network: { most: 64, what: "a virtual network", suffix: "" },
    connection: { most: 80, what: "a connection", suffix: "" },
  },
};

export function resourceName(site: string, key: string): string {
  return `${site}-${key}`;
}

export function longestName(site: string, key: string, suffix: string): string {
  return `${resourceName(site, key)}${suffix}`;
}

/** The SNS topic, or OCI notification topic, at the start of a road: one a region, found by its name. */
export function alarmTopicName(site: string, alarm: string): string {
  return `${site}-alarm-${alarm}`;
}

/** What of a relay's begins with: its functions, queue, API and secrets. */
export function relayName(site: string, relay: string): string {
  return `${site}-relay-${relay}`;
}

/** Lambda's 64 characters less the longest suffix, `-authorizer`. */
export const MAX_RELAY_NAME_LENGTH = 64 - "-authorizer".length;

/** OCI's topic names are unique in a tenancy: each network has a topic of its own. */
export function oracleTopicName(site: string, alarm: string, network: string): string {
  return `${alarmTopicName(site, alarm)}-${network}`;
}

/** What the resources of an activation API are called, some with a suffix. */
export function activationName(site: string, key: string): string {
  return `${site}-activations-${key}`;
}

/** The role that its servers take on. */
export function activationNodeRoleName(site: string, key: string): string {
  return `${activationName(site, key)}-nodes`;
}

export const LONGEST_ACTIVATION_SUFFIX = "-authorizer";

/** Of a Lambda function, and of an IAM role. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const MOST_LAMBDA_NAME = 64;
