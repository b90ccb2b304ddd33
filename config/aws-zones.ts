interface ZonedSubnet {
  readonly key: string;
  readonly availabilityZone: string;
  readonly public: boolean;
}

/** Keys of the subnets that a Transit Gateway's attachment takes: one an availability zone, private ones first. */
export function oneSubnetPerZone(subnets: readonly ZonedSubnet[]): string[] {
  const byZone = new Map<string, string>();
  for (const subnet of [...subnets].sort((a, b) => Number(a.public) - Number(b.public))) {
    if (!byZone.has(subnet.availabilityZone)) byZone.set(subnet.availabilityZone, subnet.key);
  }
  return [...byZone.values()];
}
