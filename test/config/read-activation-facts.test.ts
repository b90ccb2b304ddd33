import { describe, expect, it } from "@jest/globals";
import { readActivationOutputs } from "../../config/read-activation-facts";
import { ACTIVATION_FACTS } from "../helpers/activation-facts";

const TOKEN = "s".repeat(48);
const OUTPUTS = { activation_facts: ACTIVATION_FACTS, activation_token: TOKEN };
const read = (value: unknown, isTokenWanted = true) =>
  readActivationOutputs(
    { name: "outputs.json", text: typeof value === "string" ? value : JSON.stringify(value) },
    "activations-servers",
    isTokenWanted,
  );
const refused = (value: unknown): string => {
  try {
    read(value);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
};
const WRITE = "write it with `cdktf output '*' --outputs-file outputs.json --outputs-file-include-sensitive-outputs`";

describe("the outputs of an activation API", () => {
  it.each([
    ["of every stack, as cdktf writes them", { "aws-tokyo": { activation_token: 1 }, "activations-servers": OUTPUTS }],
    [
      "of two APIs",
      { "activations-other": { ...OUTPUTS, activation_token: "o".repeat(48) }, "activations-servers": OUTPUTS },
    ],
    [
      "of one stack, as Terraform prints them",
      {
        activation_facts: { sensitive: false, type: ["object", {}], value: ACTIVATION_FACTS },
        activation_token: { sensitive: true, type: "string", value: TOKEN },
      },
    ],
  ])("are read from outputs %s", (_, value) => {
    expect(read(value)).toEqual({ facts: ACTIVATION_FACTS, token: TOKEN });
  });

  it("need no token where the site file asks for none", () => {
    expect(read({ activation_facts: ACTIVATION_FACTS }, false)).toEqual({ facts: ACTIVATION_FACTS });
  });

  it.each([
    ["no JSON", "tokentokentoken {", `outputs.json: 1 problem\n  must be JSON; ${WRITE}`],
    [
      "another API's",
      { "activations-other": OUTPUTS },
      `outputs.json: 1 problem\n  must hold the output activation_facts of stack activations-servers; ${WRITE}`,
    ],
    [
      "no token",
      { "activations-servers": { activation_facts: ACTIVATION_FACTS } },
      `outputs.json: 1 problem\n  must hold the output activation_token of stack activations-servers, which is left out as sensitive; ${WRITE}`,
    ],
    [
      "a token with a quote in it",
      { "activations-servers": { ...OUTPUTS, activation_token: `${TOKEN}"` } },
      `outputs.json: 1 problem\n  must hold the output activation_token of stack activations-servers, which is left out as sensitive; ${WRITE}`,
    ],
    [
      "a host that is a command",
      { "activations-servers": { ...OUTPUTS, activation_facts: { ...ACTIVATION_FACTS, aliasHost: "$(id)" } } },
      "outputs.json: 1 problem\n  must hold sound outputs of stack activations-servers: look at activations-servers.activation_facts.aliasHost; deploy the stack again and write its outputs again",
    ],
  ])("refuse %s", (_, value, message) => {
    expect(refused(value)).toBe(message);
  });
});
