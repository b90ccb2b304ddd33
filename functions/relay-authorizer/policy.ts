import type { APIGatewayAuthorizerResult } from "aws-lambda";

/**
 * What the authorizer answers. API Gateway keeps it by the token and applies it to every later request that has the same one:
 * so it must fit all sources, not only the one that was asked for.
 * @param methodArn `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<method>/<path>`
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/configure-api-gateway-lambda-authorization.html
 */
export function toPolicy(methodArn: string, isOpen: boolean): APIGatewayAuthorizerResult {
  const [api = "", stage = ""] = methodArn.split("/");
  return {
    principalId: isOpen ? "forwarder" : "stranger",
    policyDocument: {
      Version: "2012-10-17",
      Statement: [
        isOpen
          ? { Action: "execute-api:Invoke", Effect: "Allow", Resource: `${api}/${stage}/POST/alarms/*` }
          : { Action: "execute-api:Invoke", Effect: "Deny", Resource: `${api}/${stage}/*/*` },
      ],
    },
  };
}
