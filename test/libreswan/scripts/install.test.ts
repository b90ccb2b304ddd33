import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "@jest/globals";
import { installedLibreswan, whyMissing } from "../../helpers/ipsec-tools";
import { Machine } from "./machine";

const THREE_CLOUDS = "three-clouds/expected/tokyo";
const STATIC_ONLY = "policy-based/expected/tokyo";
const TUNNELS = ["tokyo-aws-1", "tokyo-aws-2"];

const why = process.getuid?.() === 0 ? (whyMissing("ipsec", "vtysh", "nft") ?? whyOtherVersion()) : "not root";
function whyOtherVersion(): string | undefined {
  const version = installedLibreswan();
  return version?.startsWith("4.") ? undefined : `the cases are for Libreswan 4.10, this is ${version}`;
}

const machines: Machine[] = [];
function machine(caseTree = STATIC_ONLY): Machine {
  const made = new Machine(caseTree);
  machines.push(made);
  return made;
}
/** One that runs, both tunnels up. */
function running(caseTree = STATIC_ONLY): Machine {
  const made = machine(caseTree);
  expect(made.install()).toMatchObject({ exitCode: 0, stderr: "" });
  made.answer("running", "");
  made.answer("up", `${TUNNELS.join("\n")}\n`);
  return made;
}
afterEach(() => {
  for (const made of machines.splice(0)) made.remove();
});

const check = why ? it.skip : it;
const CONF = "etc/ipsec.d/tokyo-aws.conf";
const SECRETS = "etc/ipsec.d/tokyo-aws.secrets";
const KEY = /ExampleKey\w+/g;

/** The reload lines of what was printed. */
const reloads = (stdout: string): string[] =>
  stdout
    .split("\n")
    .filter((line) => line.startsWith("reload"))
    .map((line) => line.replace(/\s+/g, " "));
/** Changes a key of one connection's stanza. */
const inConn = (name: string, from: RegExp, to: string) => (text: string) =>
  text.replace(new RegExp(`(conn ${name}\\n(?:    .*\\n)*)`), (stanza) => stanza.replace(from, to));

describe(`install.sh${why ? ` (skipped: ${why})` : ""}`, () => {
  check("brings a fresh machine up, and a second run touches nothing", () => {
    const m = machine(THREE_CLOUDS);
    const dry = m.snapshot();
    const rehearsal = m.install("--dry-run");
    expect(rehearsal).toMatchObject({ exitCode: 0, stderr: "", did: [] });
    expect(rehearsal.stdout).toContain("dry run: nothing was changed");
    expect(m.snapshot()).toBe(dry);

    const first = m.install();
    expect(first).toMatchObject({ exitCode: 0, stderr: "" });
    expect(first.stdout).not.toMatch(KEY);
    expect(first.did).toEqual([
      "systemctl daemon-reload",
      "systemctl reload-or-restart kakehashi-nftables.service",
      "systemctl reload-or-restart kakehashi-interfaces.service",
      "sysctl -e",
      "systemctl restart ipsec.service",
      "systemctl restart frr.service",
      "systemctl reload-or-restart kakehashi-routes.service",
      "systemctl enable -q kakehashi-interfaces.service kakehashi-nftables.service kakehashi-routes.service ipsec.service frr.service",
    ]);
    const mode = (path: string) => (statSync(join(m.root, path)).mode & 0o777).toString(8);
    expect(
      [
        "etc/ipsec.d/tokyo-aws.secrets",
        CONF,
        "usr/local/sbin/kakehashi-routes",
        "etc/frr/frr.conf",
        "var/lib/kakehashi",
      ].map(mode),
    ).toEqual(["600", "644", "755", "640", "700"]);
    expect(statSync(join(m.root, "etc/frr/frr.conf")).uid).toBe(
      Number(spawnSync("id", ["-u", "frr"], { encoding: "utf8" }).stdout),
    );
    expect(m.read("etc/ipsec.conf")).toBe("config setup\n\t# nothing\n\ninclude /etc/ipsec.d/*.conf\n");

    m.answer("running", "");
    const before = m.snapshot();
    expect(m.install()).toMatchObject({
      exitCode: 0,
      stderr: "",
      did: [],
      stdout: expect.stringContaining("nothing to do"),
    });
    expect(m.snapshot()).toBe(before);
  });

  check("reloads the one connection that changed, drained, and waits for it", () => {
    const m = running();
    m.edit(CONF, inConn("tokyo-aws-1", /dpddelay=5s/, "dpddelay=6s"));
    const ran = m.install();
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    expect(reloads(ran.stdout)).toEqual(["reload replace tokyo-aws-1"]);
    expect(ran.did.slice(0, 4)).toEqual([
      "kakehashi-routes maintenance tokyo-aws-1 on",
      "ipsec auto --replace tokyo-aws-1",
      "ipsec auto --asynchronous --up tokyo-aws-1",
      "kakehashi-routes maintenance tokyo-aws-1 off",
    ]);
    // A comment is no change of a connection.
    m.edit(CONF, (text) => `# one more word\n${text}`);
    expect(reloads(m.install().stdout)).toEqual([]);
  });

  check("reads a new key again and re-makes the tunnel that it is for, without showing it", () => {
    const m = running();
    m.edit(SECRETS, (text) => text.replace(/(203\.0\.113\.12 : PSK ").*"/, '$1NewSecretNewSecret"'));
    const ran = m.install();
    expect(reloads(ran.stdout)).toEqual(["reload secrets read again", "reload replace tokyo-aws-2"]);
    expect(ran.did[0]).toBe("ipsec whack --rereadsecrets");
    expect(`${ran.stdout}${ran.stderr}${ran.did.join()}`).not.toContain("NewSecret");
    expect(m.read(SECRETS)).toContain("NewSecretNewSecret");
  });

  const BROKEN: readonly [string, (m: Machine) => void, string][] = [
    [
      "an unknown word",
      (m) => m.edit(CONF, (t) => t.replace("rekey=yes", "rekei=yes")),
      "the connections do not load: ",
    ],
    [
      "a prefix that checkconfig only mentions",
      (m) => m.edit(CONF, (t) => t.replace(/rightsubnet=.*/, "rightsubnet=10.0.0.0/99")),
      "the connections do not load: ",
    ],
    [
      "a proposal that is not built in",
      (m) => m.edit(CONF, (t) => t.replace(/ike=.*/, "ike=aes128-sha1;modp1024")),
      "ike=aes128-sha1;modp1024: ERROR: IKE DH algorithm 'modp1024' is not supported; nothing was changed",
    ],
    [
      "a key twice",
      (m) => m.edit(CONF, (t) => t.replace("rekey=yes", "rekey=yes\n    rekey=yes")),
      "tokyo-aws.conf: tokyo-aws-1: rekey= stands there twice; nothing was changed",
    ],
    [
      "a tunnel without connection",
      (m) => m.edit(CONF, (t) => t.replace("conn tokyo-aws-2", "conn other")),
      "connection tokyo-aws-2 is there 0 times in the tree; render again",
    ],
    ["a firewall that does not parse", (m) => m.edit("etc/nftables.d/kakehashi.nft", (t) => `${t}}}\n`), "nftables: "],
    [
      "a damaged script",
      (m) => m.edit("usr/local/sbin/kakehashi-routes", (t) => `${t}\nif\n`),
      "a script of the tree is damaged; copy the tree again",
    ],
    [
      "a symbolic link",
      (m) => symlinkSync("/etc/shadow", join(m.tree, "etc/ipsec.d/x.conf")),
      "the tree holds something that is neither a file nor a folder; render again",
    ],
    [
      "a name that is a command",
      (m) => writeFileSync(join(m.tree, "etc/ipsec.d/$(touch x).conf"), ""),
      "the tree holds a file with an odd name; render again",
    ],
    [
      "a name with a line break",
      (m) => writeFileSync(join(m.tree, "etc/ipsec.d/a\nb.conf"), ""),
      "the tree holds a file with an odd name; render again",
    ],
    [
      "a path that is not Kakehashi's",
      (m) => writeFileSync(join(m.tree, "etc/passwd"), ""),
      "the tree holds etc/passwd, which is not Kakehashi's to write; render again",
    ],
    [
      "a folder that is not Kakehashi's",
      (m) => mkdirSync(join(m.tree, "root")),
      "the tree holds root, which does not belong there; render again",
    ],
    [
      "half a tree",
      (m) => rmSync(join(m.tree, "etc/kakehashi/tunnels")),
      "the tree is incomplete: etc/kakehashi/tunnels is missing; render again",
    ],
    [
      "another major version",
      (m) => writeFileSync(join(m.dir, "version"), "Libreswan 5.2\n"),
      'the tree is for Libreswan 4.10, this machine has 5.2: set the controller\'s libreswan: "5.2" in the site file and render again',
    ],
    [
      "no include of the secrets",
      (m) => m.write("etc/ipsec.secrets", "\n"),
      "/etc/ipsec.secrets does not include the tunnels keys; add to its end: include /etc/ipsec.d/*.secrets",
    ],
    [
      "a foreign file of the same name",
      (m) => m.write(CONF, "conn mine\n"),
      `/${CONF} exists and was not written by Kakehashi; move it away or rename the connection`,
    ],
    [
      "a foreign connection of the same name",
      (m) => m.write("etc/ipsec.d/mine.conf", "conn tokyo-aws-1\n    right=1.2.3.4\n"),
      "/etc/ipsec.d/mine.conf has a connection tokyo-aws-1 already; rename one of the two",
    ],
    [
      "an ipsec.conf that leaves /etc/ipsec.d out",
      (m) => m.write("etc/ipsec.conf", "config setup\nconn mine\n    right=1.2.3.4\n"),
      "/etc/ipsec.conf has connections of its own and does not include /etc/ipsec.d/*.conf; add to its end: include /etc/ipsec.d/*.conf",
    ],
  ];
  check.each(BROKEN)("touches nothing over %s", (_, breakIt, message) => {
    const m = machine();
    breakIt(m);
    const before = m.snapshot();
    const ran = m.install();
    expect(ran.stderr).toMatch(/^install\.sh: /);
    expect(ran.stderr).toContain(message);
    expect(ran).toMatchObject({ exitCode: 1, did: [] });
    expect(m.snapshot()).toBe(before);
  });

  check("names the packages that are missing in one line", () => {
    const m = machine(THREE_CLOUDS);
    for (const name of [
      "sh",
      "dirname",
      "id",
      "mkdir",
      "flock",
      "mktemp",
      "find",
      "grep",
      "head",
      "sort",
      "rm",
      "cat",
      "sed",
      "printf",
    ]) {
      symlinkSync(
        spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).stdout.trim(),
        join(m.dir, "bin", `${name}`),
      );
    }
    for (const name of ["ipsec", "vtysh"]) rmSync(join(m.dir, "bin", name));
    const { status, stderr } = spawnSync("/bin/sh", [join(m.tree, "install.sh"), "--root", m.root], {
      encoding: "utf8",
      env: { PATH: join(m.dir, "bin") },
    });
    expect(stderr).toBe(
      "install.sh: packages are missing: apt-get install -y --no-install-recommends libreswan nftables iputils-ping iproute2 frr frr-pythontools\n",
    );
    expect(status).toBe(1);
  });

  check("brings kakehashi-metrics without starting its timer, and stops the timer once it is gone", () => {
    const m = machine();
    const ran = m.install();
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    expect(ran.did.filter((line) => line.includes("kakehashi-metrics"))).toEqual([]);
    expect(m.read("usr/local/share/kakehashi/zabbix-agent.conf")).toContain("UserParameter=kakehashi.status,");
    for (const name of ["service", "timer"]) rmSync(join(m.tree, `etc/systemd/system/kakehashi-metrics.${name}`));
    m.answer("running", "");
    expect(m.install().did.filter((line) => line.includes("kakehashi-metrics"))).toEqual([
      "systemctl disable -q --now kakehashi-metrics.service",
      "systemctl disable -q --now kakehashi-metrics.timer",
    ]);
  });

  check("keeps the administrator's ipsec.conf and connections", () => {
    const m = machine();
    const own =
      "config setup\n    uniqueids=no\nconn office\n    right=192.0.2.77\n    left=%defaultroute\ninclude /etc/ipsec.d/*.conf\n";
    m.write("etc/ipsec.conf", own);
    m.write("etc/ipsec.d/branch.conf", "conn branch\n    right=192.0.2.78\n    left=%defaultroute\n");
    expect(m.install()).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("keep       /etc/ipsec.conf") });
    expect(m.read("etc/ipsec.conf")).toBe(own);
    expect(m.read("etc/ipsec.d/branch.conf")).toContain("conn branch");
  });

  check("replaces an FRR configuration in use only when told to, and brings it back", () => {
    const m = machine(THREE_CLOUDS);
    const own = "router ospf\n network 10.0.0.0/8 area 0\n";
    m.write("etc/frr/frr.conf", own);
    expect(m.install()).toMatchObject({
      exitCode: 1,
      did: [],
      stderr:
        "install.sh: /etc/frr/frr.conf was not written by Kakehashi and is in use; FRR has only one: --take-over-frr replaces it and keeps a copy\n",
    });
    expect(m.install("--take-over-frr")).toMatchObject({ exitCode: 0, stderr: "" });
    expect(m.read("etc/frr/frr.conf")).toContain("router bgp 65010");
    // Once no connection speaks BGP, FRR is its owner's again.
    m.answer("running", "");
    m.renderFrom(STATIC_ONLY);
    const ran = m.install();
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    expect(reloads(ran.stdout)).toEqual(
      expect.arrayContaining(["reload delete tokyo-azure-1", "reload delete tokyo-oracle-2"]),
    );
    expect(ran.did).toContain("ipsec auto --delete tokyo-oracle-1");
    expect(m.read("etc/ipsec.d/tokyo-oracle.conf")).toBeUndefined();
    expect(m.read("etc/frr/frr.conf")).toBe(own);
  });

  check("puts everything back when a tunnel that was up does not come up again", () => {
    const m = running();
    const before = m.snapshot();
    m.edit(CONF, (text) => text.replace(/dpddelay=5s/g, "dpddelay=6s"));
    m.answer("stays-down", "");
    const ran = m.install("--wait", "1");
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain(
      "install.sh: tokyo-aws-2 was up and did not come up again in 1 s with the new settings\n",
    );
    expect(ran.stdout).toMatch(/the machine is as it was\n$/);
    expect(m.snapshot()).toBe(before);
    // Tunnel 1 was never touched; tunnel 2 has its old settings again.
    expect(ran.did.filter((line) => line.startsWith("ipsec"))).toEqual([
      "ipsec auto --replace tokyo-aws-2",
      "ipsec auto --asynchronous --up tokyo-aws-2",
      "ipsec auto --replace tokyo-aws-2",
      "ipsec auto --asynchronous --up tokyo-aws-2",
    ]);
  });

  check("puts everything back when a service or a file fails in the middle", () => {
    const m = machine(THREE_CLOUDS);
    const etc = () =>
      m
        .snapshot()
        .split("\n")
        .filter((line) => line.includes("./etc/"))
        .map((line) => line.replace(/ \S+ \S+$/, ""));
    const before = etc();
    m.answer("broken", "reload-or-restart kakehashi-interfaces");
    const ran = m.install();
    expect(ran).toMatchObject({
      exitCode: 2,
      stderr:
        "install.sh: kakehashi-interfaces.service: systemctl is broken\ninstall.sh: the new state could not be brought into force\n",
      stdout: expect.stringMatching(/the machine is as it was\n$/),
    });
    expect(etc().map((line) => line.split(" ")[0])).toEqual(before.map((line) => line.split(" ")[0]));
    expect(m.read("etc/frr/frr.conf")).toBe("# default to using syslog.\nlog syslog informational\n");
    rmSync(join(m.dir, "broken"));
    rmSync(join(m.root, "etc/sysctl.d"), { recursive: true });
    m.write("etc/sysctl.d", "a file where a folder has to be");
    expect(m.install()).toMatchObject({
      exitCode: 2,
      did: [],
      stdout: expect.stringContaining("the machine is as it was"),
    });
    expect(m.read("etc/ipsec.d/tokyo-aws.conf")).toBeUndefined();
  });

  check("goes back with --rollback, and forward with another", () => {
    const m = running();
    expect(machine().install("--rollback")).toMatchObject({
      exitCode: 1,
      stderr: "install.sh: nothing to go back to: no earlier run is kept here\n",
    });
    const old = m.read(CONF);
    m.edit(CONF, inConn("tokyo-aws-1", /dpddelay=5s/, "dpddelay=6s"));
    m.install();
    const ran = m.install("--rollback");
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    expect(reloads(ran.stdout)).toEqual(["reload replace tokyo-aws-1"]);
    expect(m.read(CONF)).toBe(old);
    m.install("--rollback");
    expect(m.read(CONF)).toContain("dpddelay=6s");
  });

  check("leaves no trace of a first installation that is rolled back", () => {
    const m = running(THREE_CLOUDS);
    const ran = m.install("--rollback");
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    expect(ran.did).toEqual(
      expect.arrayContaining([
        "systemctl disable -q --now kakehashi-routes.service",
        "ipsec auto --delete tokyo-aws-1",
      ]),
    );
    const left = m
      .snapshot()
      .match(/^\.\/\S+/gm)
      ?.filter((path) => !path.startsWith("./var/lib/kakehashi/"));
    expect(left).toEqual(["./etc/frr/daemons", "./etc/frr/frr.conf", "./etc/ipsec.conf", "./etc/ipsec.secrets"]);
  });

  check("undoes a run that was cut off before it starts its own", () => {
    const m = running();
    const v1 = m.read(CONF);
    m.edit(CONF, inConn("tokyo-aws-1", /dpddelay=5s/, "dpddelay=6s"));
    m.install();
    m.write("var/lib/kakehashi/applying", "");
    m.write("etc/ipsec.d/tokyo-aws.conf", "half a fi");
    const ran = m.install();
    expect(ran).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("an earlier run was cut off") });
    expect(m.read(CONF)).toContain("dpddelay=6s");
    m.install("--rollback");
    expect(m.read(CONF)).toBe(v1);
  });

  check("refuses to run beside another", async () => {
    const m = machine();
    mkdirSync(join(m.root, "run"), { recursive: true });
    const holder = spawn("flock", [join(m.root, "run/kakehashi-install.lock"), "sh", "-c", "echo held; read -r _"], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    await new Promise((held) => holder.stdout.once("data", held));
    expect(m.install()).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: "install.sh: another install.sh is running; wait for it\n",
      did: [],
    });
    holder.stdin.end("\n");
  });
});
