import { join } from "node:path";
import { parseArgs } from "node:util";
import { startRoad } from "../start-road";
import { prepareRoad } from "../synthesise";
import { type Page, servePage } from "./serve-page";

const USAGE = "usage: npm run lab -- [--port 8750] [--language en|ja]\n";

/** Starts the road and its page, until it is interrupted. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: "string" }, language: { type: "string" } } });
  const { language = "en", port = "8750" } = values;
  if ((language !== "en" && language !== "ja") || !/^\d{1,5}$/.test(port))
    throw new TypeError("no such option's value");
  const [root, emulator] = [process.env.KAKEHASHI_ROOT as string, process.env.AWS_ENDPOINT_URL as string];
  process.stdout.write("Starting the road …\n");
  const shown: { page?: Page } = {};
  const road = await startRoad({
    root,
    emulator,
    prepared: await prepareRoad(root, language),
    observe: (step) => shown.page?.show(step),
  });
  shown.page = await servePage({
    road,
    language,
    page: join(root, "lab/road/page/page.html"),
    port: Number(port),
  });
  process.stdout.write(`The road is open: ${shown.page.url} (Ctrl+C ends it)\n`);
  await new Promise((ended) => process.once("SIGINT", ended).once("SIGTERM", ended));
  await shown.page.stop();
  await road.stop();
}

main().then(
  () => process.exit(0),
  (error) => {
    const isUsage = error instanceof TypeError;
    process.stderr.write(isUsage ? `${error.message}\n${USAGE}` : `${error.stack}\n`);
    process.exit(isUsage ? 1 : 2);
  },
);
