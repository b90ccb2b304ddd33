import { describe, expect, it } from "@jest/globals";
import { parseSite } from "../../config/parse-site";
import type { ConfigError } from "../../config/problems";
import { exchange, refusal, WHOLE_SITE } from "../helpers/whole-site";

const KEY = "hunter2Hunter2Hunter2";
const RULE =
  "must be a reference to a secret, never the secret itself; use env:NAME and set TF_VAR_NAME in the environment";
const PSK = "psk: env:TOKYO_AWS_1";

/** What a user may write in the line of `psk:`, and the whole message (line 125 is that line). */
const WRITTEN: readonly (readonly [how: string, instead: string, message: string])[] = [
  ["as text", `psk: ${KEY}`, `connections.tokyo-aws.tunnels.1.psk: ${RULE} (line 125)`],
  ["in quotes", `psk: "${KEY}"`, `connections.tokyo-aws.tunnels.1.psk: ${RULE} (line 125)`],
  ["as a number", "psk: 4815162342", `connections.tokyo-aws.tunnels.1.psk: ${RULE} (line 125)`],
  ["as a boolean", "psk: true", `connections.tokyo-aws.tunnels.1.psk: ${RULE} (line 125)`],
  ["as nothing", "psk:", `connections.tokyo-aws.tunnels.1.psk: ${RULE} (line 125)`],
  ["as a list", `psk: [${KEY}]`, `connections.tokyo-aws.tunnels.1.psk: ${RULE} (line 125)`],
  ["as a mapping", `psk: { value: ${KEY} }`, `connections.tokyo-aws.tunnels.1.psk: ${RULE} (line 125)`],
  ["as a key", `psk: { ${KEY}: x }`, `connections.tokyo-aws.tunnels.1.psk: ${RULE} (line 125)`],
  ["on several lines", `psk: |\n  ${KEY}\n  ${KEY}`, `connections.tokyo-aws.tunnels.1.psk: ${RULE} (line 125)`],
  ["folded", `psk: >-\n  ${KEY}`, `connections.tokyo-aws.tunnels.1.psk: ${RULE} (line 125)`],
  [
    "as presharedKey",
    `presharedKey: ${KEY}`,
    "connections.tokyo-aws.tunnels.1.presharedKey: is not a known key; known are insideCidr, psk, pskEpoch (line 125)",
  ],
  ["as PSK", `PSK: ${KEY}`, "connections.tokyo-aws.tunnels.1.PSK: is not a known key; did you mean psk? (line 125)"],
  [
    "in a list under a near key",
    `psks: [${KEY}]`,
    "connections.tokyo-aws.tunnels.1.psks: is not a known key; did you mean psk? (line 125)",
  ],
  [
    "without the space",
    `"psk:${KEY}":`,
    'connections.tokyo-aws.tunnels.1."psk…": is not a known key; known are insideCidr, psk, pskEpoch (line 125)',
  ],
  [
    "without the colon, in one key",
    `? psk ${KEY}\n: x`,
    'connections.tokyo-aws.tunnels.1."psk…": is not a known key; known are insideCidr, psk, pskEpoch (line 125)',
  ],
  [
    "with an alias's star",
    `psk: *${KEY}`,
    "connections.tokyo-aws.tunnels.1.psk: must name an anchor that stands before it and does not hold it; write the value out, or put text that begins with * in quotes (line 125)",
  ],
  ["with a tag's mark", `psk: !${KEY}`, "must not have a YAML tag; put text that begins with ! in quotes (line 125)"],
  [
    "with a block scalar's mark",
    `psk: |${KEY}`,
    "must be well-formed YAML; look for a missing quote, comma or bracket here or just before (line 125)",
  ],
  [
    "with a character that YAML keeps",
    `psk: @${KEY}`,
    "must not begin with a character that YAML keeps for itself; put the text in quotes (line 125)",
  ],
  [
    "with an unknown escape",
    `psk: "${KEY}\\q"`,
    "must not have an unknown escape after a backslash; use single quotes or write the backslash twice (line 125)",
  ],
  [
    "with text after the quotes",
    `psk: "x" ${KEY}`,
    "must be well-formed YAML; look for a missing quote, comma or bracket here or just before (line 125)",
  ],
  [
    "with a second colon",
    `psk: ${KEY}: x`,
    "must not have a second mapping or list on the same line; begin a new line, or put the text in quotes (line 125)",
  ],
  [
    "with a bracket that is never closed",
    `psk: [${KEY}`,
    "must be indented as its neighbours are, and closed where it was opened; mend the indentation, or the bracket (line 126)",
  ],
  [
    "twice",
    `${PSK}\npsk: ${KEY}`,
    "connections.tokyo-aws.tunnels.1.psk: must not be there twice; remove one, or rename it (line 126)",
  ],
];

describe("a pre-shared key in plain text", () => {
  it.each(WRITTEN)("is refused and not shown when written %s", (_, instead, message) => {
    const said = refusal(exchange(PSK, instead).text);
    expect(said.toLowerCase()).not.toMatch(/hunter2|4815162342/);
    expect(said).toBe(`site.yaml: 1 problem\n  ${message}`);
  });

  it.each([
    ["instead of the tunnels", "tunnels:", `tunnels: ${KEY}\nx:`],
    ["instead of a tunnel", "1:", `1: ${KEY}\nx:`],
    ["instead of a connection", "tokyo-kept:", `tokyo-kept: ${KEY}\nother:`],
    ["as a list of tunnels", "tunnels:", `tunnels: [{ psk: ${KEY} }, { psk: ${KEY} }]\nx:`],
    ["as a tag's value", "owner: network-team", `pre-shared-key: "${KEY}$"`],
    ["as a password in the catalog", "os_network_name: vcp-net", `os_password: "${KEY}$"`],
    ["in the backend's address", "type: local", `type: http\naddress: https://me:${KEY}@example.ac.jp/`],
  ])("is not shown %s", (_, line, instead) => {
    // `tunnels:` and `1:` stand there several times: the first is as good as any.
    const text =
      line === "tunnels:" || line === "1:"
        ? WHOLE_SITE.replace(new RegExp(`^( *)${line}$`, "m"), instead.replaceAll(/^/gm, "$1"))
        : exchange(line, instead).text;
    const said = refusal(text);
    expect(said).toMatch(/^site\.yaml: \d+ problems?\n/);
    expect(said).not.toContain(KEY);
  });

  it("is not in the problems that a program reads either", () => {
    for (const [, instead] of WRITTEN) {
      let problems: unknown;
      try {
        parseSite(exchange(PSK, instead).text, "site.yaml");
      } catch (error) {
        problems = (error as ConfigError).problems;
      }
      expect(problems).toEqual(expect.any(Array));
      expect(JSON.stringify(problems).toLowerCase()).not.toMatch(/hunter2|4815162342/);
    }
  });
});
