import { randomInt } from "node:crypto";
import { join } from "node:path";
import { createResolver } from "../gateway/references";
import { type Gateway, startGateway } from "../gateway/start-gateway";
import { type Block, type NamedBlock, resourcesOf } from "../gateway/terraform-json";
import { Cable } from "./cable";
import { ChatServer } from "./chat-server";
import { EventSource } from "./event-source";
import { FdkFunction } from "./fdk-function";
import { type OracleStandIn, startOracleStandIn } from "./oracle-stand-in";
import { queueIntegration } from "./queue-integration";
import { makeRelayAccount, type RelayAccount } from "./relay-account";
import type { PreparedRoad, RoadTemplates } from "./synthesise";
import { Topic } from "./topic";

export interface RoadOptions {
  /** Of the repository, built. */
  readonly root: string;
  /** Of the AWS emulator. */
  readonly emulator: string;
  readonly prepared: PreparedRoad;
  /** Whether the API's throttling is in force. @default true */
  readonly enableThrottling?: boolean;
  /** What the forwarder is given for one alarm. @default - as in the template: two minutes */
  readonly forwarderSeconds?: number;
  readonly observe?: (step: Step) => void;
}

/** Something that happened on the road. */
export interface Step {
  readonly station: "topic" | "forwarder" | "queue" | "notifier";
  readonly text: string;
  readonly isGood: boolean;
}

/** The whole road on one machine. */
export interface Road {
  readonly templates: RoadTemplates;
  readonly topic: Topic;
  readonly forwarder: FdkFunction;
  readonly oracle: OracleStandIn;
  /** The Internet between the two clouds. */
  readonly cable: Cable;
  readonly gateway: Gateway;
  readonly account: RelayAccount;
  readonly chat: ChatServer;
  /** `POST /alarms/{source}` without the source. */
  readonly relayUrl: string;
  readonly token: string;
  /** Both ends get a new token, the relay first: as `tokenEpoch` does it. */
  readonly rotateToken: (where: "relay" | "forwarder", token?: string) => Promise<string>;
  readonly setChatSecret: (value: object) => Promise<void>;
  /** Everything that any function has written. */
  readonly logs: () => string;
  readonly stop: () => Promise<void>;
}

const RETRY_SECONDS = 1;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Starts every station of the road, each from what the product synthesised and bundled. */
export async function startRoad(options: RoadOptions): Promise<Road> {
  const { emulator, observe = () => undefined, prepared, root } = options;
  const { templates } = prepared;
  const chat = new ChatServer(prepared.certificates);
  await chat.listen();
  const addressOf = (suffix: string) =>
    (
      resourcesOf(templates.relay, "aws_secretsmanager_secret").find(({ block }) =>
        block.name.endsWith(suffix),
      ) as NamedBlock
    ).address;
  const [tokenSecret, chatSecret] = [addressOf("-token"), addressOf("-chat")];
  const token = makeToken();
  const account = await makeRelayAccount(templates.relay, {
    [tokenSecret]: token,
    [chatSecret]: JSON.stringify({ url: chat.webhookUrl }),
  });
  const toQueue = queueIntegration(emulator);
  const gateway = await startGateway({
    template: templates.relay,
    functionsDirectory: join(root, "dist/functions"),
    resolve: account.references,
    environment: { AWS_ENDPOINT_URL: emulator, AWS_ACCESS_KEY_ID: "testing", AWS_SECRET_ACCESS_KEY: "testing" },
    enableThrottling: options.enableThrottling,
    services: {
      sqs: async (call) => {
        const answer = await toQueue(call);
        observe({ station: "queue", text: `the relay answers ${answer.status}`, isGood: answer.status === 202 });
        return answer;
      },
    },
  });
  const cable = new Cable(Number(new URL(gateway.url()).port));
  const relayUrl = `${await cable.listen()}${new URL(gateway.url()).pathname}/alarms`;
  const eventSource = startEventSource(templates, account, gateway, observe);
  const oracle = await startOracleStandIn();
  const { forwarder, vaultSecret } = makeForwarder(templates, relayUrl, oracle, options);
  oracle.secrets.set(vaultSecret, { current: token });
  await forwarder.start();
  const topic = new Topic(forwarder, (messageId, answer) =>
    observe({
      station: "forwarder",
      text: `${messageId.slice(0, 8)}: ${answer?.status === 200 ? "handed over" : "not taken; the topic tries again"}`,
      isGood: answer?.status === 200,
    }),
  );
  return {
    templates,
    topic,
    forwarder,
    oracle,
    cable,
    gateway,
    account,
    chat,
    relayUrl,
    token,
    rotateToken: async (where, fresh = makeToken()) => {
      if (where === "relay") await account.rotate(tokenSecret, fresh);
      else oracle.secrets.set(vaultSecret, { current: fresh });
      return fresh;
    },
    setChatSecret: (value) => account.rotate(chatSecret, JSON.stringify(value)),
    logs: () => [forwarder.log, ...gateway.functions.names.map((name) => gateway.functions.log(name))].join(""),
    stop: async () => {
      topic.close();
      forwarder.stop();
      await eventSource.stop();
      await cable.close();
      await Promise.all([gateway.stop(), oracle.stop(), chat.close()]);
    },
  };
}

function startEventSource(
  { relay }: RoadTemplates,
  account: RelayAccount,
  gateway: Gateway,
  observe: (step: Step) => void,
): EventSource {
  const resolve = createResolver(relay, account.references);
  const mapping = resourcesOf(relay, "aws_lambda_event_source_mapping")[0]?.block as Block;
  const queueArn = resolve(mapping.event_source_arn);
  const name = queueArn.split(":").at(-1) as string;
  const functionName = resolve(mapping.function_name).split(":").at(-1) as string;
  return new EventSource({
    queueUrl: account.queueUrls.get(name) as string,
    queueArn,
    batchSize: mapping.batch_size,
    maximumConcurrency: mapping.scaling_config.maximum_concurrency,
    invoke: (event) => gateway.functions.invoke(functionName, event),
    retrySeconds: RETRY_SECONDS,
    onBatch: (told, failed) =>
      observe({
        station: "notifier",
        text: failed === 0 ? `${told} taken` : `${failed} of ${told + failed} stay in the queue`,
        isGood: failed === 0,
      }),
  });
}

function makeForwarder({ forwarder }: RoadTemplates, relayUrl: string, oracle: OracleStandIn, options: RoadOptions) {
  const block = resourcesOf(forwarder, "oci_functions_function")[0]?.block as Block;
  // What only Terraform's state knows: the relay's outputs.
  const inner = /\$\{(.*)\}/.exec(block.config.RELAY_URL)?.[1] as string;
  const resolve = createResolver(forwarder, { [inner]: relayUrl });
  const config = Object.fromEntries(
    Object.entries<string>(block.config).map(([name, value]) => [name, resolve(value)]),
  );
  return {
    vaultSecret: config.TOKEN_SECRET_ID as string,
    forwarder: new FdkFunction({
      bundle: join(options.root, "dist/functions/alarm-forwarder-oci/func.js"),
      environment: { ...config, ...oracle.environment },
      timeoutSeconds: options.forwarderSeconds ?? block.timeout_in_seconds,
      preload: oracle.preload,
    }),
  };
}

function makeToken(): string {
  return Array.from({ length: 48 }, () => LETTERS[randomInt(LETTERS.length)]).join("");
}
