import { createHash, timingSafeEqual } from "node:crypto";

/** Two tokens are good at a time, so that servers can be given the new one while the old one still works. */
export interface Tokens {
  readonly current: string;
  readonly previous?: string;
}

export interface Verdict {
  readonly principalId: string;
  readonly policyDocument: {
    readonly Version: "2012-10-17";
    readonly Statement: readonly {
      readonly Action: string;
      readonly Effect: "Allow" | "Deny";
      readonly Resource: string;
    }[];
  };
}

/** @throws Error without the secret's text */
export function parseTokens(secret: string | undefined): Tokens {
  try {
    const { current, previous } = JSON.parse(secret ?? "");
    if (typeof current === "string" && current.length >= 32) return { current, previous: previous || undefined };
  } catch {
    // Told below: the parser's message would quote the secret.
  }
  throw new Error("the secret must be JSON with a token of 32 or more characters in current");
}

/**
 * The policy for a caller. It holds for every method of the stage: API Gateway keeps it for the token, whatever is called next.
 * @param header `Bearer …`
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
 */
export function decide(header: string | undefined, methodArn: string, tokens: Tokens): Verdict {
  const token = /^Bearer ([\w.~+/-]{1,512}=*)$/.exec(header ?? "")?.[1] ?? "";
  const isCurrent = isSame(token, tokens.current);
  const isPrevious = isSame(token, tokens.previous ?? tokens.current);
  const isAllowed = isCurrent || isPrevious;
  return {
    principalId: isCurrent ? "current-token" : isPrevious ? "previous-token" : "unknown",
    policyDocument: {
      Version: "2012-10-17",
      Statement: [
        { Action: "execute-api:Invoke", Effect: isAllowed ? "Allow" : "Deny", Resource: stageArn(methodArn) },
      ],
    },
  };
}

/** In a time that says nothing of either: of equal length by their hashes. */
function isSame(a: string, b: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}

/** `arn:…:api/stage/*` of `arn:…:api/stage/POST/activations` */
function stageArn(methodArn: string): string {
  return `${methodArn.split("/").slice(0, 2).join("/")}/*`;
}
