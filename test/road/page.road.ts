import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Browser, launch, type Page as Tab } from "puppeteer-core";
import { type Page, servePage } from "../../lab/road/page/serve-page";
import type { Road } from "../../lab/road/start-road";
import { newRoad } from "./road";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const PATIENCE = { timeout: 120_000 };
const inBrowser = (name: string, work: () => Promise<void>) =>
  CHROMIUM ? test(name, work) : test.skip(`${name} (skipped: Chromium is not installed)`, work);

const world: { road?: Road; page?: Page; browser?: Browser; tab?: Tab } = {};
const errors: string[] = [];

beforeAll(async () => {
  if (!CHROMIUM) return;
  world.road = await newRoad({ language: "ja", observe: (step) => world.page?.show(step) });
  world.page = await servePage({
    road: world.road,
    language: "ja",
    page: join(__dirname, "../../lab/road/page/page.html"),
    port: 0,
  });
  world.browser = await launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
    timeout: 120_000,
    protocolTimeout: 240_000,
  });
  world.tab = await world.browser.newPage();
  world.tab.on("pageerror", (error) => errors.push(String(error)));
  await world.tab.setViewport({ width: 1200, height: 860 });
  await world.tab.goto(world.page.url, { waitUntil: "domcontentloaded", timeout: 120_000 });
});

afterAll(async () => {
  await world.browser?.close();
  await world.page?.stop();
  await world.road?.stop();
});

const tab = () => world.tab as Tab;
const press = (action: string) => tab().click(`[data-action="${action}"]`);
/** As text: it runs in the page, whose globals these tests do not have. */
const pageShows = (expression: string) => tab().waitForFunction(expression, PATIENCE);
const chatSays = (text: string) =>
  pageShows(`document.querySelector(".chat").textContent.includes(${JSON.stringify(text)})`);
const stationShows = (station: string, tone: "good" | "bad") =>
  tab().waitForSelector(`[data-station="${station}"].${tone}`, PATIENCE);

inBrowser("a tunnel that is broken on the page shows in the page's chat, and the road to it in green", async () => {
  await pageShows(`document.querySelector('[data-action="tunnel-1"]').textContent === "トンネル1を切る"`);
  await press("tunnel-1");
  await chatSays("トンネルが1本切れています");
  for (const station of ["forwarder", "queue", "chat"]) await stationShows(station, "good");
  expect(await tab().$eval('[data-action="tunnel-1"]', (button) => button.getAttribute("aria-pressed"))).toBe("true");
});

inBrowser("a chat that is stopped on the page shows in red, and what waited comes when it is started", async () => {
  await press("chat");
  await press("tunnel-2");
  await stationShows("notifier", "bad");
  await press("chat");
  await chatSays("すべてのトンネルが切れています");
  await press("tunnel-1");
  await chatSays("トンネルが復旧しました");
});

inBrowser("the page threw no error, and draws as it is meant to", async () => {
  if (process.env.ROAD_PICTURE) await tab().screenshot({ path: process.env.ROAD_PICTURE as `${string}.png` });
  expect(errors).toEqual([]);
  const boxes = await tab().$$eval(".cloud, .chat", (all) => all.map((box) => box.getBoundingClientRect().toJSON()));
  expect(boxes).toHaveLength(4);
  for (const { left, right, height } of boxes) expect(left >= 0 && right <= 1200 && height > 40).toBe(true);
});

inBrowser("no other site's page may press the buttons", async () => {
  const answer = await fetch(`${world.page?.url}actions/chat`, {
    method: "POST",
    headers: { origin: "https://evil.example" },
  });
  expect(answer.status).toBe(403);
});
