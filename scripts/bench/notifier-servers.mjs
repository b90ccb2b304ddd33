// Servers that the contestants call. argv: `partners N` (answer after as many milliseconds as the path's first part says) or `aws`.
import { createServer } from "node:http";
import { loadSource } from "./load-source.mjs";

const [role, count] = process.argv.slice(2);

async function listen(listener) {
  const server = createServer({ keepAliveTimeout: 60_000 }, listener);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", 4_096, resolve));
  return server.address().port;
}

function partner(request, response) {
  request.resume();
  setTimeout(() => response.end("ok"), Number(request.url.split("/")[1]));
}

/** S3 and SQS take all that is sent. */
function takes(request, response) {
  request.resume().on("end", () => response.end());
}

if (role === "partners") {
  process.send(await Promise.all(Array.from({ length: Number(count) }, () => listen(partner))));
} else {
  const { startDynamoDbStandIn } = await loadSource("test/helpers/dynamodb-stand-in.ts");
  const { url } = await startDynamoDbStandIn(4);
  process.send({ dynamoDb: url, others: `http://127.0.0.1:${await listen(takes)}` });
}
