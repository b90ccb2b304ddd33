import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "../helpers/run-cli";

const hasTerraform = spawnSync("terraform", ["version"], { stdio: "ignore" }).status === 0;
const name = `a real cdktf deploy's outputs file renders${hasTerraform ? "" : " (skipped: terraform is not installed)"}`;

(hasTerraform ? test : test.skip)(
  name,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "kakehashi-deploy-"));
    try {
      const deploy = spawnSync(
        process.execPath,
        ["lab/stand-in/deploy.mjs", "examples/three-clouds/site.yaml", folder],
        { encoding: "utf8" },
      );
      expect({ status: deploy.status, stderr: deploy.status === 0 ? "" : deploy.stderr }).toEqual({
        status: 0,
        stderr: "",
      });
      const outputs = deploy.stdout.trim();
      const { code, err } = await runCli([
        "render",
        "examples/three-clouds/site.yaml",
        "--facts",
        outputs,
        "--out",
        join(folder, "out"),
      ]);
      expect({ code, err }).toEqual({ code: 0, err: "" });
      const made = JSON.parse(readFileSync(outputs, "utf8"))["aws-tokyo"].tunnel_facts.connections["tokyo-aws"]
        .tunnels[1].presharedKey;
      expect(made).toMatch(/^[A-Za-z0-9]{48}$/);
      expect(readFileSync(join(folder, "out/demo/tokyo/etc/ipsec.d/tokyo-aws.secrets"), "utf8")).toContain(
        `PSK "${made}"`,
      );
      // The synthesised JSON of the same deployment holds the reference, not the key.
      expect(readFileSync(join(folder, "cdktf.out/stacks/aws-tokyo/cdk.tf.json"), "utf8")).not.toContain(made);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  120_000,
);
