import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { FdkFunction } from "./fdk-function";

export interface OracleGateway {
  /** `POST /alarms/{source}` without the source. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/**
 * What OCI's API Gateway does with one route: asks the authorizer function for the token, and hands the request to the other one.
 * @see https://docs.oracle.com/iaas/Content/APIGateway/Tasks/apigatewayusingauthorizerfunction.htm
 * @see https://docs.oracle.com/iaas/Content/APIGateway/Tasks/apigatewayusingfunctionsbackend.htm
 */
export async function startOracleGateway(
  authorizer: FdkFunction,
  backend: FdkFunction,
  tokenHeader: string,
): Promise<OracleGateway> {
  const server = createServer((request, response) => {
    void answer(request, authorizer, backend, tokenHeader)
      .catch(() => ({ status: 502, body: '{"message":"Bad Gateway"}' }))
      .then(({ status, body }) => response.writeHead(status, { "content-type": "application/json" }).end(body));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/alarms`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function answer(request: IncomingMessage, authorizer: FdkFunction, backend: FdkFunction, tokenHeader: string) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const token = request.headers[tokenHeader];
  const said = await authorizer.invoke(JSON.stringify({ type: "USER_DEFINED", data: { token } }));
  if (said.status !== 200) return { status: 502, body: '{"message":"Bad Gateway"}' };
  if (JSON.parse(said.body).active !== true) return { status: 401, body: '{"message":"Unauthorized"}' };
  const taken = await backend.invoke(Buffer.concat(chunks), {
    "Fn-Intent": "httprequest",
    "Fn-Http-Method": String(request.method),
    "Fn-Http-Request-Url": String(request.url),
  });
  // The function's own failure is a 502, whatever it says.
  if (taken.status !== 200) return { status: 502, body: '{"message":"Bad Gateway"}' };
  return { status: Number(taken.headers["fn-http-status"] ?? 200), body: taken.body };
}
