import { BlockList } from "node:net";

export interface Policy {
  readonly Statement?: Statement | readonly Statement[];
}

interface Statement {
  readonly Effect?: string;
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Condition keys by name, as `aws:SourceVpce`. */
export type PolicyContext = Readonly<Record<string, string | undefined>>;

/**
 * What a policy says about a call of a method: `denied` where a statement denies it, `silent` where none speaks of it.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 * @throws Error on a condition operator that it does not know: a wrong answer would prove nothing
 */
export function judge(policy: Policy, methodArn: string, context: PolicyContext = {}): "allowed" | "denied" | "silent" {
  const effects = asList(policy.Statement)
    .filter((statement) => speaksOf(statement, methodArn, context))
    .map(({ Effect }) => Effect);
  if (effects.includes("Deny")) return "denied";
  return effects.includes("Allow") ? "allowed" : "silent";
}

function speaksOf({ Action, Resource, Condition }: Statement, methodArn: string, context: PolicyContext): boolean {
  return (
    asList(Action).some((action) => matches(action, "execute-api:Invoke")) &&
    // API Gateway completes the short form `execute-api:/…` with the API's own ARN.
    asList(Resource).some((resource) =>
      matches(resource.replace(/^execute-api:\//, "arn:aws:execute-api:*/"), methodArn),
    ) &&
    Object.entries(Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) => holds(operator, context[key], asList(values))),
    )
  );
}

function holds(operator: string, value: string | undefined, wanted: readonly string[]): boolean {
  switch (operator) {
    case "StringEquals":
      return value !== undefined && wanted.includes(value);
    case "StringNotEquals":
      return value === undefined || !wanted.includes(value);
    case "StringLike":
    case "ArnLike":
      return value !== undefined && wanted.some((pattern) => matches(pattern, value));
    case "IpAddress":
      return value !== undefined && isInside(value, wanted);
    case "NotIpAddress":
      return value === undefined || !isInside(value, wanted);
    default:
      throw new Error(`the gateway does not know the condition operator ${operator}`);
  }
}

function isInside(address: string, prefixes: readonly string[]): boolean {
  const list = new BlockList();
  for (const prefix of prefixes) {
    const [network = "", length = "32"] = prefix.split("/");
    list.addSubnet(network, Number(length), "ipv4");
  }
  return list.check(address, "ipv4");
}

/** `*` and `?` as IAM reads them. */
export function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(text);
}

function asList<T>(value: T | readonly T[] | undefined): readonly T[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value as T];
}
