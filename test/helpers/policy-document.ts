interface Statement {
  readonly sid?: string;
  readonly effect?: string;
  readonly actions?: readonly string[];
  readonly not_actions?: readonly string[];
  readonly resources?: readonly string[];
  readonly principals?: readonly { readonly type: string; readonly identifiers: readonly string[] }[];
  readonly condition?: readonly {
    readonly test: string;
    readonly variable: string;
    readonly values: readonly string[];
  }[];
}

export const TEST_ACCOUNT = "111122223333";

/** The JSON that Terraform makes of a synthesised `aws_iam_policy_document`, with the account and partition filled in. */
export function toIamPolicy(
  document: { readonly statement: readonly Statement[] },
  names: Record<string, string> = {},
) {
  const known: Record<string, string> = {
    "${data.aws_caller_identity.caller.account_id}": TEST_ACCOUNT,
    "${data.aws_partition.partition.partition}": "aws",
    ...names,
  };
  const fill = (text: string): string => {
    const filled = Object.entries(known).reduce((left, [token, value]) => left.replaceAll(token, value), text);
    if (/\$\{(data|aws)_?[\w.-]+\}/.test(filled)) throw new Error(`nothing is known of ${filled}`);
    return filled.replaceAll("&{", "${");
  };
  return {
    Version: "2012-10-17",
    Statement: document.statement.map((statement) => ({
      ...(statement.sid ? { Sid: statement.sid } : {}),
      Effect: statement.effect ?? "Allow",
      ...(statement.actions ? { Action: single(statement.actions) } : {}),
      ...(statement.not_actions ? { NotAction: single(statement.not_actions) } : {}),
      ...(statement.resources ? { Resource: single(statement.resources.map(fill)) } : {}),
      ...(statement.principals ? { Principal: toPrincipal(statement.principals, fill) } : {}),
      ...(statement.condition ? { Condition: toCondition(statement.condition, fill) } : {}),
    })),
  };
}

/** As Terraform writes a list of one. */
function single(values: readonly string[]): string | string[] {
  return values.length === 1 ? String(values[0]) : [...values];
}

function toPrincipal(principals: NonNullable<Statement["principals"]>, fill: (text: string) => string) {
  if (principals.some(({ type }) => type === "*")) return "*";
  return Object.fromEntries(principals.map(({ type, identifiers }) => [type, single(identifiers.map(fill))]));
}

function toCondition(conditions: NonNullable<Statement["condition"]>, fill: (text: string) => string) {
  const all: Record<string, Record<string, string[]>> = {};
  for (const { test, variable, values } of conditions) {
    const of = all[test] ?? {};
    of[variable] = values.map(fill);
    all[test] = of;
  }
  return all;
}
