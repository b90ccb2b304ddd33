import { describe, expect, it } from "@jest/globals";
import { decide, parseTokens } from "../../../functions/activation-authorizer/core";

const [CURRENT, PREVIOUS] = ["c".repeat(48), "p".repeat(48)];
const ARN = "arn:aws:execute-api:ap-northeast-1:111122223333:a1b2c3/v1/POST/activations";

describe("the authorizer", () => {
  it.each([
    [`Bearer ${CURRENT}`, "current-token", "Allow"],
    [`Bearer ${PREVIOUS}`, "previous-token", "Allow"],
    [`bearer ${CURRENT}`, "unknown", "Deny"],
    [CURRENT, "unknown", "Deny"],
    [`Bearer ${CURRENT}x`, "unknown", "Deny"],
    [`Bearer ${CURRENT}\n`, "unknown", "Deny"],
    ["Bearer ", "unknown", "Deny"],
    [undefined, "unknown", "Deny"],
  ])("answers %j", (header, principalId, Effect) => {
    const Resource = "arn:aws:execute-api:ap-northeast-1:111122223333:a1b2c3/v1/*";
    expect(decide(header, ARN, { current: CURRENT, previous: PREVIOUS })).toEqual({
      principalId,
      policyDocument: { Version: "2012-10-17", Statement: [{ Action: "execute-api:Invoke", Effect, Resource }] },
    });
  });

  it("takes nothing for a previous token where there was none", () => {
    expect(decide("Bearer undefined", ARN, { current: CURRENT }).principalId).toBe("unknown");
  });

  it.each([[undefined], [""], [CURRENT], ['{"current":"short"}'], ['{"previous":"x"}']])(
    "refuses the secret %j without its text",
    (secret) => {
      expect(() => parseTokens(secret)).toThrow(
        new Error("the secret must be JSON with a token of 32 or more characters in current"),
      );
    },
  );
});
