import { spawn, spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderActivationClient } from "../../cli/activation-client/render-client";
import { ACTIVATION_FACTS } from "../helpers/activation-facts";
import { startWorld, TOKEN, type World } from "./activations-world";

const programs = ["curl", "gpg", "sha256sum"].filter(
  (program) => spawnSync("sh", ["-c", `command -v ${program}`]).status !== 0,
);
const proof = programs.length === 0 ? test : test.skip;

/** Registers as the agent does: with a service that counts, and refuses what is used up. */
const INSTALLER = `#!/bin/sh
set -eu
node=$(curl --silent --fail --noproxy '*' "$AGENT_URL/register?id=$3&code=$5")
mkdir -p "$KAKEHASHI_ROOT/var/lib/amazon/ssm"
printf '{"ManagedInstanceID":"%s","Region":"%s"}' "$node" "$7" >"$KAKEHASHI_ROOT/var/lib/amazon/ssm/registration"
`;

async function startAgentServer({ service }: World, files: ReadonlyMap<string, Buffer>) {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://agent");
    const file = files.get(url.pathname.split("/").at(-1) ?? "");
    const [id, code] = [url.searchParams.get("id"), url.searchParams.get("code")];
    const node = id && code ? service.register(id, code) : undefined;
    if (file) response.end(file);
    else response.writeHead(node ? 200 : 400).end(node ?? "InvalidActivation");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

proof(
  `twelve servers install the rendered files and register through the API, once each${programs.length === 0 ? "" : ` (skipped: ${programs.join(", ")} not installed)`}`,
  async () => {
    const here = await startWorld({ REGISTRATION_LIMIT: "5" });
    const folder = mkdtempSync(join(tmpdir(), "activation-client-"));
    const keys = join(folder, "keys");
    const gpg = (...words: string[]) =>
      spawnSync("gpg", ["--homedir", keys, "--batch", "--quiet", "--yes", "--passphrase", "", ...words]);
    mkdirSync(keys);
    chmodSync(keys, 0o700);
    gpg("--quick-gen-key", "test <test@example.com>", "ed25519", "sign", "never");
    const installer = join(folder, "installer");
    writeFileSync(installer, INSTALLER);
    gpg("--detach-sign", installer);
    const agent = await startAgentServer(
      here,
      new Map([
        ["ssm-setup-cli", readFileSync(installer)],
        ["ssm-setup-cli.sig", readFileSync(`${installer}.sig`)],
      ]),
    );
    try {
      const bundle = join(folder, "bundle");
      const agentKey = gpg("--armor", "--export").stdout.toString();
      for (const { path, content, mode } of renderActivationClient({
        facts: ACTIVATION_FACTS,
        token: TOKEN,
        agentKey,
      })) {
        mkdirSync(join(bundle, path, ".."), { recursive: true });
        writeFileSync(join(bundle, path), content, { mode });
      }
      const run = (root: string, program: string) =>
        new Promise<{ code: number | null; err: string }>((done) => {
          const env = { PATH: process.env.PATH, KAKEHASHI_ROOT: root, AGENT_URL: agent.url };
          const child = spawn("sh", [program], { env });
          let err = "";
          child.stderr.on("data", (chunk) => {
            err += chunk;
          });
          child.on("close", (code) => done({ code, err }));
        });
      const register = async (at: number) => {
        const root = join(folder, `server-${at}`);
        mkdirSync(join(root, "etc"), { recursive: true });
        writeFileSync(join(root, "etc/os-release"), "ID=debian\n");
        cpSync(join(bundle, "linux"), join(folder, `linux-${at}`), { recursive: true });
        const installed = await run(root, join(folder, `linux-${at}/install.sh`));
        expect(installed).toEqual({ code: 0, err: "" });
        const conf = join(root, "etc/kakehashi/activation.conf");
        const text = readFileSync(conf, "utf8").replace(/^url=.*$/m, `url=${here.gateway.url()}`);
        writeFileSync(conf, `${text}agent_url=${agent.url}\n`);
        return run(root, join(root, "usr/local/sbin/kakehashi-register"));
      };
      const first = await Promise.all(Array.from({ length: 12 }, (_, at) => register(at)));
      expect(first.map(({ code }) => code)).toEqual(Array(12).fill(0));
      expect(here.service.nodes).toHaveLength(12);
      expect(here.service.made).toBeGreaterThanOrEqual(3);
      const again = await register(0);
      expect(again.err).toMatch(/^kakehashi-register: registered already, as mi-[0-9a-f]{17}\n$/);
      expect(here.service.nodes).toHaveLength(12);
    } finally {
      spawnSync("gpgconf", ["--homedir", keys, "--kill", "all"]);
      agent.server.closeAllConnections();
      agent.server.close();
      await here.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
