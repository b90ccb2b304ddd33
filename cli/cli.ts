import { join } from "node:path";
import { run } from "./run";

// `kakehashi … | head`: the reader has enough; that is no failure of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

// What the SDK says of Node's age is for those who build, on each command's standard error.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

const hasColor = process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== "dumb";

run(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  env: process.env,
  cwd: process.cwd(),
  root: join(__dirname, ".."),
  hasColor,
  now: () => new Date(),
  stdin: process.stdin,
  ...(process.stderr.isTTY && { terminal: process.stderr }),
}).then((code) => {
  process.exitCode = code;
});
