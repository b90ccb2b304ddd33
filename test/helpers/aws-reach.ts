import { doCidrsOverlap, parseCidr } from "../../config/values/cidr";

type Resource = Record<string, any>;
type Stack = { readonly resource: Record<string, Record<string, Resource>>; readonly data?: Record<string, any> };

interface Packet {
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly port?: number;
}

/**
 * Follows packets through synthesised stacks as AWS would through what they make: the route table of a subnet, the peering or the
 * Transit Gateway that it leads to, the security group at the other end, and the way back. Look-ups by tag are answered by what
 * the networks' stacks make, so that a name which one stack gives and another seeks must be the same.
 */
export class AwsReach {
  private readonly networks: readonly Stack[];

  constructor(
    networks: readonly Stack[],
    private readonly peering: Stack,
  ) {
    this.networks = networks;
  }

  /** What stops a packet between two addresses, each as `address/32`; nothing where it arrives and its answer too. */
  stopsAt(packet: Packet): string | undefined {
    const [source, target] = [this.subnetOf(packet.from), this.subnetOf(packet.to)];
    if (!source || !target) return "no such subnet";
    const way = this.route(source, packet.to);
    if (way === undefined) return "no route there";
    if (!this.leadsTo(way, source.vpc, target.vpc)) return "the route leads elsewhere";
    if (!this.isLetIn(source.vpc, target.vpc, packet)) return "security group";
    const back = this.route(target, packet.from);
    if (back === undefined) return "no route back";
    return this.leadsTo(back, target.vpc, source.vpc) ? undefined : "the route back leads elsewhere";
  }

  private subnetOf(address: string) {
    for (const stack of this.networks) {
      for (const [id, subnet] of entries(stack.resource.aws_subnet)) {
        if (doCidrsOverlap(parseCidr(subnet.cidr_block), parseCidr(address))) {
          const vpc = nameOf(resolve(stack, subnet.vpc_id));
          const association = Object.values(stack.resource.aws_route_table_association ?? {}).find(
            (one) => one.subnet_id === `\${aws_subnet.${id}.id}`,
          );
          return { vpc, table: nameOf(resolve(stack, association?.route_table_id)) };
        }
      }
    }
    return undefined;
  }

  /** The target of the longest route of a subnet's table that leads to an address. */
  private route({ vpc, table }: { readonly vpc: string; readonly table: string }, address: string): string | undefined {
    const routes = Object.values(this.peering.resource.aws_route ?? {})
      .filter((route) => {
        const found = this.found(route.route_table_id);
        return found.tags.Name === table && nameOf(this.found(found.vpc_id)) === vpc;
      })
      .filter((route) => doCidrsOverlap(parseCidr(route.destination_cidr_block), parseCidr(address)));
    return routes[0]?.vpc_peering_connection_id ?? routes[0]?.transit_gateway_id;
  }

  private leadsTo(way: string, from: string, to: string): boolean {
    const peering = entries(this.peering.resource.aws_vpc_peering_connection).find(([id]) =>
      way.includes(`.${id}.`),
    )?.[1];
    if (peering) {
      const ends = [peering.vpc_id, peering.peer_vpc_id].map((id) => nameOf(this.found(id)));
      return ends.includes(from) && ends.includes(to);
    }
    const attached = Object.values(this.peering.resource.aws_ec2_transit_gateway_vpc_attachment ?? {})
      .filter((one) => one.transit_gateway_id === way)
      .map((one) => nameOf(this.found(one.vpc_id)));
    return attached.includes(from) && attached.includes(to);
  }

  private isLetIn(from: string, to: string, { from: address, protocol, port = -1 }: Packet): boolean {
    return Object.values(this.peering.resource.aws_vpc_security_group_ingress_rule ?? {}).some((rule) => {
      const group = this.found(rule.security_group_id);
      if (nameOf(this.found(group.vpc_id)) !== to || !this.isMade(group.name)) return false;
      const isProtocol = rule.ip_protocol === "-1" || rule.ip_protocol === protocol;
      const isPort =
        rule.ip_protocol !== protocol || rule.from_port === -1 || (rule.from_port <= port && port <= rule.to_port);
      if (!isProtocol || !isPort) return false;
      if (rule.cidr_ipv4) return doCidrsOverlap(parseCidr(rule.cidr_ipv4), parseCidr(address));
      return nameOf(this.found(this.found(rule.referenced_security_group_id).vpc_id)) === from;
    });
  }

  /** Whether a network's stack makes a security group of that name. */
  private isMade(name: string): boolean {
    return this.networks.some((stack) =>
      Object.values(stack.resource.aws_security_group ?? {}).some((group) => group.name === name),
    );
  }

  /** A look-up of the peering's stack, answered only where some network's stack makes the thing that it seeks. */
  private found(token: string): Resource {
    const [, type = "", id = ""] = /^\$\{data\.(\w+)\.([\w-]+)\.id\}$/.exec(token) ?? [];
    const sought = this.peering.data?.[type]?.[id] as Resource | undefined;
    const made = this.networks.flatMap((stack) => Object.values(stack.resource[type] ?? {}));
    const isThere = made.some((one) => one.tags?.Name === (sought?.tags?.Name ?? sought?.name));
    if (!sought || !isThere) throw new Error(`nothing makes what ${token} seeks`);
    return { tags: { Name: sought.name }, ...sought };
  }
}

function entries(resources: Record<string, Resource> | undefined): [string, Resource][] {
  return Object.entries(resources ?? {});
}

function resolve(stack: Stack, token: string | undefined): Resource {
  const [, type = "", id = ""] = /^\$\{(\w+)\.([\w-]+)\.id\}$/.exec(token ?? "") ?? [];
  const resource = stack.resource[type]?.[id];
  if (!resource) throw new Error(`nothing is made for ${token}`);
  return resource;
}

function nameOf({ tags }: Resource): string {
  return tags.Name;
}
