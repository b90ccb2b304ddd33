import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";
import { App } from "cdktf";
import { loadSite } from "../../config/load-site";
import { ActivationService } from "../../lab/aws/activation-service";
import { type Front, startFront } from "../../lab/aws/start-front";
import { type Gateway, type GatewayOptions, startGateway } from "../../lab/gateway/start-gateway";
import type { TerraformJson } from "../../lab/gateway/terraform-json";
import { addStacks } from "../../main";
import { motoUrl, resetMoto } from "./moto";

export const TOKEN = "t".repeat(48);
export const PREVIOUS_TOKEN = "p".repeat(48);
const ENDPOINT = "vpce-0123456789abcdef0";

export interface World {
  readonly gateway: Gateway;
  readonly front: Front;
  readonly service: ActivationService;
  readonly ssm: SSMClient;
  readonly dynamo: DynamoDBClient;
  readonly tableName: string;
  readonly functionName: string;
  readonly stop: () => Promise<void>;
}

/** The stack of examples/everything as synthesised, with changes to its function's environment. */
function synthesise(variables: Readonly<Record<string, string>>): TerraformJson {
  const folder = mkdtempSync(join(tmpdir(), "activations-"));
  try {
    const app = new App({ outdir: folder, stackTraces: false });
    addStacks(app, loadSite("examples/everything/site.yaml"), { state: folder, functions: "dist/functions" });
    app.synth();
    const template = JSON.parse(readFileSync(join(folder, "stacks/activations-servers/cdk.tf.json"), "utf8"));
    for (const lambda of Object.values<any>(template.resource.aws_lambda_function))
      if (lambda.environment.variables.TABLE_NAME) Object.assign(lambda.environment.variables, variables);
    return template;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** An account with what Terraform would have made, and the API in front of it. */
export async function startWorld(
  variables: Readonly<Record<string, string>> = {},
  options: Partial<GatewayOptions> = {},
): Promise<World> {
  await resetMoto();
  const template = synthesise(variables);
  const service = new ActivationService();
  const front = await startFront(motoUrl(), service);
  const name = (type: string) => Object.keys((template.resource as any)[type])[0] as string;
  const tableName = "demo-activations-servers";
  const endpoint = { endpoint: front.url };
  const dynamo = new DynamoDBClient(endpoint);
  await dynamo.send(
    new CreateTableCommand({
      TableName: tableName,
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  const key = await new KMSClient(endpoint).send(new CreateKeyCommand({}));
  const secret = await new SecretsManagerClient(endpoint).send(
    new CreateSecretCommand({
      Name: "activations",
      SecretString: JSON.stringify({ current: TOKEN, previous: PREVIOUS_TOKEN }),
    }),
  );
  const gateway = await startGateway({
    template,
    functionsDirectory: "dist/functions",
    resolve: {
      [`aws_vpc_endpoint.${name("aws_vpc_endpoint")}.id`]: ENDPOINT,
      [`aws_kms_key.${name("aws_kms_key")}.arn`]: String(key.KeyMetadata?.Arn),
      [`aws_secretsmanager_secret.${name("aws_secretsmanager_secret")}.arn`]: String(secret.ARN),
    },
    environment: {
      AWS_ENDPOINT_URL: front.url,
      AWS_ACCESS_KEY_ID: "testing",
      AWS_SECRET_ACCESS_KEY: "testing",
      AWS_EC2_METADATA_DISABLED: "true",
    },
    environments: 4,
    invocationsPerEnvironment: 60,
    enableThrottling: false,
    caller: () => ({ sourceIp: "10.0.2.7", vpcEndpointId: ENDPOINT }),
    ...options,
  });
  const functionName = "demo-activations-servers";
  front.functions.set(functionName, (event) => gateway.functions.invoke(functionName, event));
  return {
    gateway,
    front,
    service,
    ssm: new SSMClient(endpoint),
    dynamo,
    tableName,
    functionName,
    stop: async () => {
      dynamo.destroy();
      await gateway.stop();
      await front.stop();
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly body: any;
  readonly retryAfter: string | null;
}

export async function ask(
  { gateway }: Pick<World, "gateway">,
  machine: string,
  more: { attempt?: string; token?: string; rejectedActivationId?: string } = {},
): Promise<Answer> {
  const { token = TOKEN, ...body } = more;
  const answer = await fetch(`${gateway.url()}/activations`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ machine, attempt: "1", ...body }),
  });
  return { status: answer.status, body: await answer.json(), retryAfter: answer.headers.get("retry-after") };
}

/** As the client does: waits, and asks again with the same attempt. */
export async function askUntilAnswered(world: Pick<World, "gateway">, machine: string): Promise<Answer> {
  for (let tries = 0; tries < 30; tries++) {
    const answer = await ask(world, machine);
    if (answer.status < 500) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100 * Number(answer.retryAfter ?? 10)));
  }
  throw new Error(`${machine} got no answer`);
}
