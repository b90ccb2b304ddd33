import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Gateway, startGateway } from "../../../lab/gateway/start-gateway";
import { DEMO, writeFunctions } from "./demo-api";

const world = { folder: "", clock: 1_800_000_000_000, sourceIp: "127.0.0.1", gateway: undefined as unknown as Gateway };

beforeAll(async () => {
  world.folder = mkdtempSync(join(tmpdir(), "gateway-"));
  world.gateway = await startGateway({
    template: DEMO,
    functionsDirectory: writeFunctions(world.folder),
    resolve: { "random_id.key.hex": "abc" },
    environment: { AWS_ENDPOINT_URL: "http://127.0.0.1:1" },
    environments: 1,
    now: () => world.clock,
    caller: () => ({ sourceIp: world.sourceIp }),
    services: {
      sqs: async ({ integration, call, authorizer }) => ({
        status: 202,
        headers: {},
        body: JSON.stringify([
          integration.block.uri,
          integration.block.request_templates,
          call.pathParameters,
          authorizer,
        ]),
      }),
    },
  });
});

beforeEach(() => {
  world.sourceIp = "127.0.0.1";
  // A minute on: the throttle is full again.
  world.clock += 60_000;
});

afterAll(async () => {
  await world.gateway.stop();
  rmSync(world.folder, { recursive: true });
});

async function call(method: string, path: string, headers: Record<string, string> = {}, body?: string) {
  const answer = await fetch(`${world.gateway.url()}${path}`, { method, headers, body });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, json: () => JSON.parse(text) };
}

const SOUND = { "X-Token": "good", "X-Key": "1", "Content-Type": "application/json" };
const post = (headers: Record<string, string> = {}, body = '{"title":"x"}') =>
  call("POST", "/alarms/oci?a=1&a=2", { ...SOUND, ...headers }, body);

test("runs the function that the route names, with its environment and the event of a proxy integration", async () => {
  const answer = await post();
  expect({ status: answer.status, own: answer.headers.get("x-own") }).toEqual({ status: 201, own: "yes" });
  const { event, env, left } = answer.json();
  expect(event).toMatchObject({
    resource: "/alarms/{source}",
    path: "/alarms/oci",
    httpMethod: "POST",
    pathParameters: { source: "oci" },
    queryStringParameters: { a: "2" },
    multiValueQueryStringParameters: { a: ["1", "2"] },
    body: '{"title":"x"}',
    isBase64Encoded: false,
    requestContext: {
      stage: "v1",
      path: "/v1/alarms/oci",
      identity: { sourceIp: "127.0.0.1" },
      authorizer: { principalId: "good", source: "oci" },
    },
  });
  expect(env).toMatchObject({
    TABLE: "demo-table",
    KEY: "abc",
    AWS_REGION: "ap-northeast-1",
    AWS_LAMBDA_FUNCTION_NAME: "demo-work",
    AWS_ENDPOINT_URL: "http://127.0.0.1:1",
  });
  expect(env.HOME).toBeUndefined();
  expect(left).toBeGreaterThan(0);
  expect(world.gateway.functions.log("demo-work")).toContain("worked");
});

test("prefers the fixed part to the parameter and the method to ANY, and knows no other path", async () => {
  expect((await call("GET", "/alarms/fixed")).status).toBe(201);
  const any = await call("PUT", "/alarms/a%2Fb");
  expect({ status: any.status, said: any.json() }).toEqual({
    status: 202,
    said: [
      "arn:aws:apigateway:ap-northeast-1:sqs:path/123456789012/alarms.fifo",
      { "application/json": "${x}" },
      { source: "a/b" },
      {},
    ],
  });
  for (const path of ["/", "/alarms", "/alarms/a/b"]) {
    const answer = await call("GET", path);
    expect({ path, status: answer.status, said: answer.json() }).toEqual({
      path,
      status: 403,
      said: { message: "Missing Authentication Token" },
    });
  }
});

test.each([
  ["no token, without asking the authorizer", { "X-Token": "" }, 401, { error: "Unauthorized" }],
  ["the authorizer's Unauthorized", { "X-Token": "unauthorized" }, 401, { error: "Unauthorized" }],
  ["the authorizer's denial", { "X-Token": "bad" }, 403, { message: expect.stringContaining("explicit deny") }],
  ["an authorizer that breaks", { "X-Token": "broken" }, 500, { message: "Internal server error" }],
  ["an authorizer whose context is not flat", { "X-Token": "nested" }, 500, { message: "Internal server error" }],
  ["a missing header", { "X-Key": "" }, 400, { message: "Missing required request parameters: [X-Key]" }],
  ["a function that throws", { "X-Do": "throw" }, 502, { message: "Internal server error" }],
  ["a function whose answer is malformed", { "X-Do": "malformed" }, 502, { message: "Internal server error" }],
  ["a function whose process ends", { "X-Do": "exit" }, 502, { message: "Internal server error" }],
  ["a function that runs out of its time", { "X-Do": "hang" }, 502, { message: "Internal server error" }],
])("answers %s as AWS does", async (_, headers, status, said) => {
  const answer = await post(headers);
  expect({ status: answer.status, said: answer.json() }).toEqual({ status, said });
});

test("answers an integration that outlasts its own limit with 504, before the function's limit", async () => {
  const answer = await call("PUT", "/alarms/fixed", { "X-Do": "hang" });
  expect({ status: answer.status, said: answer.json() }).toEqual({
    status: 504,
    said: { message: "Endpoint request timed out" },
  });
});

test("puts the API's own gateway response over AWS's", async () => {
  expect((await post({ "X-Token": "" })).headers.get("www-authenticate")).toBe("Bearer");
});

test.each([["{}"], ["not json"], [""], ["[]"]])("refuses the body %j that breaks the model", async (body) => {
  const answer = await post({}, body);
  expect({ status: answer.status, said: answer.json() }).toEqual({
    status: 400,
    said: { message: "Invalid request body" },
  });
});

test("passes bytes on as bytes", async () => {
  const answer = await fetch(`${world.gateway.url()}/alarms/fixed`, { headers: { "X-Do": "binary" } });
  expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([255]);
});

test("asks the authorizer once for an identity until its answer is too old, whatever the path", async () => {
  const asked = async (token: string) =>
    (await post({ "X-Token": token })).json().event.requestContext.authorizer.asked;
  const first = await asked("cached");
  expect(await asked("cached")).toBe(first);
  world.clock += 299_000;
  expect(await asked("cached")).toBe(first);
  world.clock += 1_000;
  expect(Number(await asked("cached"))).toBeGreaterThan(Number(first));
});

test("shows what a policy for one method does under caching: the next path is denied", async () => {
  expect((await post({ "X-Token": "narrow" })).status).toBe(201);
  const other = await call("POST", "/alarms/other", { ...SOUND, "X-Token": "narrow" }, '{"title":"x"}');
  expect(other.status).toBe(403);
});

test("keeps out whom the resource policy denies", async () => {
  world.sourceIp = "203.0.113.9";
  const answer = await call("GET", "/alarms/fixed");
  expect({ status: answer.status, said: answer.json() }).toEqual({
    status: 403,
    said: {
      message:
        "User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:ap-northeast-1:123456789012:aws_api_gateway_rest_api.api/v1/GET/alarms/fixed",
    },
  });
});

test("lets no more calls through than the stage's burst, and answers the others with 429", async () => {
  const statuses = await Promise.all(Array.from({ length: 40 }, async () => (await call("PUT", "/alarms/x")).status));
  expect(statuses.filter((status) => status === 202)).toHaveLength(30);
  expect(statuses.filter((status) => status === 429)).toHaveLength(10);
});

test("goes on after a function was killed in the middle of its work", async () => {
  const hanging = post({ "X-Do": "hang" });
  setTimeout(() => world.gateway.functions.kill("demo-work"), 300);
  expect((await hanging).status).toBe(502);
  expect((await post()).status).toBe(201);
});

test("refuses a template whose API may not call its function, as AWS would at every call", async () => {
  const { aws_lambda_permission: _, ...resource } = DEMO.resource ?? {};
  const starting = startGateway({ template: { ...DEMO, resource }, functionsDirectory: world.folder });
  await expect(starting).rejects.toThrow(
    "no aws_lambda_permission lets arn:aws:execute-api:ap-northeast-1:123456789012:aws_api_gateway_rest_api.api/v1/POST/alarms/{source} call the function demo-work",
  );
});

test("names the reference that it was not given", async () => {
  const gateway = await startGateway({ template: DEMO, functionsDirectory: world.folder });
  await expect(gateway.functions.invoke("demo-work", {})).rejects.toThrow(
    'the gateway can\'t read the reference random_id.key.hex: give it in "resolve"',
  );
  await gateway.stop();
});
