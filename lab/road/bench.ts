import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { CreateQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { SQSEvent } from "aws-lambda";
import { Agent, fetch as undiciFetch } from "undici";
import { EventSource } from "./event-source";
import { type Road, startRoad } from "./start-road";
import { prepareRoad } from "./synthesise";

const WARM = Number(process.env.WARM ?? 100);
const COLD = Number(process.env.COLD ?? 5);

/** Milliseconds from the message at the road's beginning to its arrival in the chat. */
type Journey = () => Promise<number>;

async function main(): Promise<void> {
  const root = process.env.KAKEHASHI_ROOT as string;
  const emulator = process.env.AWS_ENDPOINT_URL as string;
  const prepared = await prepareRoad(root, "en");
  const road = await startRoad({ root, emulator, prepared, enableThrottling: false });
  const bare = await startBareHops(road);
  const ours = journey(road, (id) => road.topic.publish(HEARTBEAT, id));
  const hops = journey(road, bare.send);
  const warm = { ours: [] as number[], hops: [] as number[] };
  await ours();
  await hops();
  // In turn, so that what else the machine does meets both.
  for (let round = 0; round < WARM; round++) {
    warm.ours.push(await ours());
    warm.hops.push(await hops());
  }
  const cold: number[] = [];
  for (let round = 0; round < COLD; round++) {
    road.forwarder.kill();
    for (const name of road.gateway.functions.names) road.gateway.functions.kill(name);
    road.gateway.cache.entries.clear();
    const startedMs = performance.now();
    await road.forwarder.start();
    cold.push(performance.now() - startedMs + (await ours()));
  }
  await bare.stop();
  await road.stop();
  const [p50, p99] = [50, 99].map((rank) => [percentile(warm.ours, rank), percentile(warm.hops, rank)] as const);
  const line = (name: string, [mine, floor]: readonly [number, number]) =>
    `| ${name} | ${mine.toFixed(0)} ms | ${floor.toFixed(0)} ms | ${(mine / floor).toFixed(1)} |\n`;
  process.stdout.write(
    `\nFrom Oracle's message to the chat, ${WARM} warm and ${COLD} cold; the hops: the same emulator and\n`,
  );
  process.stdout.write(
    "chat, with HTTP servers that only pass on\n\n| | the road | bare hops | ratio |\n| --- | --- | --- | --- |\n",
  );
  process.stdout.write(line("warm, p50", p50 as never) + line("warm, p99", p99 as never));
  process.stdout.write(line("cold, p50", [percentile(cold, 50), percentile(warm.hops, 50)]));
}

/** Of a kind that is never gathered. */
const HEARTBEAT = '{"kakehashi":1,"site":"demo","kind":"heartbeat","subject":"noc"}';

function journey(road: Road, send: (id: string) => Promise<unknown>): Journey {
  let number = 0;
  return async () => {
    const arrived = once(road.chat, "post");
    const startedMs = performance.now();
    await Promise.all([send(`bench-${++number}-${startedMs}`), arrived]);
    return performance.now() - startedMs;
  };
}

/** Client → server → server → queue → consumer → chat, as many hops as the road has, and nothing of its code. */
async function startBareHops(road: Road) {
  const client = new SQSClient({});
  const { QueueUrl } = await client.send(
    new CreateQueueCommand({ QueueName: "bare.fifo", Attributes: { FifoQueue: "true" } }),
  );
  const dispatcher = new Agent({ connect: { ca: road.chat.certificates.ca } });
  const relay = await listen(async (body) => {
    const id = JSON.parse(body).id;
    await client.send(
      new SendMessageCommand({ QueueUrl, MessageBody: body, MessageGroupId: id, MessageDeduplicationId: id }),
    );
  });
  const forwarder = await listen(async (body) => {
    await (await fetch(relay.url, { method: "POST", body })).text();
  });
  const source = new EventSource({
    queueUrl: String(QueueUrl),
    queueArn: "bare",
    batchSize: 10,
    maximumConcurrency: 2,
    retrySeconds: 1,
    invoke: async ({ Records }: SQSEvent) => {
      for (const { body } of Records) {
        const text = JSON.stringify({ text: body });
        await (await undiciFetch(road.chat.webhookUrl, { method: "POST", body: text, dispatcher })).text();
      }
      return { batchItemFailures: [] };
    },
  });
  return {
    send: (id: string) => fetch(forwarder.url, { method: "POST", body: JSON.stringify({ id }) }),
    stop: async () => {
      await source.stop();
      for (const { server } of [relay, forwarder]) server.close();
      await dispatcher.close();
    },
  };
}

async function listen(work: (body: string) => Promise<void>): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      void work(Buffer.concat(chunks).toString("utf8")).then(() => response.end("{}"));
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function percentile(values: readonly number[], rank: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((rank / 100) * sorted.length) - 1)] ?? Number.NaN;
}

main().then(
  () => process.exit(0),
  (error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(2);
  },
);
