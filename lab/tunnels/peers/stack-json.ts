/** A synthesised stack, `cdk.tf.json`: read as Terraform would, by nothing that made it. */
export interface StackJson {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Resource>>>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, Resource>>>>;
  readonly output: Readonly<Record<string, { readonly value: unknown }>>;
}
// biome-ignore lint/suspicious/noExplicitAny: Terraform's own shape, as wide as its providers.
export type Resource = Readonly<Record<string, any>>;

/** One connection as the stack's output describes it: expressions, not yet values. */
export interface WiredConnection {
  readonly key: string;
  readonly controller: string;
  readonly network: string;
  readonly tunnels: Readonly<Record<1 | 2, WiredTunnel>>;
}
export interface WiredTunnel {
  readonly cloudAddress: string;
  readonly presharedKey: string;
}

export function wiredConnections(stack: StackJson): WiredConnection[] {
  const facts = stack.output.tunnel_facts?.value as { connections: Record<string, Omit<WiredConnection, "key">> };
  return Object.entries(facts.connections).map(([key, connection]) => ({ key, ...connection }));
}

/** Resources of one type, by their name in the file. */
export function resourcesOf(stack: StackJson, type: string): Readonly<Record<string, Resource>> {
  return stack.resource[type] ?? {};
}

/** @throws Error where there is none, or more than one */
export function onlyResource(stack: StackJson, type: string): Resource {
  const all = Object.values(resourcesOf(stack, type));
  if (all.length !== 1) throw new Error(`expected one ${type}, found ${all.length}`);
  return all[0] as Resource;
}

/** The resource of that type which an expression such as `${aws_x.name.id}` refers to. */
export function referenced(stack: StackJson, type: string, expression: unknown): Resource {
  const { name } = reference(type, expression);
  const found = resourcesOf(stack, type)[name];
  if (!found) throw new Error(`${String(expression)} refers to no ${type} of this stack`);
  return found;
}

/** `${aws_vpn_connection.NAME.tunnel1_address}` → NAME and `tunnel1_address`. */
export function reference(type: string, expression: unknown): { name: string; attribute: string } {
  const match = new RegExp(`(?:^|[^\\w.])${type}\\.([\\w-]+)\\.([\\w\\[\\].]+)`).exec(String(expression));
  if (!match) throw new Error(`${JSON.stringify(expression)} does not refer to a ${type}`);
  return { name: match[1] as string, attribute: match[2] as string };
}
