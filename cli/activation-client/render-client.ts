import { posix } from "node:path";
import type { ActivationOutputs } from "../../config/read-activation-facts";
import type { TreeFile } from "../../config/tree-file";
import { renderForwarding } from "./render-forwarding";
import install from "./scripts/install.sh";
import unit from "./scripts/kakehashi-register.service.tmpl";
import registerWindows from "./scripts/register.ps1.tmpl";
import register from "./scripts/register.sh";

/** Under which name servers reach the API. */
export const HOSTS = ["alias", "endpoint", "private"] as const;
export type Host = (typeof HOSTS)[number];

export interface ActivationClient extends ActivationOutputs {
  /** @default - `private` where there is a resolver endpoint, else `alias` */
  readonly host?: Host;
  /** AWS's public key for the agent, ASCII-armoured. @default - left out: whoever installs adds it */
  readonly agentKey?: string;
}

/** What a server needs to register by itself: files for Linux, the same as cloud-init, a script for Windows, lines for DNS servers. */
export function renderActivationClient(client: ActivationClient): TreeFile[] {
  const linux = linuxFiles(client);
  return [
    ...linux.map((file) => ({ ...file, path: `linux/${file.path}` })),
    { path: "linux/install.sh", content: install, mode: 0o755 },
    { path: "cloud-init.yaml", content: renderCloudInit(linux), mode: client.token ? 0o600 : 0o644 },
    ...windowsFiles(client),
    ...renderForwarding(client.facts),
  ];
}

interface Address {
  readonly url: string;
  /** Sent as `x-apigw-api-id`, where the host's name does not name the API. */
  readonly apiId: string;
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html */
function addressOf({ facts, host }: ActivationClient): Address {
  const chosen = host ?? (facts.resolverAddresses.length > 0 ? "private" : "alias");
  const names: Readonly<Record<Host, string>> = {
    alias: facts.aliasHost,
    endpoint: facts.endpointHost,
    private: facts.privateHost,
  };
  return { url: `https://${names[chosen]}/${facts.stage}`, apiId: chosen === "endpoint" ? facts.apiId : "" };
}

function linuxFiles(client: ActivationClient): TreeFile[] {
  const { url, apiId } = addressOf(client);
  const conf = [
    "# What kakehashi-register reads: key=value, as it stands.",
    `url=${url}`,
    `region=${client.facts.region}`,
    `api_id=${apiId}`,
    "# A proxy for the agent and its download, http://proxy.example.ac.jp:3128; the API is called without it.",
    "proxy=",
    "",
  ].join("\n");
  const secret = client.token
    ? [{ path: "etc/kakehashi/activation-token", content: `${client.token}\n`, mode: 0o600 }]
    : [];
  const key = client.agentKey
    ? [{ path: "etc/kakehashi/amazon-ssm-agent.asc", content: client.agentKey, mode: 0o644 }]
    : [];
  return [
    { path: "etc/kakehashi/activation.conf", content: conf, mode: 0o644 },
    ...secret,
    ...key,
    { path: "etc/systemd/system/kakehashi-register.service", content: unit, mode: 0o644 },
    { path: "usr/local/sbin/kakehashi-register", content: register, mode: 0o755 },
  ];
}

/** @see https://docs.cloud-init.io/en/latest/reference/modules.html#write-files */
function renderCloudInit(files: readonly TreeFile[]): string {
  return [
    "#cloud-config",
    "# Joins the server to AWS Systems Manager at its first boot. Holds the token where the API asks for one.",
    "packages: [curl, gnupg]",
    "write_files:",
    ...files.flatMap(({ path, content, mode }) => [
      `  - path: ${posix.join("/", path)}`,
      `    permissions: "0${mode.toString(8)}"`,
      "    encoding: b64",
      `    content: ${Buffer.from(content).toString("base64")}`,
    ]),
    "runcmd:",
    "  - [systemctl, daemon-reload]",
    "  - [systemctl, enable, --now, --no-block, kakehashi-register.service]",
    "",
  ].join("\n");
}

function windowsFiles(client: ActivationClient): TreeFile[] {
  const { url, apiId } = addressOf(client);
  const settings = { url, region: client.facts.region, apiId, proxy: "", patienceSeconds: 3600 };
  return [
    { path: "windows/activation.json", content: `${JSON.stringify(settings, null, 2)}\n`, mode: 0o644 },
    ...(client.token ? [{ path: "windows/activation-token.txt", content: `${client.token}\n`, mode: 0o600 }] : []),
    // What Notepad of Windows Server 2016 shows as lines.
    { path: "windows/register.ps1", content: registerWindows.replace(/\n/g, "\r\n"), mode: 0o644 },
  ];
}
