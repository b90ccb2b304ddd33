import { toPolicyJson } from "./policy-document";
import { type Block, resourcesOf, type TerraformJson } from "./terraform-json";

/** From text with Terraform's references in it to text without. */
export type Resolve = (text: string) => string;

/** What the gateway calls its account. */
export const ACCOUNT_ID = "123456789012";

/** `$${` is how Terraform writes a plain `${`. */
const REFERENCE = /\$\$\{|\$\{((?:[^{}"]|"[^"]*")*)\}/g;
const ATTRIBUTE = /^(data\.)?([a-z0-9_]+)\.([\w-]+)\.([\w.[\]"]+)$/;

/**
 * Reads references as Terraform would after it has applied the template: an attribute that the template gives is taken from
 * there, one that AWS makes (ARN, id) is made up in AWS's form, anything else must be given.
 * @param known values by the reference's inner text (`aws_dynamodb_table.state.name`, or a whole function call); they come first
 * @returns a function that throws an Error naming the reference that it can't read
 */
export function createResolver(template: TerraformJson, known: Readonly<Record<string, string>> = {}): Resolve {
  const region = String(template.provider?.aws?.[0]?.region ?? "ap-northeast-1");
  const resolve: Resolve = (text) =>
    text.replace(REFERENCE, (_, inner?: string) => (inner === undefined ? "${" : resolveOne(inner.trim())));
  const resolveOne = (inner: string): string => {
    if (known[inner] !== undefined) return known[inner];
    const [, data, type = "", name = "", attribute = ""] = ATTRIBUTE.exec(inner) ?? [];
    const block = template[data ? "data" : "resource"]?.[type]?.[name];
    if (!block) throw new Error(`the gateway can't read the reference ${inner}: give it in "resolve"`);
    const found = attribute.split(".").reduce<unknown>((value, step) => (value as Block | undefined)?.[step], block);
    if (typeof found === "string" || typeof found === "number") return resolve(String(found));
    const made = data ? dataAttribute(type, attribute, block) : madeAttribute(type, name, attribute, block);
    if (made === undefined) throw new Error(`the gateway can't read the reference ${inner}: give it in "resolve"`);
    return made;
  };

  const dataAttribute = (type: string, attribute: string, block: Block): string | undefined => {
    if (type === "aws_caller_identity" && attribute === "account_id") return ACCOUNT_ID;
    if (type === "aws_partition" && attribute === "partition") return "aws";
    if (type === "aws_region") return region;
    if (type === "aws_iam_policy_document" && attribute === "json") return toPolicyJson(block, resolve);
    return undefined;
  };

  const madeAttribute = (type: string, name: string, attribute: string, block: Block): string | undefined => {
    const own = (field: string) => (typeof block[field] === "string" ? resolve(block[field]) : name);
    const service = (text: string) => `arn:aws:${text}`;
    const lambda = service(`lambda:${region}:${ACCOUNT_ID}:function:${own("function_name")}`);
    switch (`${type}.${attribute}`) {
      case "aws_lambda_function.arn":
        return lambda;
      case "aws_lambda_function.invoke_arn":
        return service(`apigateway:${region}:lambda:path/2015-03-31/functions/${lambda}/invocations`);
      case "aws_api_gateway_rest_api.execution_arn":
        return service(`execute-api:${region}:${ACCOUNT_ID}:${type}.${name}`);
      case "aws_api_gateway_rest_api.root_resource_id":
        return `${type}.${name}/root`;
      case "aws_dynamodb_table.arn":
        return service(`dynamodb:${region}:${ACCOUNT_ID}:table/${own("name")}`);
      case "aws_iam_role.arn":
        return service(`iam::${ACCOUNT_ID}:role/${own("name")}`);
      case "aws_sqs_queue.arn":
        return service(`sqs:${region}:${ACCOUNT_ID}:${own("name")}`);
    }
    if (attribute === "id") return `${type}.${name}`;
    if (attribute === "arn") return service(`${type}:${region}:${ACCOUNT_ID}:${name}`);
    return undefined;
  };
  return resolve;
}

/** The resource of a type whose id a resolved text is. */
export function byId(template: TerraformJson, type: string, id: string): Block | undefined {
  return resourcesOf(template, type).find(({ address }) => address === id)?.block;
}
