import { UnavailableError } from "../../../functions/common/errors";
import { type Fetch, postWithPatience } from "../../../functions/common/post-with-patience";

const request = {
  method: "POST" as const,
  url: new URL("https://chat.example/hooks/secret"),
  headers: { "x-kakehashi-token": "secret" },
  body: "{}",
};

/** A clock that only sleeping moves. */
function patience(answers: readonly (Response | Error)[], limitMs = 20_000) {
  const rest = [...answers];
  const calls: RequestInit[] = [];
  const waits: number[] = [];
  let now = Date.parse("2026-11-21T12:00:00Z");
  const start = now;
  const fetch: Fetch = async (_url, init) => {
    calls.push(init);
    const answer = rest.shift();
    if (!answer) throw new Error("asked too often");
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const sleep = async (milliseconds: number) => {
    waits.push(milliseconds);
    now += milliseconds;
  };
  return { fetch, sleep, now: () => now, deadlineMs: start + limitMs, calls, waits };
}

const refused = () => Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNREFUSED" } });

test("waits as Retry-After says, in seconds, as a date, or in the body", async () => {
  const tools = patience([
    new Response("", { status: 429, headers: { "retry-after": "3" } }),
    new Response("", { status: 503, headers: { "retry-after": "Sat, 21 Nov 2026 12:00:08 GMT" } }),
    new Response('{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":1500}', { status: 429 }),
    new Response("ok"),
  ]);
  expect(await postWithPatience(request, "chat server", tools)).toEqual({ status: 200, body: "ok" });
  expect(tools.waits).toEqual([3000, 5000, 1500]);
});

test("waits ever longer after faults of the network", async () => {
  const tools = patience([refused(), refused(), refused(), new Response("ok")]);
  await postWithPatience(request, "chat server", tools);
  expect(tools.waits).toEqual([250, 500, 1000]);
});

test("gives up at once where it is asked to wait for longer than there is time", async () => {
  const tools = patience([new Response("", { status: 429, headers: { "retry-after": "120" } })]);
  await expect(postWithPatience(request, "relay", tools)).rejects.toThrow(
    new UnavailableError("relay: answered 429; next try in 120 s, 20 s left"),
  );
  expect(tools.waits).toEqual([]);
});

test("says what is wrong without the address, which may be a secret", async () => {
  const tools = patience([refused()], 200);
  await expect(postWithPatience(request, "chat server", tools)).rejects.toThrow(
    new UnavailableError("chat server: no answer (ECONNREFUSED); next try in 1 s, 0 s left"),
  );
});

test("hands any other answer on, and never follows a redirect with the credential", async () => {
  const tools = patience([new Response("", { status: 302, headers: { location: "https://elsewhere.example" } })]);
  expect(await postWithPatience(request, "relay", tools)).toEqual({ status: 302, body: "" });
  expect(tools.calls.map(({ redirect }) => redirect)).toEqual(["manual"]);
});
