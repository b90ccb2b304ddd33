import type { Cloud } from "./proposals";

/**
 * Every resource is called `<site>-<key>` and, where one network or connection has several, a suffix. The tightest limit of
 * the resources that a stack makes decides for its cloud.
 */
interface NameLimit {
  readonly most: number;
  readonly what: string;
  /** The longest suffix that the modules append to a network's and to a connection's name. */
  readonly networkSuffix: string;
  readonly connectionSuffix: string;
}

/**
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html (a tag's value: 256)
 * @see https://docs.oracle.com/en-us/iaas/api/ (displayName: 255)
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules (virtual networks: 64)
 */
export const NAME_LIMITS: Readonly<Record<Cloud, NameLimit>> = {
  aws: { most: 256, what: "a Name tag", networkSuffix: "-private", connectionSuffix: "" },
  oracle: { most: 255, what: "a display name", networkSuffix: "-security-list", connectionSuffix: "-1" },
  azure: { most: 64, what: "a virtual network", networkSuffix: "", connectionSuffix: "" },
};

export function resourceName(site: string, key: string): string {
  return `${site}-${key}`;
}

export function longestName(site: string, key: string, suffix: string): string {
  return `${resourceName(site, key)}${suffix}`;
}
