import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { ACTIVATION_FACTS } from "../helpers/activation-facts";
import { runCli } from "../helpers/run-cli";
import { useFolder } from "../helpers/use-folder";

const SITE = join(__dirname, "../../examples/everything/site.yaml");
const TOKEN = "s".repeat(48);
const folder = useFolder();

function outputs(): string {
  const file = join(folder(), "outputs.json");
  const value = { "activations-servers": { activation_facts: ACTIVATION_FACTS, activation_token: TOKEN } };
  writeFileSync(file, JSON.stringify(value));
  return file;
}

describe("kakehashi activations client", () => {
  it("writes the clients' files once, and says what to do next", async () => {
    const out = join(folder(), "out");
    const words = ["activations", "client", "servers", SITE, "--facts", outputs(), "--out", out];
    const first = await runCli(words);
    const target = join(out, "demo-activations-servers");
    expect(first).toEqual({
      code: 0,
      err: "",
      out: `${target}: 9 files written\nnote: without --agent-key linux/install.sh asks for AWS's public key, and cloud-init.yaml has none\nNext: copy ${target}/linux to a server (it holds the token: scp, not mail) and run \`sudo ./install.sh\` there.\n`,
    });
    expect(statSync(join(target, "linux/etc/kakehashi/activation-token")).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(target, "linux/etc/kakehashi/activation-token"), "utf8")).toBe(`${TOKEN}\n`);
    const again = await runCli([...words, "--json"]);
    expect(JSON.parse(again.out)).toEqual({ ok: true, folder: target, changes: [] });
    expect(again.out + first.out).not.toContain(TOKEN);
  });

  it("takes no key that is none", async () => {
    const out = join(folder(), "out");
    const words = ["activations", "client", "servers", SITE, "--facts", outputs(), "--out", out, "--agent-key", SITE];
    expect(await runCli(words)).toEqual({
      code: 1,
      out: "",
      err: `${SITE}: 1 problem\n  must be an ASCII-armoured PGP public key; save it from https://docs.aws.amazon.com/systems-manager/latest/userguide/verify-agent-signature.html\n`,
    });
    expect(existsSync(out)).toBe(false);
  });

  it("knows the site file's entries only", async () => {
    expect(await runCli(["activations", "status", "server", SITE])).toEqual({
      code: 1,
      out: "",
      err: `${SITE}: 1 problem\n  activations: must have the entry that is asked for, got "server"; did you mean servers?\n`,
    });
  });
});
