import type { ActivationInput } from "./schema/activations";
import type { Cidr } from "./values/cidr";
import type { Key } from "./values/key";

/** A private API that hands out SSM hybrid activations. */
export interface Activation
  extends Omit<ActivationInput, "network" | "subnets" | "allowedPrefixes" | "instanceName" | "alarm"> {
  readonly key: Key;
  readonly region: string;
  readonly network: ActivationNetwork;
  readonly allowedPrefixes: readonly Cidr[];
  readonly instanceName: string;
  readonly alarm?: Key;
}

/** Where the API's endpoint stands. */
export interface ActivationNetwork {
  readonly key: Key;
  /** Of a VPC that is there already; its subnets then have their ids too. */
  readonly vpcId?: string;
  /** One an availability zone. */
  readonly subnets: readonly { readonly key: Key; readonly subnetId?: string }[];
}

/** The name of an activation API's stack: one Terraform state. */
export function activationStackName({ key }: Pick<Activation, "key">): string {
  return `activations-${key}`;
}
