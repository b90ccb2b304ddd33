import type { ApiModel } from "./api-model";
import { matches } from "./policy";
import type { Resolve } from "./references";
import { resourcesOf, type TerraformJson } from "./terraform-json";

/**
 * Functions that an API calls and may not: without an `aws_lambda_permission` that fits, AWS answers every call with 500.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
 */
export function missingPermissions(template: TerraformJson, resolve: Resolve, apis: readonly ApiModel[]): string[] {
  const permissions = resourcesOf(template, "aws_lambda_permission").map(({ block }) => ({
    functionName: (resolve(block.function_name).split(":function:").at(-1) as string).split(":")[0],
    principal: block.principal as string,
    sourceArn: block.source_arn === undefined ? "*" : resolve(block.source_arn),
  }));
  const isAllowed = (functionName: string, source: string) =>
    permissions.some(
      (one) =>
        one.functionName === functionName &&
        one.principal === "apigateway.amazonaws.com" &&
        matches(one.sourceArn, source),
    );
  return apis.flatMap(({ executionArn, stage, routes }) =>
    routes.flatMap(({ path, httpMethod, integration, authorizer }) => [
      ...check(integration.functionName, `${executionArn}/${stage}/${httpMethod}${path}`, isAllowed),
      ...check(authorizer?.functionName, `${executionArn}/authorizers/${authorizer?.id}`, isAllowed),
    ]),
  );
}

function check(name: string | undefined, source: string, isAllowed: (name: string, source: string) => boolean) {
  if (name === undefined || isAllowed(name, source)) return [];
  return [`no aws_lambda_permission lets ${source} call the function ${name}`];
}
