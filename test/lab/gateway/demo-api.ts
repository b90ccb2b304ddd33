import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TerraformJson } from "../../../lab/gateway/terraform-json";

const API = "${aws_api_gateway_rest_api.api.id}";

/** A small API with everything that the gateway reads, as cdktf writes it. */
export const DEMO: TerraformJson = {
  provider: { aws: [{ region: "ap-northeast-1" }] },
  data: {
    aws_iam_policy_document: {
      policy: {
        statement: [
          { effect: "Allow", actions: ["execute-api:Invoke"], resources: ["execute-api:/*"] },
          {
            effect: "Deny",
            actions: ["execute-api:Invoke"],
            resources: ["execute-api:/*"],
            condition: [{ test: "NotIpAddress", variable: "aws:SourceIp", values: ["127.0.0.0/8"] }],
          },
        ],
      },
    },
  },
  resource: {
    aws_api_gateway_rest_api: { api: { name: "demo" } },
    aws_api_gateway_rest_api_policy: {
      policy: { rest_api_id: API, policy: "${data.aws_iam_policy_document.policy.json}" },
    },
    aws_api_gateway_resource: {
      alarms: { rest_api_id: API, parent_id: "${aws_api_gateway_rest_api.api.root_resource_id}", path_part: "alarms" },
      source: { rest_api_id: API, parent_id: "${aws_api_gateway_resource.alarms.id}", path_part: "{source}" },
      fixed: { rest_api_id: API, parent_id: "${aws_api_gateway_resource.alarms.id}", path_part: "fixed" },
    },
    aws_api_gateway_authorizer: {
      guard: {
        rest_api_id: API,
        type: "REQUEST",
        identity_source: "method.request.header.X-Token",
        authorizer_uri: "${aws_lambda_function.guard.invoke_arn}",
      },
    },
    aws_api_gateway_request_validator: {
      all: { rest_api_id: API, name: "all", validate_request_body: true, validate_request_parameters: true },
    },
    aws_api_gateway_model: {
      alarm: {
        rest_api_id: API,
        name: "Alarm",
        content_type: "application/json",
        schema: '{"$schema":"http://json-schema.org/draft-04/schema#","type":"object","required":["title"]}',
      },
    },
    aws_api_gateway_method: {
      post: {
        rest_api_id: API,
        resource_id: "${aws_api_gateway_resource.source.id}",
        http_method: "POST",
        authorization: "CUSTOM",
        authorizer_id: "${aws_api_gateway_authorizer.guard.id}",
        request_validator_id: "${aws_api_gateway_request_validator.all.id}",
        request_models: { "application/json": "${aws_api_gateway_model.alarm.name}" },
        request_parameters: { "method.request.header.X-Key": true },
      },
      get: {
        rest_api_id: API,
        resource_id: "${aws_api_gateway_resource.fixed.id}",
        http_method: "GET",
        authorization: "NONE",
      },
      put: {
        rest_api_id: API,
        resource_id: "${aws_api_gateway_resource.fixed.id}",
        http_method: "PUT",
        authorization: "NONE",
      },
      any: {
        rest_api_id: API,
        resource_id: "${aws_api_gateway_resource.source.id}",
        http_method: "ANY",
        authorization: "NONE",
      },
    },
    aws_api_gateway_integration: {
      post: {
        rest_api_id: API,
        resource_id: "${aws_api_gateway_resource.source.id}",
        http_method: "${aws_api_gateway_method.post.http_method}",
        type: "AWS_PROXY",
        integration_http_method: "POST",
        uri: "${aws_lambda_function.work.invoke_arn}",
      },
      get: {
        rest_api_id: API,
        resource_id: "${aws_api_gateway_resource.fixed.id}",
        http_method: "GET",
        type: "AWS_PROXY",
        integration_http_method: "POST",
        uri: "${aws_lambda_function.work.invoke_arn}",
      },
      put: {
        rest_api_id: API,
        resource_id: "${aws_api_gateway_resource.fixed.id}",
        http_method: "PUT",
        type: "AWS_PROXY",
        integration_http_method: "POST",
        uri: "${aws_lambda_function.work.invoke_arn}",
        timeout_milliseconds: 500,
      },
      any: {
        rest_api_id: API,
        resource_id: "${aws_api_gateway_resource.source.id}",
        http_method: "ANY",
        type: "AWS",
        integration_http_method: "POST",
        uri: "arn:aws:apigateway:ap-northeast-1:sqs:path/123456789012/${aws_sqs_queue.queue.name}",
        request_templates: { "application/json": "$${x}" },
      },
    },
    aws_api_gateway_gateway_response: {
      unauthorized: {
        rest_api_id: API,
        response_type: "UNAUTHORIZED",
        status_code: "401",
        response_parameters: { "gatewayresponse.header.WWW-Authenticate": "'Bearer'" },
        response_templates: { "application/json": '{"error":$context.error.messageString}' },
      },
    },
    aws_api_gateway_stage: {
      v1: { rest_api_id: API, stage_name: "v1", deployment_id: "${aws_api_gateway_deployment.d.id}" },
    },
    aws_api_gateway_method_settings: {
      all: {
        rest_api_id: API,
        stage_name: "${aws_api_gateway_stage.v1.stage_name}",
        method_path: "*/*",
        settings: { throttling_rate_limit: 1, throttling_burst_limit: 30 },
      },
    },
    aws_sqs_queue: { queue: { name: "alarms.fifo" } },
    aws_dynamodb_table: { table: { name: "demo-table" } },
    aws_lambda_function: {
      guard: { function_name: "demo-guard", filename: "assets/x/0/guard.zip" },
      work: {
        function_name: "demo-work",
        filename: "assets/x/0/work.zip",
        timeout: 2,
        environment: {
          variables: { TABLE: "${aws_dynamodb_table.table.name}", KEY: "${random_id.key.hex}" },
        },
      },
    },
    aws_lambda_permission: {
      guard: {
        function_name: "${aws_lambda_function.guard.function_name}",
        principal: "apigateway.amazonaws.com",
        source_arn: "${aws_api_gateway_rest_api.api.execution_arn}/authorizers/${aws_api_gateway_authorizer.guard.id}",
      },
      work: {
        function_name: "${aws_lambda_function.work.arn}",
        principal: "apigateway.amazonaws.com",
        source_arn: "${aws_api_gateway_rest_api.api.execution_arn}/*/*",
      },
    },
  },
};

/** Stands for the real bundles: the header X-Do says what shall happen. */
const WORK = `exports.handler = async (event, context) => {
  const what = (event.headers || {})["X-Do"] || "";
  console.log("worked", what);
  if (what === "throw") throw new Error("no");
  if (what === "hang") await new Promise(() => setInterval(() => {}, 1000));
  if (what === "malformed") return { status: 200 };
  if (what === "exit") process.exit(3);
  if (what === "binary") return { statusCode: 200, headers: { "Content-Type": "image/png" }, body: "/w==", isBase64Encoded: true };
  return { statusCode: 201, headers: { "X-Own": "yes" }, body: JSON.stringify({ event, env: process.env, left: context.getRemainingTimeInMillis() }) };
};`;

const GUARD = `let asked = 0;
exports.handler = async (event) => {
  asked += 1;
  const token = event.headers["X-Token"];
  if (token === "unauthorized") throw new Error("Unauthorized");
  if (token === "broken") throw new Error("database is down");
  if (token === "nested") return { principalId: "x", policyDocument: {}, context: { deep: {} } };
  const Resource = token === "narrow" ? event.methodArn : event.methodArn.split("/").slice(0, 2).join("/") + "/*";
  return {
    principalId: token,
    policyDocument: { Version: "2012-10-17", Statement: [{ Action: "execute-api:Invoke", Effect: token === "bad" ? "Deny" : "Allow", Resource }] },
    context: { asked, source: event.pathParameters.source },
  };
};`;

export function writeFunctions(folder: string): string {
  for (const [name, text] of Object.entries({ work: WORK, guard: GUARD })) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, "index.js"), text);
  }
  return folder;
}
