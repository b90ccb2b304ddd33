import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";

const SCRIPTS = join(__dirname, "../../../cli/activation-client/scripts");
const SCRIPT = join(SCRIPTS, "register.sh");
const TOKEN = "t".repeat(48);
const ID = "11111111-2222-3333-4444-555555555555";
const OTHER_ID = "66666666-7777-8888-9999-000000000000";
const CODE = "c0decafec0decafec0de";
const isInstalled = (program: string) => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
const missing = ["curl", "gpg", "sha256sum", "od"].filter((program) => !isInstalled(program));
const shells = ["dash", "bash"].filter(isInstalled);
const shellcheck = isInstalled("shellcheck") ? it : it.skip;

/** What the stand-in for ssm-setup-cli does: writes down its words, and registers unless the activation is the bad one. */
const INSTALLER = `#!/bin/sh
echo "$*" >>"$KAKEHASHI_ROOT/words"
echo "installing with $5"
case "$*" in *${OTHER_ID}*) exit 9 ;; esac
mkdir -p "$KAKEHASHI_ROOT/var/lib/amazon/ssm"
echo '{"ManagedInstanceID":"mi-0123456789abcdef0","Region":"ap-northeast-1"}' >"$KAKEHASHI_ROOT/var/lib/amazon/ssm/registration"
`;

interface Asked {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: { machine: string; attempt: string; rejectedActivationId?: string };
}

interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: object;
}

const PAIR: Answer = {
  status: 200,
  body: { activationId: ID, activationCode: CODE, region: "ap-northeast-1", expiresAt: "2026-12-05T00:00:00Z" },
};

shellcheck.each(["register.sh", "install.sh"])(
  `%s is clean by shellcheck${isInstalled("shellcheck") ? "" : " (skipped: shellcheck not installed)"}`,
  (name) => {
    expect(spawnSync("shellcheck", ["-s", "sh", join(SCRIPTS, name)], { encoding: "utf8" })).toMatchObject({
      status: 0,
      stdout: "",
    });
  },
);

const pwsh = isInstalled("pwsh") ? it : it.skip;
pwsh(`register.ps1 parses${isInstalled("pwsh") ? "" : " (skipped: pwsh not installed)"}`, () => {
  const parse = `$errors = $null
    $null = [System.Management.Automation.Language.Parser]::ParseInput([Console]::In.ReadToEnd(), [ref] $null, [ref] $errors)
    $errors | ForEach-Object { $_.ToString() }`;
  const input = readFileSync(join(SCRIPTS, "register.ps1.tmpl"));
  expect(spawnSync("pwsh", ["-NoProfile", "-Command", parse], { input, encoding: "utf8" })).toMatchObject({
    status: 0,
    stdout: "",
  });
});

const suite = missing.length === 0 ? describe : describe.skip;
suite(`register.sh${missing.length === 0 ? "" : ` (skipped: ${missing.join(", ")} not installed)`}`, () => {
  const world = { keys: "", publicKey: "", root: "", url: "" };
  const server: Server = createServer((request, response) => {
    const name = request.url?.split("/").at(-1) ?? "";
    const file = request.url?.startsWith("/agent/debian_") ? files.get(name) : undefined;
    if (file) {
      response.end(file);
      return;
    }
    let text = "";
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", () => {
      asked.push({ headers: request.headers, body: JSON.parse(text || "{}") });
      const { status, headers = {}, body = {} } = answers.shift() ?? { status: 500 };
      response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(body));
    });
  });
  const asked: Asked[] = [];
  const answers: Answer[] = [];
  const files = new Map<string, Buffer>();
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    world.keys = mkdtempSync(join(tmpdir(), "keys-"));
    chmodSync(world.keys, 0o700);
    const made = gpg("--passphrase", "", "--quick-gen-key", "test <test@example.com>", "ed25519", "sign", "never");
    expect({ status: made.status, err: made.status === 0 ? "" : made.stderr.toString() }).toEqual({
      status: 0,
      err: "",
    });
    world.publicKey = gpg("--armor", "--export").stdout.toString();
    const installer = join(world.keys, "installer");
    writeFileSync(installer, INSTALLER);
    gpg("--passphrase", "", "--detach-sign", installer);
    files.set("ssm-setup-cli", readFileSync(installer));
    files.set("ssm-setup-cli.sig", readFileSync(`${installer}.sig`));
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    world.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    spawnSync("gpgconf", ["--homedir", world.keys, "--kill", "all"]);
    await new Promise((closed) => server.close(closed));
    rmSync(world.keys, { recursive: true, force: true });
  });

  beforeEach(() => {
    world.root = mkdtempSync(join(tmpdir(), "server-"));
    write("etc/os-release", 'ID=ubuntu\nID_LIKE="debian"\n');
    write("etc/machine-id", "0123456789abcdef0123456789abcdef\n");
    write("etc/kakehashi/amazon-ssm-agent.asc", world.publicKey);
    write("etc/kakehashi/activation-token", `${TOKEN}\n`);
    configure();
  });

  afterEach(() => {
    for (const child of children.splice(0)) child.kill();
    asked.length = 0;
    answers.length = 0;
    rmSync(world.root, { recursive: true, force: true });
  });

  const gpg = (...words: string[]) =>
    spawnSync("gpg", ["--homedir", world.keys, "--batch", "--quiet", "--yes", ...words]);

  function write(path: string, text: string): void {
    mkdirSync(join(world.root, path, ".."), { recursive: true });
    writeFileSync(join(world.root, path), text);
  }

  function configure(more = ""): void {
    write(
      "etc/kakehashi/activation.conf",
      `url=${world.url}/v1\nregion=ap-northeast-1\napi_id=\nproxy=\nagent_url=${world.url}/agent\n${more}`,
    );
  }

  async function register(shell = "sh", ...words: string[]): Promise<{ code: number | null; err: string }> {
    const child = spawn(shell, [SCRIPT, ...words], { env: { PATH: process.env.PATH, KAKEHASHI_ROOT: world.root } });
    children.push(child);
    let err = "";
    child.stderr.on("data", (chunk) => {
      err += chunk;
    });
    const code = await new Promise<number | null>((done) => child.on("close", done));
    return { code, err };
  }

  const words = () =>
    existsSync(join(world.root, "words")) ? readFileSync(join(world.root, "words"), "utf8").trim().split("\n") : [];

  it.each(shells)("registers, with the token in a header, and once only (%s)", async (shell) => {
    answers.push(PAIR);
    expect(await register(shell)).toEqual({
      code: 0,
      err: "kakehashi-register: registered as mi-0123456789abcdef0\n",
    });
    expect(words()).toEqual([`-register -activation-id ${ID} -activation-code ${CODE} -region ap-northeast-1`]);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.headers).toMatchObject({ authorization: `Bearer ${TOKEN}`, "content-type": "application/json" });
    expect(asked[0]?.headers).not.toHaveProperty("x-apigw-api-id");
    expect(asked[0]?.body).toEqual({
      machine: expect.stringMatching(/^[A-Za-z0-9._-]{1,80}\.[0-9a-f]{12}$/),
      attempt: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(await register(shell)).toEqual({
      code: 0,
      err: "kakehashi-register: registered already, as mi-0123456789abcdef0\n",
    });
    expect(asked).toHaveLength(1);
  });

  it("waits as long as a 503 says and asks again with the same attempt", async () => {
    answers.push({ status: 503, headers: { "Retry-After": "1" } }, PAIR);
    const { code, err } = await register();
    expect(code).toBe(0);
    expect(err).toMatch(/^kakehashi-register: the API answered 503; asking again in [12] s\n/);
    expect(asked[1]?.body).toEqual(asked[0]?.body);
  });

  it("gives up where its patience ends before the wait does", async () => {
    configure("patience_seconds=5\n");
    answers.push({ status: 503, headers: { "Retry-After": "300" } });
    expect(await register()).toEqual({ code: 2, err: "kakehashi-register: gave up: the last answer was 503\n" });
    expect(words()).toEqual([]);
  });

  it("tells which activation was not taken, and never shows a code", async () => {
    answers.push({ status: 200, body: { activationId: OTHER_ID, activationCode: CODE } }, PAIR);
    const { code, err } = await register();
    expect(code).toBe(0);
    expect(err).toBe(
      `  installing with …\nkakehashi-register: the installer failed with activation ${OTHER_ID} (round 1 of 3)\n` +
        "kakehashi-register: registered as mi-0123456789abcdef0\n",
    );
    expect(asked[0]?.body.rejectedActivationId).toBeUndefined();
    expect(asked[1]?.body.rejectedActivationId).toBe(OTHER_ID);
    expect(asked[1]?.body.attempt).not.toBe(asked[0]?.body.attempt);
  });

  it("runs nothing that is not signed with the key that lies there", async () => {
    const sound = files.get("ssm-setup-cli") as Buffer;
    files.set("ssm-setup-cli", Buffer.concat([sound, Buffer.from('touch "$KAKEHASHI_ROOT/owned"\n')]));
    const { code, err } = await register();
    files.set("ssm-setup-cli", sound);
    expect(code).toBe(2);
    expect(err).toMatch(/kakehashi-register: the signature of \S+\/ssm-setup-cli is not good: nothing was run\n$/);
    expect({ asked, words: words() }).toEqual({ asked: [], words: [] });
  });

  it("says that AWS's key is missing", async () => {
    rmSync(join(world.root, "etc/kakehashi/amazon-ssm-agent.asc"));
    expect(await register()).toEqual({
      code: 1,
      err: `kakehashi-register: can't read ${world.root}/etc/kakehashi/amazon-ssm-agent.asc: put AWS's public key for the agent there\n`,
    });
  });

  it.each([
    [401, 3, /the API refuses this server \(401\)/],
    [403, 3, /the API refuses this server \(403\)/],
    [404, 1, /there is no API at http/],
    [400, 1, /the API does not understand this version of kakehashi-register: bad$/m],
  ])("does not try again after %d", async (status, code, text) => {
    answers.push({ status, body: { message: "bad" } });
    const result = await register();
    expect(result.code).toBe(code);
    expect(result.err).toMatch(text);
    expect(asked).toHaveLength(1);
  });

  it("registers again only where it is told to, over the old registration", async () => {
    write("var/lib/amazon/ssm/registration", '{"ManagedInstanceID":"mi-0ffffffffffffffff"}');
    answers.push(PAIR);
    expect((await register("sh", "--re-register")).code).toBe(0);
    expect(words()).toEqual([
      `-register -activation-id ${ID} -activation-code ${CODE} -region ap-northeast-1 -override`,
    ]);
  });

  it("names the API by a header where the endpoint's own name is called", async () => {
    configure("api_id=a1b2c3\n");
    answers.push(PAIR);
    expect((await register()).code).toBe(0);
    expect(asked[0]?.headers).toMatchObject({ "x-apigw-api-id": "a1b2c3" });
  });

  it.each([
    ["region=$(touch owned)", /region must be an AWS region/],
    ["url=http://10.0.0.1/", /url must begin with https:\/\//],
    ["patience_seconds=1;id", /patience_seconds must be a number/],
    ["colour=red", /colour is not a known key/],
  ])("never runs its configuration, and refuses %s", async (line, text) => {
    configure(`${line}\n`);
    const { code, err } = await register();
    expect(code).toBe(1);
    expect(err).toMatch(text);
    expect(readdirSync(world.root)).toEqual(["etc"]);
  });

  it.each([
    ["an id that is a command", { activationId: "$(touch owned)", activationCode: CODE }, /no activation id/],
    ["a code with a quote", { activationId: ID, activationCode: "a' b" }, /no activation code/],
    ["nothing", {}, /no activation id/],
  ])("takes no answer with %s", async (_, body, text) => {
    answers.push({ status: 200, body });
    const { code, err } = await register();
    expect(code).toBe(2);
    expect(err).toMatch(text);
    expect(words()).toEqual([]);
  });
});
