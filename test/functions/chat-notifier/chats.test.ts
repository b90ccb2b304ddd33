import { renderAlarm } from "../../../functions/chat-notifier/chat-message";
import { CHAT_SERVERS } from "../../../functions/chat-notifier/chats/chat-servers";
import { CHAT_TYPES, type ChatType } from "../../../functions/chat-notifier/env";
import { TEXTS } from "../../../functions/chat-notifier/texts";
import type { HttpRequest } from "../../../functions/common/post-with-patience";
import { ociEvent } from "./tools";

const HOSTILE = [
  "@channel @all @here <!channel> <!here|x> **bold** `code` ```",
  "[click](javascript:alert(1)) <javascript:alert(1)|x> ![i](https://evil.example/x.png)",
  "<script>alert(1)</script> <img src=x onerror=alert(1)> &lt; \u202eevil\u202c \u0007",
].join("\n");

const message = (summary: string, link?: string) =>
  renderAlarm(
    ociEvent({
      summary,
      title: "x",
      link,
      label: { kakehashi: 1, site: "demo", kind: "other", subject: "@all `<!here>` [a](javascript:b) appliance" },
    }),
    { down: [] },
    TEXTS.en,
  );

async function post(type: ChatType, summary: string, access = {}, thread?: string, link?: string) {
  const sent: HttpRequest[] = [];
  const server = CHAT_SERVERS[type](
    { url: new URL("https://chat.example/hooks/x"), token: "user:key", channel: "noc", ...access },
    async (request) => {
      sent.push(request);
      return { status: 200, body: '{"id":"p1","message":{"_id":"m1"},"ts":"1.2","event_id":"$e1"}' };
    },
  );
  const began = await server.post(message(summary, link), thread);
  return { request: sent[0] as HttpRequest, began };
}

const body = ({ body: text, headers }: HttpRequest) =>
  headers["content-type"] === "application/json" ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text));

test.each(CHAT_TYPES)("%s: mentions nobody, runs nothing, ends no code block", async (type) => {
  const { request } = await post(type, HOSTILE);
  const text =
    request.headers["content-type"] === "application/json" ? JSON.stringify(body(request)) : body(request).content;
  if (type === "json") return;
  expect(text).not.toMatch(/@(channel|all|here)\b/);
  expect(text).not.toMatch(/javascript:/i);
  expect([...text].filter((sign) => sign === "\u202e" || sign < " ").filter((sign) => sign !== "\n")).toEqual([]);
});

test.each(["mattermost", "rocketchat", "zulip"] as const)("%s: a stranger's words stand in code only", async (type) => {
  const { request } = await post(type, HOSTILE, type === "zulip" ? {} : { token: undefined });
  const { text = body(request).content } = body(request);
  const outside = text.replace(/```\n[\s\S]*?\n```/, "").replace(/`[^`\n]*`/g, "");
  expect(outside.trimEnd()).toBe(
    `🔴  ${type === "rocketchat" ? "*alarm*" : "**alarm**"}\nSite: \nSince: \nSeverity: \nSeen by:`,
  );
});

test("slack: escapes the three signs that it reads even in code", async () => {
  const { text } = body((await post("slack", HOSTILE, { token: undefined })).request);
  expect(text.replace(/&(amp|lt|gt);/g, "")).not.toMatch(/[<>&]/);
});

test("matrix: escapes HTML and mentions nobody", async () => {
  const event = body((await post("matrix", HOSTILE)).request);
  expect(event["m.mentions"]).toEqual({});
  expect(
    event.formatted_body.match(/<[^>]+>/g).filter((tag: string) => !/^<\/?(strong|code|pre|br)>$/.test(tag)),
  ).toEqual([]);
});

test("teams: writes text runs, which read no Markdown, and no more than 28 KB", async () => {
  const card = (await post("teams", "あ".repeat(4096))).request;
  expect(body(card).attachments[0].content.body.map(({ type }: { type: string }) => type)).toEqual(
    Array(6).fill("RichTextBlock"),
  );
  expect(Buffer.byteLength(card.body)).toBeLessThan(28 * 1024);
});

test.each([
  ["mattermost", 16_383],
  ["rocketchat", 5_000],
  ["slack", 4_000],
  ["zulip", 10_000],
] as const)("%s: cuts the text to %i characters, and nothing else", async (type, limit) => {
  const { request } = await post(
    type,
    "&😀".repeat(6000),
    { token: type === "zulip" ? "a:b" : undefined },
    undefined,
    "https://console.example/a(b)",
  );
  const text: string = body(request).text ?? body(request).content;
  expect(text.length).toBeLessThanOrEqual(limit);
  expect(text.length).toBeGreaterThan(limit - 40);
  expect(text).toContain("… (cut short)\n```\n");
  expect(Buffer.from(text).toString()).toBe(text);
  expect(text).toContain("https://console.example/a%28b%29");
});

test.each([
  ["mattermost", "p1", "root_id", "https://chat.example/hooks/x/api/v4/posts"],
  ["rocketchat", "m1", "tmid", "https://chat.example/hooks/x/api/v1/chat.postMessage"],
  ["slack", "1.2", "thread_ts", "https://chat.example/hooks/x"],
] as const)("%s: answers in the thread where it has a token", async (type, began, name, url) => {
  const first = await post(type, "down");
  expect(first.began).toBe(began);
  expect(first.request.url.href).toBe(url);
  const second = await post(type, "up", {}, first.began);
  expect(body(second.request)[name]).toBe(began);
  expect(second.began).toBe(began);
});

test("matrix: names the message in the transaction, and the thread in the event", async () => {
  const { request, began } = await post(
    "matrix",
    "up",
    { url: new URL("https://matrix.example/"), channel: "!room:example" },
    "$e0",
  );
  expect(request.method).toBe("PUT");
  expect(request.url.href).toBe(
    "https://matrix.example/_matrix/client/v3/rooms/!room%3Aexample/send/m.room.message/oci%3Aexampleuniqueid-stream-2%3A2026-11-21T12%3A00%3A00.000Z%3AOK_TO_FIRING",
  );
  expect(body(request)["m.relates_to"]).toMatchObject({ rel_type: "m.thread", event_id: "$e0" });
  expect(began).toBe("$e0");
});

test("zulip: the subject is the topic, as the bot", async () => {
  const { request } = await post("zulip", "x".repeat(10), { token: "bot@example:key" });
  expect(request.headers.authorization).toBe(`Basic ${Buffer.from("bot@example:key").toString("base64")}`);
  expect(body(request)).toMatchObject({ type: "stream", to: "noc" });
  expect(body(request).topic.length).toBeLessThanOrEqual(60);
});

test.each(["mattermost", "rocketchat", "zulip", "matrix"] as const)("%s: says what its secret lacks", async (type) => {
  const access = { token: "t:k", channel: undefined };
  await expect(post(type, "x", access)).rejects.toThrow(/^the chat's secret has no channel, which .+ needs$/);
});

test.each([
  [500, "{}", "UnavailableError: chat server answered 500"],
  [404, "gone", "RefusedError: chat server answered 404"],
  [200, '{"ok":false,"error":"channel_not_found"}', "RefusedError: chat server answered 200 with a refusal"],
])("an answer of %i %s is no success", async (status, text, said) => {
  const server = CHAT_SERVERS.slack({ url: new URL("https://chat.example/x") }, async () => ({ status, body: text }));
  await expect(server.post(message("x")).catch(String)).resolves.toBe(said);
});
