import type { Block } from "./terraform-json";

/** The JSON that Terraform makes of an `aws_iam_policy_document`. */
export function toPolicyJson(document: Block, resolve: (text: string) => string): string {
  const list = (value: unknown) => (value === undefined ? undefined : (value as string[]).map(resolve));
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: (document.statement as Block[]).map((statement) => ({
      Sid: statement.sid,
      Effect: statement.effect ?? "Allow",
      Action: list(statement.actions),
      Resource: list(statement.resources),
      Condition: statement.condition && toConditions(statement.condition as Block[], resolve),
    })),
  });
}

function toConditions(conditions: readonly Block[], resolve: (text: string) => string) {
  const made: Record<string, Record<string, string[]>> = {};
  for (const { test, variable, values } of conditions) {
    made[test] = { ...made[test], [variable]: (values as string[]).map(resolve) };
  }
  return made;
}
