import type { Activation } from "./activation";
import type { ActivationInput } from "./schema/activations";
import type { AwsNetwork, AwsSubnet, CloudNetwork, Connection } from "./site";
import type { Key } from "./values/key";

/** From an entry that broke no rule to the model. */
export function toActivation(
  { network: networkId, subnets, ...rest }: ActivationInput & { readonly key: Key },
  networkOf: ReadonlyMap<string, CloudNetwork>,
  connections: readonly Connection[],
): Activation {
  const network = networkOf.get(networkId) as AwsNetwork;
  const reachable = connections
    .filter((one) => one.network === network)
    .flatMap(({ controller }) => controller.subnets);
  return {
    ...rest,
    region: network.region,
    network: {
      key: network.key,
      vpcId: network.existing?.vpcId,
      subnets: subnets.map((name) => {
        const { key, subnetId } = network.subnets.find((subnet) => subnet.key === name) as AwsSubnet;
        return { key, subnetId };
      }),
    },
    allowedPrefixes: rest.allowedPrefixes ?? [...new Set(reachable)],
    instanceName: rest.instanceName ?? rest.key,
  };
}
