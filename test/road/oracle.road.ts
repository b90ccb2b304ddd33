import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { makeCertificates } from "../../catalog/make-certificates";
import { LambdaEnvironment } from "../../lab/gateway/lambda-environment";
import { ChatServer } from "../../lab/road/chat-server";
import { FdkFunction } from "../../lab/road/fdk-function";
import { type OracleGateway, startOracleGateway } from "../../lab/road/oracle-gateway";
import { type OracleStandIn, startOracleStandIn } from "../../lab/road/oracle-stand-in";
import { motoUrl, resetMoto } from "../aws/moto";

const BUNDLES = join(__dirname, "../../dist/functions");
const SITE = { SITE: "demo" };
const TOKEN = "T".repeat(48);

/** The road the other way round: AWS' alarms come home over Oracle Cloud. */
const world = {
  oracle: undefined as unknown as OracleStandIn,
  chat: undefined as unknown as ChatServer,
  authorizer: undefined as unknown as FdkFunction,
  intake: undefined as unknown as FdkFunction,
  notifier: undefined as unknown as FdkFunction,
  gateway: undefined as unknown as OracleGateway,
  forwarder: undefined as unknown as LambdaEnvironment,
  forwarderLog: "",
};

async function fdk(name: string, environment: Record<string, string>): Promise<FdkFunction> {
  const { oracle } = world;
  const started = new FdkFunction({
    bundle: join(BUNDLES, `${name}-oci/func.js`),
    environment: { ...SITE, ...environment, ...oracle.environment },
    timeoutSeconds: 30,
    preload: oracle.preload,
  });
  await started.start();
  return started;
}

beforeAll(async () => {
  await resetMoto();
  const certificates = await makeCertificates({ name: "lab", privateIp: "127.0.0.1", now: new Date() });
  world.chat = new ChatServer(certificates);
  await world.chat.listen();
  world.oracle = await startOracleStandIn();
  world.oracle.secrets.set("ocid1.vaultsecret.oc1..token", { current: TOKEN });
  world.oracle.secrets.set("ocid1.vaultsecret.oc1..chat", {
    current: JSON.stringify({ url: world.chat.webhookUrl }),
  });
  world.authorizer = await fdk("relay-authorizer", { TOKEN_SECRET_ID: "ocid1.vaultsecret.oc1..token" });
  world.intake = await fdk("relay-intake", {
    QUEUE_ID: "ocid1.queue.oc1..alarms",
    QUEUE_ENDPOINT: world.oracle.queueEndpoint,
  });
  world.notifier = await fdk("chat-notifier", {
    CHAT_SECRET_ID: "ocid1.vaultsecret.oc1..chat",
    CHAT_TYPE: "mattermost",
    CHAT_CA: certificates.ca,
    LANGUAGE: "ja",
    HEARTBEAT_METRIC_NAMESPACE: "Kakehashi",
  });
  world.gateway = await startOracleGateway(world.authorizer, world.intake, "x-kakehashi-token");
  const secret = await new SecretsManagerClient({}).send(
    new CreateSecretCommand({ Name: "token", SecretString: TOKEN }),
  );
  world.forwarder = new LambdaEnvironment(
    {
      functionName: "forwarder",
      arn: "arn:aws:lambda:ap-northeast-1:123456789012:function:forwarder",
      bundle: join(BUNDLES, "alarm-forwarder/index.js"),
      timeoutSeconds: 60,
      environment: {
        ...SITE,
        RELAY_URL: world.gateway.url,
        SOURCE: "aws",
        TOKEN_SECRET_ID: String(secret.ARN),
        AWS_REGION: "ap-northeast-1",
        AWS_ENDPOINT_URL: motoUrl(),
        AWS_ACCESS_KEY_ID: "testing",
        AWS_SECRET_ACCESS_KEY: "testing",
      },
    },
    (text) => {
      world.forwarderLog += text;
    },
  );
});

afterAll(async () => {
  world.forwarder.kill();
  for (const one of [world.authorizer, world.intake, world.notifier]) one.stop();
  await Promise.all([world.gateway.stop(), world.oracle.stop(), world.chat.close()]);
});

beforeEach(() => {
  world.oracle.queue.splice(0);
  world.oracle.fault = undefined;
  world.chat.posts.splice(0);
});

const fromSns = JSON.parse(readFileSync(join(__dirname, "../functions/fixtures/cloudwatch-sns.json"), "utf8"));
const ask = (token: string) => world.authorizer.invoke(JSON.stringify({ type: "USER_DEFINED", data: { token } }));

test("an alarm of AWS goes by Lambda, OCI's gateway, Vault and Queue to the chat, in Japanese", async () => {
  await world.forwarder.invoke(fromSns);
  expect(world.oracle.queue).toHaveLength(1);
  const told = await world.notifier.invoke(JSON.stringify(world.oracle.queue));
  expect({ status: told.status, body: told.body }).toEqual({ status: 200, body: '{"told":1}' });
  expect(world.chat.posts[0]?.text).toContain("検知元: `AWS`");
  expect(world.oracle.calls.every((call) => call.endsWith(" signed"))).toBe(true);
});

test("the batch of a connector that comes again is told once", async () => {
  await world.forwarder.invoke({ Records: [{ Sns: { ...fromSns.Records[0].Sns, MessageId: "again" } }] });
  const batch = JSON.stringify(world.oracle.queue);
  await world.notifier.invoke(batch);
  await world.notifier.invoke(batch);
  expect(world.chat.posts).toHaveLength(1);
});

test("Vault's current and previous version open the relay, and nothing else does", async () => {
  const fresh = await fdk("relay-authorizer", { TOKEN_SECRET_ID: "ocid1.vaultsecret.oc1..rotated" });
  try {
    world.oracle.secrets.set("ocid1.vaultsecret.oc1..rotated", { current: "new-token", previous: "old-token" });
    const open = async (token: string) =>
      JSON.parse((await fresh.invoke(JSON.stringify({ type: "USER_DEFINED", data: { token } }))).body).active;
    expect([await open("new-token"), await open("old-token"), await open("older"), await open("")]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  } finally {
    fresh.stop();
  }
});

test("the gateway takes no wrong token, no other source and nothing too large", async () => {
  const post = (source: string, token: string, body: string) =>
    fetch(`${world.gateway.url}/${source}`, { method: "POST", body, headers: { "x-kakehashi-token": token } });
  expect((await post("aws", "wrong", "{}")).status).toBe(401);
  expect((await post("elsewhere", TOKEN, "{}")).status).toBe(404);
  expect((await post("aws", TOKEN, "no json")).status).toBe(400);
  expect((await post("aws", TOKEN, JSON.stringify({ summary: "x".repeat(70_000) }))).status).toBe(413);
  expect(world.oracle.queue).toEqual([]);
});

test.each([
  ["out of order", { status: 500 }],
  ["silent", "silence"],
] as const)("a queue that is %s makes the forwarder fail in time, so that AWS tries again", async (_, fault) => {
  // The token is known by now: only the queue is asked.
  expect(JSON.parse((await ask(TOKEN)).body).active).toBe(true);
  world.oracle.fault = fault;
  const { pid } = world.intake;
  const answer = await fetch(`${world.gateway.url}/aws`, {
    method: "POST",
    body: "{}",
    headers: { "x-kakehashi-token": TOKEN },
  });
  expect(answer.status).toBe(502);
  expect(world.intake.log).toContain(
    fault === "silence" ? "UnavailableError: queue: no answer in 5 s" : "UnavailableError: queue: 500",
  );
  expect(world.intake.isAlive && world.intake.pid === pid).toBe(true);
});

test("a chat that is away makes the notifier fail as a whole, so that the queue keeps the alarm", async () => {
  await world.forwarder.invoke({ Records: [{ Sns: { ...fromSns.Records[0].Sns, MessageId: "away" } }] });
  world.chat.set("down");
  const failed = await world.notifier.invoke(JSON.stringify(world.oracle.queue));
  expect(JSON.parse(failed.body).detail).toBe("UnavailableError: 1 of 1 alarms not told");
  world.chat.set("up");
  const told = await world.notifier.invoke(JSON.stringify(world.oracle.queue));
  expect({ status: told.status, posts: world.chat.posts.length }).toEqual({ status: 200, posts: 1 });
});

test("no function on Oracle Cloud writes a token or the chat's address into its log", () => {
  const logs = [world.authorizer.log, world.intake.log, world.notifier.log, world.forwarderLog].join("");
  expect(logs).toContain("token accepted");
  for (const secret of [TOKEN, world.chat.webhookId]) expect(logs.includes(secret)).toBe(false);
});
