import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCli } from "../helpers/run-cli";
import { useFolder } from "../helpers/use-folder";

const THREE = "examples/three-clouds/site.yaml";
const THREE_FACTS = "examples/three-clouds/facts/outputs.json";
const folder = useFolder();
const inFolder = (name: string, text: string): string => {
  const file = join(folder(), name);
  writeFileSync(file, text);
  return file;
};

describe("words that are not understood", () => {
  test.each([
    ["an unknown command", ["chek"], "error: unknown command 'chek'\n(Did you mean check?)\n"],
    ["an unknown option", ["check", "--jsn"], "error: unknown option '--jsn'\n(Did you mean --json?)\n"],
    ["render without facts", ["render"], "error: required option '--facts <files...>' not specified\n"],
  ])("%s exits with 1 and says so", async (_, argv, expected) => {
    expect(await runCli(argv)).toEqual({ code: 1, out: "", err: expected });
  });

  test("no command shows the help on standard error and exits with 1", async () => {
    const { code, out, err } = await runCli([]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("Usage: kakehashi");
  });

  test("--help names the commands and the exit codes and exits with 0", async () => {
    const { code, out } = await runCli(["--help"]);
    expect(code).toBe(0);
    for (const word of [
      "init",
      "check",
      "synth",
      "render",
      "diagram",
      "migrate",
      "Exit codes: 0 ok, 1 your input must be mended",
    ])
      expect(out).toContain(word);
  });
});

describe("check", () => {
  test("a sound file: its connections as a table, then warnings, exit code 0", async () => {
    const { code, out, err } = await runCli(["check", THREE]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain(`${THREE}: no problems\n`);
    expect(out).toMatch(/^ {2}connection {4}controller {2}network/m);
    expect(out).toMatch(/warnings?\n/);
  });

  test("a file with two problems tells both and exits with 1", async () => {
    const file = inFolder(
      "site.yaml",
      readFileSync(THREE, "utf8").replace("asn: 65010", "asn: 64512").replace("172.30.2.0/24", "172.30.2.1/24"),
    );
    const { code, out, err } = await runCli(["check", file]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/: 2 problems\n/);
    expect(err).toContain("controllers.tokyo.asn: must differ from networks.aws.tokyo.asn, got 64512; ");
    expect(err).toContain(
      'networks.aws.tokyo.subnets.default.cidr: must have no host bits set, got "172.30.2.1/24"; use 172.30.2.0/24 (line ',
    );
  });

  test("a file that does not exist is something outside: exit code 2", async () => {
    expect(await runCli(["check", "nowhere.yaml"])).toEqual({
      code: 2,
      out: "",
      err: `can't read "nowhere.yaml": it does not exist; \`kakehashi init\` makes one\n`,
    });
  });

  test("without an argument it reads what SITE names, else site.yaml here, never an example", async () => {
    expect((await runCli(["check"], { env: { SITE: THREE } })).out).toContain(`${THREE}: no problems`);
    expect((await runCli(["check"], { cwd: folder() })).err).toContain("site.yaml");
  });

  test("--json gives problems with path, line and fix", async () => {
    const file = inFolder("site.yaml", "site: demo\ncontrollers: {}\nnetworks: {}\nconections: {}\n");
    const { code, out, err } = await runCli(["check", file, "--json"]);
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(JSON.parse(out).problems).toEqual([
      expect.objectContaining({
        path: "conections",
        rule: "is not a known key",
        fix: "did you mean connections?",
        line: 4,
      }),
    ]);
  });

  test("lints a hand-written VPN catalog", async () => {
    const file = inFolder(
      "vpn_catalog.yml",
      "cci_version: '1.0'\naws:\n  default:\n    aws_vcp_subnet_id: subnet-0123456789abcdef0\n",
    );
    const { code, err } = await runCli(["check", file]);
    expect(code).toBe(1);
    expect(err).toContain("did you mean aws_vpc_subnet_id?");
  });
});

describe("init", () => {
  test.each(["aws-only", "three-clouds"])(
    "--from %s writes a file that check has no problems with",
    async (example) => {
      const made = await runCli(["init", folder(), "--from", example]);
      expect(made.code).toBe(0);
      expect(readdirSync(folder()).sort()).toEqual(["site.schema.json", "site.yaml"]);
      expect(readFileSync(join(folder(), "site.yaml"), "utf8")).toContain("$schema=./site.schema.json");
      expect((await runCli(["check", join(folder(), "site.yaml")])).code).toBe(0);
    },
  );

  test("never overwrites a site file", async () => {
    const file = inFolder("site.yaml", "mine\n");
    const { code, err } = await runCli(["init", folder()]);
    expect({ code, err }).toEqual({
      code: 1,
      err: `init: 1 problem\n  ${file}: must not exist yet; name another folder, or remove it first\n`,
    });
    expect(readFileSync(file, "utf8")).toBe("mine\n");
    expect(readdirSync(folder())).toEqual(["site.yaml"]);
  });

  test("an unknown example is answered with the known ones", async () => {
    const { code, err } = await runCli(["init", folder(), "--from", "__proto__"]);
    expect({ code, err }).toEqual({
      code: 1,
      err: 'init: 1 problem\n  --from: must be one of aws-only, three-clouds, got "__proto__"; use for example --from aws-only\n',
    });
  });
});

describe("render", () => {
  const render = (...more: string[]) => runCli(["render", THREE, "--facts", THREE_FACTS, "--out", folder(), ...more]);
  const all = (dir: string): string[] =>
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));

  test("writes the controller's tree, the catalog and the picture, secrets for root alone", async () => {
    const { code, out, err } = await render();
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("files of controller tokyo, Libreswan 4.10");
    for (const path of [
      "tokyo/install.sh",
      "tokyo/etc/ipsec.d/tokyo-aws.conf",
      "tokyo/etc/frr/frr.conf",
      "catalog/vpn_catalog.yml",
      "topology.svg",
    ]) {
      expect(existsSync(join(folder(), "demo", path))).toBe(true);
    }
    const secrets = all(join(folder(), "demo")).filter((file) => file.endsWith(".secrets"));
    expect(secrets).toHaveLength(3);
    for (const file of secrets) expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("run again changes nothing, certificates included, and --check agrees", async () => {
    await render();
    const before = all(join(folder(), "demo")).map((file) => [file, readFileSync(file, "utf8")]);
    expect((await render()).code).toBe(0);
    expect(all(join(folder(), "demo")).map((file) => [file, readFileSync(file, "utf8")])).toEqual(before);
    expect(await render("--check")).toEqual({ code: 0, out: expect.stringContaining("up to date"), err: "" });
  });

  test("--check shows the difference, never a secret's, writes nothing and exits with 1", async () => {
    await render();
    const conf = join(folder(), "demo/tokyo/etc/ipsec.d/tokyo-aws.conf");
    const secret = join(folder(), "demo/tokyo/etc/ipsec.d/tokyo-aws.secrets");
    writeFileSync(conf, readFileSync(conf, "utf8").replace("dpddelay=5s", "dpddelay=50s"));
    writeFileSync(secret, '1.2.3.4 5.6.7.8 : PSK "HandWrittenSecret1"\n');
    const { code, out } = await render("--check");
    expect(code).toBe(1);
    expect(out).toContain("2 files differ");
    expect(out).toContain("-    dpddelay=50s");
    expect(out).toContain("+    dpddelay=5s");
    expect(out).toContain("tokyo-aws.secrets (a secret: its lines are not shown)");
    expect(out).not.toContain("HandWrittenSecret1");
    expect(readFileSync(conf, "utf8")).toContain("dpddelay=50s");
  });

  test("facts that do not fit leave nothing behind and never show a key", async () => {
    const facts = JSON.parse(readFileSync(THREE_FACTS, "utf8"));
    const key = facts["aws-tokyo"].tunnel_facts.connections["tokyo-aws"].tunnels[1].presharedKey;
    facts["aws-tokyo"].tunnel_facts.connections["tokyo-aws"].controller = "osaka";
    const file = inFolder("facts.json", JSON.stringify(facts));
    const { code, out, err } = await runCli(["render", THREE, "--facts", file, "--out", join(folder(), "out")]);
    expect(code).toBe(1);
    expect(err).toContain("osaka");
    expect(out + err).not.toContain(key);
    expect(existsSync(join(folder(), "out"))).toBe(false);
  });

  test("AWS's XML is enough for the controller; the catalog says what it misses", async () => {
    const { code, out } = await runCli([
      "render",
      "examples/aws-only/site.yaml",
      "--facts",
      "examples/aws-only/facts/vpn-0a1b2c3d4e5f60718.xml",
      "--out",
      folder(),
    ]);
    expect(code).toBe(0);
    expect(out).toContain("note: no VPN catalog: the facts hold no network_facts of aws/tokyo");
    expect(existsSync(join(folder(), "campus/main/etc/ipsec.d/main-aws.conf"))).toBe(true);
    expect(existsSync(join(folder(), "campus/catalog/vpn_catalog.yml"))).toBe(false);
  });

  test("refuses to replace a folder that is not its own", async () => {
    mkdirSync(join(folder(), "demo"));
    writeFileSync(join(folder(), "demo/thesis.txt"), "years of work");
    const { code, err } = await render();
    expect(code).toBe(2);
    expect(err).toContain("it is not a folder that kakehashi render wrote");
    expect(readdirSync(join(folder(), "demo"))).toEqual(["thesis.txt"]);
  });
});

describe("synth", () => {
  test("writes one stack a network, each with its own state", async () => {
    const { code, out, err } = await runCli(["synth", THREE, "--out", join(folder(), "out")]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(readdirSync(join(folder(), "out/stacks")).sort()).toEqual(["aws-tokyo", "azure-japan", "oracle-tokyo"]);
    expect(out).toContain(join(folder(), "out/stacks/aws-tokyo/cdk.tf.json"));
  });

  test("a wrong site file exits with 1 and makes no folder", async () => {
    const file = inFolder("site.yaml", "site: x\n");
    expect((await runCli(["synth", file, "--out", join(folder(), "out")])).code).toBe(1);
    expect(existsSync(join(folder(), "out"))).toBe(false);
  });
});

describe("diagram", () => {
  test.each([
    ["svg", "<svg"],
    ["dot", "digraph site {"],
    ["mermaid", "flowchart LR"],
  ])("--format %s prints it", async (format, mark) => {
    const { code, out } = await runCli(["diagram", THREE, "--format", format]);
    expect(code).toBe(0);
    expect(out).toContain(mark);
  });

  test("an unknown format is answered with the known ones", async () => {
    expect(await runCli(["diagram", THREE, "--format", "toString"])).toEqual({
      code: 1,
      out: "",
      err: 'diagram: 1 problem\n  --format: must be one of svg, dot, mermaid, got "toString"; use for example --format svg\n',
    });
  });
});

test("the first run does check, synth, render and picture, and ends with what to do next", async () => {
  const { code, out, err } = await runCli(["demo"]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  for (const text of [
    "[1/3]",
    "[2/3]",
    "[3/3]",
    "What was made, where it lies, what to do with it",
    "out/demo/topology.svg",
  ])
    expect(out).toContain(text);
});
