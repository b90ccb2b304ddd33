// test-aws.mjs [jest's arguments]: runs test/aws against moto's server (an AWS API emulator over HTTP) on loopback. Python and
// PyPI are needed once, for a virtual environment in the user's cache; where they can't be had it says `skipped` and succeeds.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const MOTO = "5.2.5";
const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
const environment = join(cache, `kakehashi-moto-${MOTO}`);
const server = join(environment, "bin/moto_server");

if (!existsSync(server) && !makeEnvironment()) {
  process.stdout.write(`skipped: tests against an AWS API emulator (moto ${MOTO} can't be installed here)\n`);
  process.exit(0);
}
const port = await freePort();
const python = join(environment, "bin/python3");
const moto = spawn(python, [join(ROOT, "scripts/moto-server.py"), "-H", "127.0.0.1", "-p", String(port)], {
  stdio: "ignore",
});
const url = `http://127.0.0.1:${port}`;
try {
  await isUp(url);
  const entry = process.argv[2] === "--run" ? process.argv.slice(3) : undefined;
  const words = entry ?? [
    join(ROOT, "node_modules/jest/bin/jest.js"),
    "--config",
    "jest.aws.config.js",
    ...process.argv.slice(2),
  ];
  const tests = spawn(process.execPath, words, {
    cwd: ROOT,
    stdio: "inherit",
    // The SDK finds the emulator by its own variable; nothing else differs from a real account.
    env: {
      ...process.env,
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: "testing",
      AWS_SECRET_ACCESS_KEY: "testing",
      AWS_REGION: "ap-northeast-1",
      AWS_EC2_METADATA_DISABLED: "true",
    },
  });
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => tests.kill(signal));
  const [status] = await once(tests, "exit");
  process.exitCode = status ?? 130;
} finally {
  moto.kill();
}

function makeEnvironment() {
  const made = spawnSync("python3", ["-m", "venv", environment], { stdio: "inherit" });
  if (made.status !== 0) return false;
  const pip = join(environment, "bin/pip");
  process.stdout.write(`Installing moto ${MOTO} into ${environment} …\n`);
  return spawnSync(pip, ["install", "--quiet", `moto[server]==${MOTO}`], { stdio: "inherit" }).status === 0;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port: free } = probe.address();
      probe.close(() => resolve(free));
    });
  });
}

async function isUp(address) {
  for (let tries = 0; tries < 1800; tries++) {
    const answer = await fetch(`${address}/moto-api/data.json`).catch(() => undefined);
    if (answer?.ok) return;
    await setTimeout(100);
  }
  throw new Error("moto's server did not start within 3 minutes");
}
