import { cacheSecret } from "../../../functions/common/secret-store";
import { isAllowed } from "../../../functions/relay-authorizer/core";
import { toPolicy } from "../../../functions/relay-authorizer/policy";

function secrets() {
  const store = {
    current: "token-2" as string | undefined,
    previous: "token-1" as string | undefined,
    reads: 0,
    now: 0,
  };
  const cached = (["current", "previous"] as const).map((version) =>
    cacheSecret(
      async () => {
        store.reads++;
        return store[version];
      },
      () => store.now,
      60_000,
    ),
  );
  return { store, cached };
}

test.each([
  ["the current token", "token-2", true],
  ["the previous token", "token-1", true],
  ["another token", "token-0", false],
  ["a token that begins alike", "token-22", false],
  ["no token", undefined, false],
  ["an empty token", "", false],
  ["a token of a kilobyte and more", "x".repeat(1025), false],
])("%s", async (_what, token, isOpen) => {
  expect(await isAllowed(token, secrets().cached)).toBe(isOpen);
});

test("opens to nobody where a secret is absent or blank", async () => {
  const { store, cached } = secrets();
  Object.assign(store, { current: "  ", previous: undefined });
  expect(await Promise.all([" ", "\0", "undefined"].map((token) => isAllowed(token, cached)))).toEqual([
    false,
    false,
    false,
  ]);
});

test("sees a rotation at once, through the token that does not match yet", async () => {
  const { store, cached } = secrets();
  expect(await isAllowed("token-2", cached)).toBe(true);
  Object.assign(store, { current: "token-3", previous: "token-2", now: 6_000 });
  expect(await isAllowed("token-3", cached)).toBe(true);
  expect(await isAllowed("token-1", cached)).toBe(false);
});

test("asks the store at most every five seconds, however many wrong tokens come", async () => {
  const { store, cached } = secrets();
  for (let tries = 0; tries < 50; tries++) await isAllowed(`wrong-${tries}`, cached);
  expect(store.reads).toBe(2);
});

test("neither allows nor denies where the store can't be asked", async () => {
  const broken = cacheSecret(
    () => Promise.reject(new Error("store down")),
    () => 0,
    60_000,
  );
  await expect(isAllowed("token-1", [broken])).rejects.toThrow("store down");
});

const METHOD = "arn:aws:execute-api:ap-northeast-1:123456789012:abc123/v1/POST/alarms/oci";

test("allows every source, since the answer is kept for the token and not for the path", () => {
  expect(toPolicy(METHOD, true)).toEqual({
    principalId: "forwarder",
    policyDocument: {
      Version: "2012-10-17",
      Statement: [
        {
          Action: "execute-api:Invoke",
          Effect: "Allow",
          Resource: "arn:aws:execute-api:ap-northeast-1:123456789012:abc123/v1/POST/alarms/*",
        },
      ],
    },
  });
});

test("denies everything of the stage", () => {
  expect(toPolicy(METHOD, false).policyDocument.Statement).toEqual([
    {
      Action: "execute-api:Invoke",
      Effect: "Deny",
      Resource: "arn:aws:execute-api:ap-northeast-1:123456789012:abc123/v1/*/*",
    },
  ]);
});
