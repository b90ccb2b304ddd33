import { spawn, spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { XMLParser } from "fast-xml-parser";
import { isInstalled, MetricsMachine } from "../../helpers/metrics-machine";
import { readRecording } from "../../helpers/status-fixtures/replay";
import { status } from "../../helpers/status-fixtures/setup";

// What monitoring itself makes of it: every program that is installed here reads what is meant for it.

const machine = new MetricsMachine();
afterAll(() => machine.remove());

const LINES = {
  up: status({ arguments: ["--lines"] }).stdout,
  degraded: status({ arguments: ["--lines"], recording: readRecording("libreswan-5.2", "wrong-psk") }).stdout,
  nothing: status({ arguments: ["--lines"], controller: {} }).stdout,
};
const SAMPLES = Object.entries(LINES);
const SHARE = "usr/local/share/kakehashi";

/** A test that needs a program is skipped by name where it is not installed. */
function withTool(program: string, name: string, test: () => Promise<void>): void {
  if (isInstalled(program)) it(`${program} ${name}`, test);
  else it.skip(`${program} ${name} (skipped: not installed)`, test);
}

function tool(program: string, words: readonly string[], input = "", environment: Record<string, string> = {}) {
  const {
    status: exitCode,
    stdout,
    stderr,
  } = spawnSync(program, [...words], {
    encoding: "utf8",
    input,
    env: { ...machine.environment(), PATH: `${process.env.PATH}:/usr/sbin:/sbin`, ...environment },
  });
  return { exitCode, said: `${stdout}${stderr}` };
}

/** With the command where the test has put it. */
const placed = (text: string) => text.replaceAll("/usr/local/sbin/kakehashi-metrics", machine.command);

describe("Prometheus", () => {
  withTool("promtool", "check metrics has nothing to say", async () => {
    for (const [name, lines] of SAMPLES) {
      machine.tell(lines);
      const { stdout } = machine.run(["prometheus"]);
      expect([name, tool("promtool", ["check", "metrics"], stdout)]).toEqual([name, { exitCode: 0, said: "" }]);
    }
  });

  withTool("promtool", "check rules takes the rules, and they fire", async () => {
    const rules = `${machine.dir}/${SHARE}/prometheus-rules.yml`;
    expect(tool("promtool", ["check", "rules", rules])).toMatchObject({ exitCode: 0 });
    const series = (name: string, labels: string, value: number) =>
      `      - series: 'kakehashi_${name}{${labels}}'\n        values: '${value}x20'\n`;
    const tunnel = 'tunnel="tokyo-aws-1", instance="c"';
    const file = machine.write(
      "rules-test.yml",
      `rule_files: [${rules}]
tests:
  - interval: 1m
    input_series:
${series("connection_up", 'connection="tokyo-aws", cloud="aws"', 0)}${series("tunnel_sound", tunnel, 0)}${series("tunnel_configured", tunnel, 1)}${series("configured", 'instance="c"', 1)}${series("status_known", 'instance="c"', 1)}
    alert_rule_test:
      - eval_time: 5m
        alertname: KakehashiConnectionDown
        exp_alerts:
          - exp_labels: { severity: critical, connection: tokyo-aws, cloud: aws }
            exp_annotations: { summary: "tokyo-aws (aws): no tunnel carries traffic" }
      - eval_time: 5m
        alertname: KakehashiTunnelFails
        exp_alerts:
          - exp_labels: { severity: warning, tunnel: tokyo-aws-1, instance: c }
            exp_annotations: { summary: "tokyo-aws-1 fails; on the controller: kakehashi-status --tunnel tokyo-aws-1" }
      - eval_time: 15m
        alertname: KakehashiTunnelNotConfigured
        exp_alerts: []
`,
    );
    expect(tool("promtool", ["test", "rules", file])).toMatchObject({ exitCode: 0 });
  });
});

describe("Zabbix", () => {
  withTool("zabbix_agentd", "-t runs the user parameters", async () => {
    machine.tell(LINES.degraded);
    const parameters = placed(machine.read(`${SHARE}/zabbix-agent.conf`) ?? "");
    const config = machine.write(
      "zabbix_agentd.conf",
      `Server=127.0.0.1\nLogFile=${machine.dir}/zabbix.log\nTimeout=30\n${parameters}`,
    );
    const ask = (key: string) => {
      const { exitCode, said } = tool("zabbix_agentd", ["-c", config, "-t", key]);
      expect([key, exitCode]).toEqual([key, 0]);
      // key  [t|value]
      return JSON.parse(/^\S+\s+\[t\|(.*)\]\s*$/s.exec(said)?.[1] ?? said);
    };
    expect(ask("kakehashi.discovery")).toEqual(
      [1, 2].map((number) => ({
        "{#TUNNEL}": `tokyo-aws-${number}`,
        "{#CONNECTION}": "tokyo-aws",
        "{#NUMBER}": String(number),
        "{#CLOUD}": "aws",
        "{#ROUTING}": "bgp",
      })),
    );
    expect(ask("kakehashi.status")).toMatchObject({ exit_code: 1, tunnels: [{ configured: true }, { state: "down" }] });
  });
});

describe("Munin", () => {
  const munin = (...words: string[]) => {
    // It runs the plugin as nobody.
    chmodSync(machine.dir, 0o755);
    const plugins = `${machine.dir}/plugins`;
    spawnSync("sh", ["-c", 'mkdir -p "$1" && ln -sf "$0" "$1/kakehashi"', machine.command, plugins]);
    const config = machine.write(
      "munin-node.conf",
      `log_file ${machine.dir}/munin.log\npid_file ${machine.dir}/munin.pid\nuser root\ngroup root\n`,
    );
    const settings = Object.entries(machine.environment())
      .map(([name, value]) => `env.${name} ${value}\n`)
      .join("");
    machine.write("munin.d/kakehashi", `[kakehashi]\n${settings}`);
    const where = ["--config", config, "--servicedir", plugins, "--sconfdir", `${machine.dir}/munin.d`];
    return tool("munin-run", [...where, "kakehashi", ...words]);
  };

  withTool("munin-run", "takes graphs and values of each other's names", async () => {
    machine.tell(LINES.degraded);
    const [config, values] = [munin("config"), munin()];
    expect([config.exitCode, values.exitCode]).toEqual([0, 0]);
    const names = (text: string, what: string) =>
      [...text.matchAll(new RegExp(`^multigraph (\\S+)$|^(\\w+)\\.${what} (.+)$`, "gm"))].map(
        ([, graph, field]) => graph ?? field,
      );
    expect(names(values.said, "value")).toEqual(names(config.said, "label"));
    expect(values.said).toContain("tokyo_aws_2.value 0\n");
    expect(munin("autoconf")).toEqual({ exitCode: 0, said: "yes\n" });
  });
});

describe("Monit", () => {
  withTool("monit", "-t takes the stanza", async () => {
    for (const [name, lines] of SAMPLES) {
      machine.tell(lines);
      const { stdout } = machine.run(["monit"]);
      const config = machine.write(
        `monitrc-${name}`,
        `set daemon 60\nset idfile ${machine.dir}/monit.id\n${placed(stdout)}`,
        0o600,
      );
      expect([name, tool("monit", ["-t", "-c", config])]).toEqual([
        name,
        { exitCode: 0, said: expect.stringMatching(/Control file syntax OK\n$/) },
      ]);
    }
  });
});

describe("Pandora FMS", () => {
  it("gets well-formed modules, of its own types", () => {
    for (const [name, lines] of SAMPLES) {
      machine.tell(lines);
      const parsed = new XMLParser().parse(`<agent_data>${machine.run(["pandora"]).stdout}</agent_data>`);
      const modules: { type: string; data: unknown }[] = parsed.agent_data.module;
      expect([name, modules.length]).toEqual([name, { up: 14, degraded: 12, nothing: 2 }[name]]);
      for (const { type } of modules) expect(type).toMatch(/^generic_(proc|data|data_inc|data_string)$/);
    }
  });
});

describe("systemd", () => {
  withTool("systemd-analyze", "verify has nothing to say about the timer", async () => {
    const unit = (name: string) => machine.write(name, placed(machine.read(`etc/systemd/system/${name}`) ?? ""));
    const files = [unit("kakehashi-metrics.service"), unit("kakehashi-metrics.timer")];
    const { exitCode, said } = tool("systemd-analyze", ["verify", "--man=no", ...files]);
    // It tells of the machine's other units too.
    expect([exitCode, said.split("\n").filter((line) => line.includes("kakehashi-"))]).toEqual([0, []]);
  });
});

describe("CloudWatch", () => {
  interface Received {
    readonly body: string;
    readonly headers: Record<string, string>;
  }
  /** Sends to a server of ours, which answers with the code. */
  async function send(code: number, environment: Record<string, string>) {
    const received: Received[] = [];
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        received.push({ body: Buffer.concat(parts).toString(), headers: request.headers as Record<string, string> });
        response.writeHead(code).end(code === 200 ? "" : "<Code>AccessDenied</Code>");
      });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const child = spawn("/bin/sh", [machine.command, "cloudwatch", "--send", "ap-northeast-1"], {
      env: { ...machine.environment(), HOME: machine.dir, AWS_ENDPOINT_URL: endpoint, ...environment },
    });
    let stderr = "";
    child.stderr.on("data", (part: Buffer) => {
      stderr += part;
    });
    const exitCode = await new Promise((done) => child.on("close", done));
    await new Promise((done) => server.close(done));
    return { exitCode, stderr: stderr.replaceAll(machine.dir, ""), received };
  }
  const KEYS = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };

  withTool("python3", "sends what AWS's own signer would sign alike, with a session's token", async () => {
    machine.tell(LINES.degraded);
    const { exitCode, stderr, received } = await send(200, { ...KEYS, AWS_SESSION_TOKEN: "a+token/=" });
    expect([exitCode, stderr, received.length]).toEqual([0, "", 1]);
    const { body, headers } = received[0] as Received;
    const fields = new URLSearchParams(body);
    expect([fields.get("Action"), fields.get("Namespace"), fields.get("MetricData.member.2.MetricName")]).toEqual([
      "PutMetricData",
      "Kakehashi",
      "TunnelConfigured",
    ]);
    expect(fields.get("MetricData.member.2.Timestamp")).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const { authorization = "", "x-amz-date": date = "" } = headers;
    const client = new CloudWatchClient({
      region: "ap-northeast-1",
      credentials: {
        accessKeyId: KEYS.AWS_ACCESS_KEY_ID,
        secretAccessKey: KEYS.AWS_SECRET_ACCESS_KEY,
        sessionToken: "a+token/=",
      },
    });
    const signer = await client.config.signer();
    const signed = await signer.sign(
      {
        method: "POST",
        protocol: "http:",
        hostname: "127.0.0.1",
        path: "/",
        headers: { "content-type": headers["content-type"] ?? "", host: headers.host ?? "" },
        body,
      },
      {
        signingDate: new Date(date.replace(/^(....)(..)(..T..)(..)/, "$1-$2-$3:$4:")),
        signingRegion: "ap-northeast-1",
        signingService: "monitoring",
        // Needless outside S3; the SDK's signer adds it.
        unsignableHeaders: new Set(["x-amz-content-sha256"]),
      },
    );
    expect(authorization.replace(/, /g, ",")).toBe(signed.headers.authorization?.replace(/, /g, ","));
  });

  withTool(
    "python3",
    "says what CloudWatch answers, and that there are no credentials, without any secret",
    async () => {
      machine.tell(LINES.up);
      const refused = await send(403, KEYS);
      expect([refused.exitCode, refused.stderr]).toEqual([
        1,
        "kakehashi-metrics: CloudWatch answers 403: <Code>AccessDenied</Code>\n",
      ]);
      machine.write(".aws/credentials", "[default]\nthis is no line of it: SECRET\n");
      const none = await send(200, {});
      expect([none.exitCode, none.stderr, none.received]).toEqual([
        1,
        "kakehashi-metrics: no AWS credentials: neither AWS_ACCESS_KEY_ID nor the profile default in /.aws/credentials\n",
        [],
      ]);
    },
  );

  withTool("python3", "takes a profile of the credentials file", async () => {
    machine.tell(LINES.up);
    machine.write(".aws/credentials", "[default]\naws_access_key_id = AKIDFILE\naws_secret_access_key = a%b\n");
    const { exitCode, received } = await send(200, {});
    expect([exitCode, received[0]?.headers.authorization]).toEqual([
      0,
      expect.stringContaining("Credential=AKIDFILE/"),
    ]);
  });
});
