import {
  ACTIVATION_FACTS_OUTPUT,
  ACTIVATION_TOKEN_OUTPUT,
  type ActivationFacts,
  activationFacts,
} from "./activation-facts";
import type { FactFile } from "./facts/fact-file";
import { WRITE_OUTPUTS } from "./facts/recognise-file";
import { ConfigError } from "./problems";

export interface ActivationOutputs {
  readonly facts: ActivationFacts;
  /** Undefined where the API asks for none. */
  readonly token?: string;
}

/** What Terraform makes. */
const TOKEN = /^[A-Za-z0-9]{32,128}$/;

/** cdktf nests an output as deep as its construct lies in the app. */
const MAX_DEPTH = 8;

interface Found {
  readonly path: readonly string[];
  readonly value: unknown;
}

/**
 * Reads one API's outputs from `cdktf … --outputs-file` JSON, which may hold every stack's, or from `terraform output -json`.
 * @param stack whose outputs are wanted, where the file has several
 * @param isTokenWanted whether the site file has callers asked for a token
 * @throws ConfigError never with the token
 */
export function readActivationOutputs(
  { name, text }: FactFile,
  stack: string,
  isTokenWanted: boolean,
): ActivationOutputs {
  const refuse = (rule: string, fix = WRITE_OUTPUTS): never => {
    throw new ConfigError(name, [{ path: [], rule, fix }]);
  };
  const root = parseJson(text) ?? refuse("must be JSON");
  const found = only(findOutputs(root, ACTIVATION_FACTS_OUTPUT), stack);
  if (!found) return refuse(`must hold the output ${ACTIVATION_FACTS_OUTPUT} of stack ${stack}`);
  const facts = activationFacts.safeParse(found.value);
  if (!facts.success) {
    const [issue] = facts.error.issues;
    return refuse(
      `must hold sound outputs of stack ${stack}: look at ${[...found.path, ...(issue?.path ?? [])].join(".")}`,
      "deploy the stack again and write its outputs again",
    );
  }
  if (!isTokenWanted) return { facts: facts.data };
  const token = only(findOutputs(root, ACTIVATION_TOKEN_OUTPUT), stack)?.value;
  if (typeof token !== "string" || !TOKEN.test(token))
    return refuse(`must hold the output ${ACTIVATION_TOKEN_OUTPUT} of stack ${stack}, which is left out as sensitive`);
  return { facts: facts.data, token };
}

/** V8's message would quote what may be a token. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
}

/** The stack's own; in a file of one stack its name does not appear. */
function only(found: readonly Found[], stack: string): Found | undefined {
  return (
    found.find(({ path }) => path.includes(stack)) ?? (found.length === 1 && isOneStack(found) ? found[0] : undefined)
  );
}

function isOneStack([found]: readonly Found[]): boolean {
  return found !== undefined && !found.path.some((part) => part.startsWith("activations-"));
}

function findOutputs(value: unknown, name: string, path: readonly string[] = []): Found[] {
  if (!isRecord(value) || path.length > MAX_DEPTH) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = [...path, key];
    if (key !== name) return findOutputs(inner, name, here);
    const isWrapped = isRecord(inner) && "value" in inner && !("version" in inner);
    return [{ path: here, value: isWrapped ? inner.value : inner }];
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
