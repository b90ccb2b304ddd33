import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type ApiModel, readApis } from "./api-model";
import type { AuthorizerCache } from "./authorize";
import { gatewayAnswer } from "./gateway-responses";
import { type Caller, type HttpAnswer, readBody, readHeaders, readQuery } from "./http";
import { LambdaFunctions, type LambdaFunctionsOptions } from "./lambda-functions";
import { missingPermissions } from "./permissions";
import { createResolver } from "./references";
import { type Behind, type ServiceIntegration, serve } from "./serve";
import { readTerraformJson, type TerraformJson } from "./terraform-json";
import { Throttle } from "./throttle";

export interface GatewayOptions
  extends Pick<
    LambdaFunctionsOptions,
    "functionsDirectory" | "environment" | "environments" | "invocationsPerEnvironment"
  > {
  /** A synthesised stack: its `cdk.tf.json`, read or by its path. */
  readonly template: TerraformJson | string;
  /** What Terraform would know only after it has applied the template, by the reference's inner text. @default - none */
  readonly resolve?: Readonly<Record<string, string>>;
  /** Where a call comes from. @default - 127.0.0.1, through no endpoint */
  readonly caller?: (request: IncomingMessage) => Caller;
  /** Integrations with AWS services, by the service's name in the URI. @default - none: 500 */
  readonly services?: Readonly<Record<string, ServiceIntegration>>;
  /** Whether the stage's throttling is in force. @default true */
  readonly enableThrottling?: boolean;
  /** Milliseconds since the epoch, for throttling and the authorizers' cache. @default Date.now */
  readonly now?: () => number;
}

export interface Gateway {
  /** Of a stage: `http://127.0.0.1:<port>/<stage>`. The first one, where none is named. */
  readonly url: (stage?: string) => string;
  readonly functions: LambdaFunctions;
  readonly cache: AuthorizerCache;
  readonly stop: () => Promise<void>;
}

/** Serves the REST APIs of a synthesised template on loopback, with its own functions behind them. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const template = typeof options.template === "string" ? readTerraformJson(options.template) : options.template;
  const resolve = createResolver(template, options.resolve);
  const apis = readApis(template, resolve);
  if (apis.length === 0) throw new Error("the template has no aws_api_gateway_stage");
  const missing = missingPermissions(template, resolve, apis);
  if (missing.length > 0) throw new Error(missing.join("\n"));
  const functions = new LambdaFunctions({ ...options, template, resolve });
  const now = options.now ?? Date.now;
  const cache: AuthorizerCache = { entries: new Map(), now };
  const behind = new Map<ApiModel, Behind>(
    apis.map((api) => [
      api,
      {
        invoke: (name, event) => functions.invoke(name, event),
        services: options.services ?? {},
        cache,
        throttle: options.enableThrottling === false ? undefined : new Throttle(api, now),
      },
    ]),
  );
  const server = createServer((request, response) => {
    void handle(request, apis, behind, options)
      .catch((error): HttpAnswer => ({ status: 500, headers: {}, body: String(error.stack) }))
      .then((answer) => write(response, answer));
  });
  // A caller on a loaded machine may use a connection in the very moment in which it would be closed as idle.
  server.keepAliveTimeout = 0;
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: (stage = apis[0]?.stage) => `http://127.0.0.1:${port}/${stage}`,
    functions,
    cache,
    stop: async () => {
      functions.stop();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function handle(
  request: IncomingMessage,
  apis: readonly ApiModel[],
  behind: ReadonlyMap<ApiModel, Behind>,
  options: GatewayOptions,
): Promise<HttpAnswer> {
  const body = await readBody(request);
  const url = new URL(request.url ?? "/", "http://gateway");
  const [, stage = "", ...parts] = url.pathname.split("/");
  const api = apis.find((one) => one.stage === stage);
  const requestId = randomUUID();
  if (!api) return { status: 403, headers: { "Content-Type": "application/json" }, body: '{"message":"Forbidden"}' };
  if (body === undefined) return gatewayAnswer(api, "REQUEST_TOO_LARGE", requestId);
  const call = {
    requestId,
    httpMethod: request.method ?? "GET",
    path: `/${parts.join("/")}`,
    ...readHeaders(request),
    ...readQuery(url),
    pathParameters: null,
    stageVariables: api.stageVariables ?? null,
    body,
    caller: options.caller?.(request) ?? { sourceIp: "127.0.0.1" },
  };
  return serve(api, call, behind.get(api) as Behind);
}

function write(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value as string | string[]);
  response.end(body);
}
