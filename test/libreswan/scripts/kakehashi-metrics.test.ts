import { spawnSync } from "node:child_process";
import { isInstalled, MetricsMachine, type Said } from "../../helpers/metrics-machine";
import { readRecording } from "../../helpers/status-fixtures/replay";
import { KAKEHASHI, status } from "../../helpers/status-fixtures/setup";

const FORMATS = ["nagios", "zabbix", "munin", "monit", "mackerel", "prometheus", "pandora", "cloudwatch", "json"];
const AWKS = ["mawk", "gawk"];

/** What kakehashi-status says of real machines, as recorded. */
const LINES = {
  "4.10, all up": status({ arguments: ["--lines"] }).stdout,
  "5.2, all up": status({ arguments: ["--lines"], recording: readRecording("libreswan-5.2", "up") }).stdout,
  "4.10, a wrong key": status({ arguments: ["--lines"], recording: readRecording("libreswan-4.10", "wrong-psk") })
    .stdout,
  "5.2, a wrong key": status({ arguments: ["--lines"], recording: readRecording("libreswan-5.2", "wrong-psk") }).stdout,
  "5.2, pluto stopped": status({
    arguments: ["--lines", "--lang", "ja"],
    recording: readRecording("libreswan-5.2", "not-running"),
  }).stdout,
  "4.10, a tunnel without its conn": status({
    arguments: ["--lines"],
    controller: { ...KAKEHASHI, conf: "conn tokyo-aws-1\n" },
    recording: readRecording("libreswan-4.10", "not-loaded"),
  }).stdout,
  "nothing installed": status({ arguments: ["--lines"], controller: {} }).stdout,
  "not root": status({ arguments: ["--lines"], userId: 1000 }).stdout,
} as const;
type Sample = keyof typeof LINES;
const SAMPLES = Object.keys(LINES) as Sample[];

/** Neither tunnel's conn is there. */
const NONE_CONFIGURED = LINES["4.10, a wrong key"]
  .replace(/^state .*/m, "state down 2")
  .replace(/^connection .*/m, "connection tokyo-aws aws down")
  .replace(/^(tunnel \S+ \S+ \d aws) \S+ configured/gm, "$1 down not-configured");

const machine = new MetricsMachine();
afterAll(() => machine.remove());

function say(sample: Sample | { lines: string }, words: readonly string[], asking = {}): Said {
  machine.tell(typeof sample === "string" ? LINES[sample] : sample.lines);
  return machine.run(words, asking);
}

describe("what it says", () => {
  it.each(SAMPLES)("of: %s", (sample) => {
    const texts = FORMATS.filter((format) => format !== "json").map((format) => {
      const { exitCode, stdout, stderr } = say(sample, [format]);
      expect([format, stderr]).toEqual([format, ""]);
      return `--- ${format}, exit ${exitCode}\n${stdout}`;
    });
    expect(texts.join("")).toMatchSnapshot();
  });

  it("of graphs, where Munin and Mackerel ask for them", () => {
    const graphs = [
      say("4.10, all up", ["config"], { name: "kakehashi" }).stdout,
      say("4.10, all up", ["mackerel"], { environment: { MACKEREL_AGENT_PLUGIN_META: "1" } }).stdout,
    ];
    expect(graphs.join("---\n")).toMatchSnapshot();
    expect(JSON.parse(graphs[1]?.split("\n")[1] ?? "")).toHaveProperty("graphs");
  });

  it.each(SAMPLES)("as JSON is the document of kakehashi-status: %s", (sample) => {
    const { stdout } = say(sample, ["json"]);
    expect(`json ${stdout}`).toBe(`${LINES[sample].split("\n").at(-2)}\n`);
    expect(JSON.parse(stdout)).toHaveProperty("version", 1);
  });

  for (const awk of AWKS) {
    (isInstalled(awk) ? it : it.skip)(
      `is the same by ${awk}${isInstalled(awk) ? "" : " (skipped: not installed)"}`,
      () => {
        for (const sample of ["5.2, a wrong key", "4.10, a tunnel without its conn", "5.2, pluto stopped"] as const) {
          for (const format of FORMATS) {
            expect([format, say(sample, [format], { awk })]).toEqual([format, say(sample, [format])]);
          }
        }
      },
    );
  }

  it("is not misled by what a text may hold", () => {
    const lines = LINES["4.10, a wrong key"].replace(/^(failure \S+ \S+ \S+) .*/m, "$1 a|b 'c' ]]> <d> $(e) \\ \"f\"");
    expect(say({ lines }, ["nagios"]).stdout).toContain("tokyo-aws-2: ike: a/b 'c' ]]> <d> $(e) \\ \"f\"\n");
    expect(say({ lines }, ["pandora"]).stdout).toContain("<![CDATA[a|b 'c' ]] > <d> $(e) \\ \"f\"]]>");
  });
});

describe("nagios", () => {
  it.each<[string, Sample | { lines: string }, string[], number, string]>([
    ["all up", "4.10, all up", [], 0, "KAKEHASHI OK - 2 of 2 tunnels up"],
    [
      "one down, which the other carries",
      "4.10, a wrong key",
      [],
      1,
      "KAKEHASHI WARNING - 1 of 2 tunnels up, every connection still carries",
    ],
    ["that tunnel", "4.10, a wrong key", ["--tunnel", "tokyo-aws-2"], 1, "KAKEHASHI WARNING - tokyo-aws-2 is down"],
    ["the other tunnel", "4.10, a wrong key", ["--tunnel", "tokyo-aws-1"], 0, "KAKEHASHI OK - tokyo-aws-1 is up"],
    [
      "the connection",
      "4.10, a wrong key",
      ["--connection", "tokyo-aws"],
      1,
      "KAKEHASHI WARNING - tokyo-aws is degraded",
    ],
    [
      "configured but down",
      "5.2, pluto stopped",
      [],
      2,
      "KAKEHASHI CRITICAL - 2 本中 0 本のトンネルが正常、切断中の接続: tokyo-aws",
    ],
    [
      "configured but down, its connection",
      "5.2, pluto stopped",
      ["--connection", "tokyo-aws"],
      2,
      "KAKEHASHI CRITICAL - tokyo-aws is down",
    ],
    [
      "configured but down, one tunnel",
      "5.2, pluto stopped",
      ["--tunnel", "tokyo-aws-1"],
      2,
      "KAKEHASHI CRITICAL - tokyo-aws-1 is down",
    ],
    ["not configured", { lines: NONE_CONFIGURED }, [], 3, "KAKEHASHI UNKNOWN - not configured: tokyo-aws"],
    [
      "one down, another not configured",
      {
        lines: LINES["5.2, pluto stopped"].replace(
          /^connection .*/m,
          "$&\nconnection osaka aws down\ntunnel osaka-1 osaka 1 aws down not-configured bgp - - - - - - - -",
        ),
      },
      [],
      2,
      "KAKEHASHI CRITICAL - 2 本中 0 本のトンネルが正常、切断中の接続: tokyo-aws; not configured: osaka",
    ],
    [
      "not configured, its connection",
      { lines: NONE_CONFIGURED },
      ["--connection", "tokyo-aws"],
      3,
      "KAKEHASHI UNKNOWN - not configured: tokyo-aws",
    ],
    [
      "not configured, one tunnel",
      "4.10, a tunnel without its conn",
      ["--tunnel", "tokyo-aws-2"],
      3,
      "KAKEHASHI UNKNOWN - not configured: tokyo-aws-2",
    ],
    [
      "a tunnel that nobody knows",
      "4.10, all up",
      ["--tunnel", "osaka-aws-1"],
      3,
      "KAKEHASHI UNKNOWN - not configured: there is no tunnel osaka-aws-1",
    ],
    [
      "a connection that nobody knows",
      "4.10, all up",
      ["--connection", "osaka"],
      3,
      "KAKEHASHI UNKNOWN - not configured: there is no connection osaka",
    ],
    [
      "nothing installed",
      "nothing installed",
      [],
      3,
      "KAKEHASHI UNKNOWN - not configured: /etc/kakehashi/controller is missing or cannot be read",
    ],
    [
      "no snapshot",
      "not root",
      [],
      3,
      "KAKEHASHI UNKNOWN - only root may ask, and root's timer has left nothing recent",
    ],
  ])("%s", (_what, sample, words, exitCode, text) => {
    const said = say(sample, ["nagios", ...words]);
    expect([said.exitCode, said.stdout.split("\n")[0]?.split(" | ")[0]]).toEqual([exitCode, text]);
  });

  // https://nagios-plugins.org/doc/guidelines.html#AEN200
  const RANGE = "(?:@?(?:~|[-0-9.]+)?:?[-0-9.]*)";
  const DATUM = new RegExp(
    `^(?:'[^'=]+'|[^'= ]+)=(?:[-0-9.]+|U)(?:us|ms|s|%|[KMGT]?B|c)?(?:;${RANGE}){0,2}(?:;[-0-9.]*){0,2}$`,
  );
  it.each(SAMPLES.slice(0, 6))("its perfdata is as the guidelines want it: %s", (sample) => {
    const [first = "", ...others] = say(sample, ["nagios"]).stdout.split("\n");
    const data = first.split(" | ")[1]?.split(" ") ?? [];
    expect(data.length).toBeGreaterThan(2);
    expect(data.filter((datum) => !DATUM.test(datum))).toEqual([]);
    expect(others.filter((line) => line.includes("|"))).toEqual([]);
  });
});

describe("the words it is called with", () => {
  it.each([
    [
      ["nagios", "--tunnel", "$(reboot)"],
      3,
      "KAKEHASHI UNKNOWN - --tunnel must be a name such as tokyo-aws-1 or ap-northeast-1; see kakehashi-metrics --help\n",
    ],
    [["nagios", "--tunnel"], 3, "KAKEHASHI UNKNOWN - --tunnel needs a value; see kakehashi-metrics --help\n"],
    [
      ["nagios", "--tunnel", "a", "--connection", "b"],
      3,
      "KAKEHASHI UNKNOWN - give --tunnel or --connection, not both; see kakehashi-metrics --help\n",
    ],
    [["nagios", "--frobnicate"], 3, "KAKEHASHI UNKNOWN - unknown argument; see kakehashi-metrics --help\n"],
  ])("%j", (words, exitCode, stdout) => {
    expect(say("4.10, all up", words)).toEqual({ exitCode, stdout, stderr: "" });
  });

  it.each([
    [["frobnicate"], "unknown format; see --help"],
    [["../../etc/passwd"], "unknown format; see --help"],
    [["zabbix", "--tunnel", "a"], "unknown argument; see --help"],
    [
      ["cloudwatch", "--send", "ap-northeast-1; reboot"],
      "--send must be a name such as tokyo-aws-1 or ap-northeast-1; see --help",
    ],
    [["cloudwatch", "--send", "--fresh"], "--send must be a name such as tokyo-aws-1 or ap-northeast-1; see --help"],
  ])("%j", (words, message) => {
    expect(say("4.10, all up", words)).toEqual({ exitCode: 1, stdout: "", stderr: `kakehashi-metrics: ${message}\n` });
  });

  it.each([[["--help"]], [[]]])("%j: help", (words) => {
    const { exitCode, stdout } = say("4.10, all up", words);
    expect([exitCode, stdout.split("\n")[0]]).toEqual([0, "usage: kakehashi-metrics FORMAT"]);
    for (const format of [...FORMATS, "snapshot"]) expect(stdout).toContain(`\n  ${format}`);
  });

  it("says so where kakehashi-status says nothing", () => {
    expect(say({ lines: "" }, ["nagios"])).toEqual({
      exitCode: 3,
      stdout: "KAKEHASHI UNKNOWN - kakehashi-status told nothing; see kakehashi-metrics --help\n",
      stderr: "",
    });
    expect(say({ lines: "" }, ["prometheus"]).stderr).toBe(
      "kakehashi-metrics: kakehashi-status told nothing; see --help\n",
    );
  });
});

describe("the snapshot", () => {
  const now = () => Math.floor(Date.now() / 1000);
  const at = (seconds: number, sample: Sample = "4.10, all up") =>
    LINES[sample].replace(/^time \d+/, `time ${seconds}`);
  afterEach(() => spawnSync("rm", ["-rf", `${machine.dir}/run`, `${machine.dir}/defaults`, `${machine.dir}/textfile`]));

  it("is read by whoever asks, while it is recent", () => {
    machine.tell(LINES["not root"]);
    machine.write("run/status", at(now() - 100));
    expect(machine.run(["nagios"], { userId: 1000 })).toMatchObject({ exitCode: 0 });
    expect(machine.run(["nagios", "--fresh"], { userId: 1000 })).toMatchObject({ exitCode: 3 });
  });

  it.each([
    ["too old", () => at(now() - 300)],
    ["from the future", () => at(now() + 3000)],
    ["no snapshot", () => "rm -rf /\n"],
    ["empty", () => ""],
    ["of an odd time", () => "time $(reboot)\n"],
  ])("is not believed: %s", (_what, content) => {
    machine.tell(LINES["not root"]);
    machine.write("run/status", content());
    expect(machine.run(["nagios"], { userId: 1000 }).stdout.split("\n")[0]).toBe(
      "KAKEHASHI UNKNOWN - only root may ask, and root's timer has left nothing recent",
    );
  });

  it("is written by root with the one before it kept, readable to all, and the textfile with it", () => {
    const textfile = machine.write("textfile/kakehashi.prom", "old\n");
    machine.write("defaults", `# comment\n\nTEXTFILE=${textfile}\n`);
    machine.tell(at(1000));
    expect(machine.run(["snapshot"])).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    machine.tell(at(1060, "4.10, a wrong key"));
    expect(machine.run(["snapshot"])).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    expect([machine.read("run/status.before"), machine.read("run/status")]).toEqual([
      at(1000),
      at(1060, "4.10, a wrong key"),
    ]);
    expect(machine.read("textfile/kakehashi.prom")).toMatch(/kakehashi_tunnel_up\{tunnel="tokyo-aws-2",[^}]*\} 0\n/);
    expect(
      spawnSync("sh", ["-c", 'cd "$0" && stat -c "%a %n" run/* textfile/*', machine.dir], { encoding: "utf8" }).stdout,
    ).toBe("644 run/status\n644 run/status.before\n644 textfile/kakehashi.prom\n");
  });

  it("lets Mackerel have rates of two of them, and none over a rekey", () => {
    machine.write("run/status.before", at(1000));
    const bytes = (first: number, second: number) =>
      at(1060).replace(/^(tunnel tokyo-aws-1 .* 6 7) \d+ \d+/m, `$1 ${first} ${second}`);
    machine.tell(bytes(797 + 6000, 10));
    expect(
      machine
        .run(["mackerel"])
        .stdout.split("\n")
        .filter((line) => line.includes("d.tokyo-aws-1") || line.includes("sent.tokyo-aws-1")),
    ).toEqual(["kakehashi.received.tokyo-aws-1\t100.0\t1060"]);
  });

  it.each([
    ["another user", { userId: 1000 }, "", 1, "must run as root: the state of IPsec is readable by root alone"],
    ["an unknown setting", {}, "INTERVAL=5\n", 1, "/defaults: not understood: INTERVAL"],
    ["a path that is none", {}, "TEXTFILE=kakehashi.prom\n", 1, "/defaults: not understood: TEXTFILE"],
    [
      "a region that is none",
      {},
      "CLOUDWATCH=tokyo; reboot\n",
      1,
      "/defaults: CLOUDWATCH must be a region such as ap-northeast-1",
    ],
    ["a folder that is not there", {}, "TEXTFILE=/nowhere/at/all\n", 2, "/nowhere/at/all cannot be written"],
  ])("is refused: %s", (_what, asking, defaults, exitCode, message) => {
    machine.write("defaults", defaults);
    machine.tell(LINES["4.10, all up"]);
    const said = machine.run(["snapshot"], asking);
    expect([said.exitCode, said.stderr.split("\n").at(-2)]).toEqual([exitCode, `kakehashi-metrics: ${message}`]);
  });
});
