import { spawnSync } from "node:child_process";

/** The program as it is installed: two bundles, the second loaded by the commands that speak to AWS. */
test("a command that speaks to AWS says what AWS did not answer, and exits with 2", () => {
  const words = [
    "notify",
    "results",
    "--since",
    "1h",
    "--site",
    "examples/everything/site.yaml",
    "--notifier",
    "campus",
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, ["dist/cli.js", ...words], {
    encoding: "utf8",
    env: {
      AWS_ENDPOINT_URL: "http://127.0.0.1:9",
      AWS_ACCESS_KEY_ID: "testing",
      AWS_SECRET_ACCESS_KEY: "testing",
    },
  });
  expect({ status, stdout, stderr }).toEqual({
    status: 2,
    stdout: "",
    stderr: "AWS did not answer sts:GetCallerIdentity: Error: connect ECONNREFUSED 127.0.0.1:9\n",
  });
}, 60_000);
