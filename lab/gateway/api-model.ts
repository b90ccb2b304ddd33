import { byId, type Resolve } from "./references";
import { type Block, type NamedBlock, resourcesOf, type TerraformJson } from "./terraform-json";

/** A REST API as one stage serves it. */
export interface ApiModel {
  readonly id: string;
  readonly stage: string;
  readonly executionArn: string;
  readonly stageVariables?: Readonly<Record<string, string>>;
  readonly routes: readonly Route[];
  /** As JSON text. */
  readonly policy?: string;
  /** By response type, as `UNAUTHORIZED`. */
  readonly gatewayResponses: ReadonlyMap<string, Block>;
  readonly methodSettings: readonly MethodSettings[];
}

/** One method of one resource. */
export interface Route {
  /** `/alarms/{source}` */
  readonly path: string;
  /** `POST`, or `ANY`. */
  readonly httpMethod: string;
  readonly resourceId: string;
  readonly authorizer?: Authorizer;
  readonly integration: Integration;
  readonly requiredParameters: readonly string[];
  readonly validatesParameters: boolean;
  readonly validatesBody: boolean;
  /** JSON schema by content type. */
  readonly models: Readonly<Record<string, object>>;
}

export interface Authorizer {
  readonly id: string;
  readonly type: "TOKEN" | "REQUEST";
  readonly functionName: string;
  /** `method.request.header.Authorization` */
  readonly identitySources: readonly string[];
  readonly validationExpression?: string;
  /** Seconds; 0 is none. */
  readonly cacheTtlSeconds: number;
}

export interface Integration {
  readonly type: string;
  /** Of `AWS_PROXY`. */
  readonly functionName?: string;
  /** Of `AWS`: `sqs`, `sns`, … */
  readonly service?: string;
  readonly timeoutMilliseconds: number;
  /** As in the template, references resolved. */
  readonly block: Block;
  /** `aws_api_gateway_integration_response`s and `aws_api_gateway_method_response`s of the method. */
  readonly responses: readonly Block[];
}

export interface MethodSettings {
  /** All methods, or `alarms/{source}/POST`. */
  readonly methodPath: string;
  readonly throttlingRateLimit?: number;
  readonly throttlingBurstLimit?: number;
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const MOST_INTEGRATION_MILLISECONDS = 29_000;
const DEFAULT_CACHE_TTL_SECONDS = 300;

/** Every stage of every API of a template. */
export function readApis(template: TerraformJson, resolve: Resolve): ApiModel[] {
  return resourcesOf(template, "aws_api_gateway_stage").map(({ block }) => readApi(template, resolve, block));
}

function readApi(template: TerraformJson, resolve: Resolve, stage: Block): ApiModel {
  const id = resolve(stage.rest_api_id);
  const api = byId(template, "aws_api_gateway_rest_api", id);
  if (!api) throw new Error(`the stage names an API that is not in the template: ${id}`);
  if (api.body !== undefined) throw new Error("the gateway reads no OpenAPI body");
  const own = (type: string): NamedBlock[] =>
    resourcesOf(template, type).filter(({ block }) => resolve(block.rest_api_id) === id);
  const policy = own("aws_api_gateway_rest_api_policy")[0]?.block.policy ?? api.policy;
  return {
    id,
    stage: resolve(stage.stage_name),
    executionArn: resolve(`\${${id}.execution_arn}`),
    stageVariables: stage.variables,
    policy: policy === undefined ? undefined : resolve(policy),
    routes: own("aws_api_gateway_method").map(({ block }) => readRoute(template, resolve, own, block)),
    gatewayResponses: new Map(own("aws_api_gateway_gateway_response").map(({ block }) => [block.response_type, block])),
    methodSettings: own("aws_api_gateway_method_settings")
      .filter(({ block }) => resolve(block.stage_name) === resolve(stage.stage_name))
      .map(({ block }) => ({
        methodPath: resolve(block.method_path),
        throttlingRateLimit: block.settings?.throttling_rate_limit,
        throttlingBurstLimit: block.settings?.throttling_burst_limit,
      })),
  };
}

type Own = (type: string) => NamedBlock[];

function readRoute(template: TerraformJson, resolve: Resolve, own: Own, method: Block): Route {
  const resourceId = resolve(method.resource_id);
  const httpMethod = resolve(method.http_method);
  const path = pathOf(own("aws_api_gateway_resource"), resolve, resourceId);
  const ofMethod = (type: string) =>
    own(type)
      .map(({ block }) => block)
      .filter((block) => resolve(block.resource_id) === resourceId && resolve(block.http_method) === httpMethod);
  const [integration] = ofMethod("aws_api_gateway_integration");
  if (!integration) throw new Error(`${httpMethod} ${path} has no integration`);
  const validator =
    method.request_validator_id &&
    byId(template, "aws_api_gateway_request_validator", resolve(method.request_validator_id));
  return {
    path,
    httpMethod,
    resourceId,
    authorizer: readAuthorizer(template, resolve, method),
    integration: readIntegration(resolve, integration, [
      ...ofMethod("aws_api_gateway_integration_response"),
      ...ofMethod("aws_api_gateway_method_response"),
    ]),
    requiredParameters: Object.entries(method.request_parameters ?? {})
      .filter(([, isRequired]) => isRequired === true)
      .map(([name]) => name),
    validatesParameters: validator?.validate_request_parameters === true,
    validatesBody: validator?.validate_request_body === true,
    models: Object.fromEntries(
      Object.entries<string>(method.request_models ?? {}).map(([type, name]) => [type, modelOf(own, resolve, name)]),
    ),
  };
}

function pathOf(resources: readonly NamedBlock[], resolve: Resolve, id: string): string {
  const resource = resources.find(({ address }) => address === id);
  if (!resource) return "/";
  const parent = pathOf(resources, resolve, resolve(resource.block.parent_id));
  return `${parent === "/" ? "" : parent}/${resource.block.path_part}`;
}

function modelOf(own: Own, resolve: Resolve, name: string): object {
  const model = own("aws_api_gateway_model").find(({ block }) => resolve(block.name) === resolve(name));
  if (!model) throw new Error(`the model ${name} is not in the template`);
  return JSON.parse(model.block.schema);
}

function readAuthorizer(template: TerraformJson, resolve: Resolve, method: Block): Authorizer | undefined {
  if (method.authorization === "NONE") return undefined;
  if (method.authorization !== "CUSTOM") throw new Error(`the gateway knows no authorization ${method.authorization}`);
  const id = resolve(method.authorizer_id);
  const block = byId(template, "aws_api_gateway_authorizer", id);
  if (!block) throw new Error(`the authorizer ${id} is not in the template`);
  return {
    id,
    type: block.type ?? "TOKEN",
    functionName: functionNameOf(resolve(block.authorizer_uri)) as string,
    identitySources: String(block.identity_source ?? "method.request.header.Authorization")
      .split(",")
      .map((source) => source.trim()),
    validationExpression: block.identity_validation_expression,
    cacheTtlSeconds: block.authorizer_result_ttl_in_seconds ?? DEFAULT_CACHE_TTL_SECONDS,
  };
}

function readIntegration(resolve: Resolve, block: Block, responses: readonly Block[]): Integration {
  const uri = block.uri === undefined ? "" : resolve(block.uri);
  return {
    type: block.type,
    functionName: functionNameOf(uri),
    service: /^arn:[\w-]+:apigateway:[\w-]+:([\w.-]+):/.exec(uri)?.[1],
    timeoutMilliseconds: block.timeout_milliseconds ?? MOST_INTEGRATION_MILLISECONDS,
    block: resolveBlock(block, resolve),
    responses: responses.map((response) => resolveBlock(response, resolve)),
  };
}

/** What has no reference in it, or one that can be read, in every text of a block. */
function resolveBlock(block: Block, resolve: Resolve): Block {
  const { depends_on: _, lifecycle: __, ...rest } = block;
  const walk = (value: unknown): unknown => {
    if (typeof value === "string") return resolve(value);
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value === "object" && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, walk(one)]));
    return value;
  };
  return walk(rest) as Block;
}

function functionNameOf(uri: string): string | undefined {
  return /:lambda:path\/[\d-]+\/functions\/[^/]*:function:([^/:]+)/.exec(uri)?.[1];
}
