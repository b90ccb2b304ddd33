import type { FaultProxy, SeenCall } from "./fault-proxy";

/** What EC2 takes its time for, in milliseconds. The emulator does everything at once. */
export interface Pace {
  readonly describe: number;
  readonly change: number;
  readonly run: number;
  readonly boot: number;
  readonly stop: number;
  readonly image: number;
}

interface Change {
  readonly untilMs: number;
  readonly meanwhile: string;
}

/** Has the proxy answer at EC2's pace: calls take their time, and so do instances and images until they are what was asked. */
export class Ec2Pace {
  /** Milliseconds that passed between what was waited for and the answer that said so. */
  wasted = 0;
  /** When address or route last moved. */
  movedAtMs = 0;
  private readonly changes = new Map<string, Change>();
  private readonly groups = new Map<string, string>();

  constructor(
    private readonly proxy: FaultProxy,
    private readonly pace: Pace,
  ) {
    proxy.delay = ({ operation }) => this.delayOf(operation);
    proxy.rewrite = (call, body) => this.rewrite(call, body);
  }

  stop(): void {
    this.proxy.delay = () => 0;
    this.proxy.rewrite = (_, body) => body;
  }

  private delayOf(operation: string): number {
    const { describe, change, run } = this.pace;
    if (/^(Describe|Get)/.test(operation)) return describe;
    if (/^(UpdateItem|TransactWriteItems)/.test(operation)) return DYNAMO_MS;
    return operation === "RunInstances" ? run : change;
  }

  private rewrite({ operation, body: asked }: SeenCall, body: string): string {
    const now = performance.now();
    const begin = (id: string | undefined, milliseconds: number, meanwhile: string) =>
      id !== undefined && this.changes.set(id, { untilMs: now + milliseconds, meanwhile });
    switch (operation) {
      case "RunInstances":
        begin(/<instanceId>(i-\w+)</.exec(body)?.[1], this.pace.boot, "pending");
        return body;
      case "StartInstances":
        begin(asked.get("InstanceId.1") ?? undefined, this.pace.boot, "pending");
        return body;
      case "StopInstances":
        begin(asked.get("InstanceId.1") ?? undefined, this.pace.stop, "stopping");
        return body;
      case "CreateImage":
        begin(/<imageId>(ami-\w+)</.exec(body)?.[1], this.pace.image, "pending");
        return body;
      case "ModifyNetworkInterfaceAttribute": {
        const group = asked.get("SecurityGroupId.1");
        if (group) this.groups.set(asked.get("NetworkInterfaceId") ?? "", group);
        return body;
      }
      case "AssociateAddress":
      case "CreateRoute":
      case "ReplaceRoute":
        this.movedAtMs = now;
        return body;
      case "DescribeInstances":
      case "DescribeImages":
        return this.asOfNow(body, now);
      default:
        return body;
    }
  }

  private asOfNow(body: string, now: number): string {
    let text = body;
    for (const [id, { untilMs, meanwhile }] of this.changes) {
      const at = text.indexOf(`>${id}<`);
      if (at < 0) continue;
      if (now >= untilMs) {
        this.wasted += now - untilMs;
        this.changes.delete(id);
        continue;
      }
      const rest = text
        .slice(at)
        .replace(/<name>(running|stopped)<\/name>/, `<name>${meanwhile}</name>`)
        .replace(/<imageState>available<\/imageState>/, `<imageState>${meanwhile}</imageState>`);
      text = text.slice(0, at) + rest;
    }
    for (const [id, group] of this.groups) {
      // An interface's groups stand before its id.
      const at = text.lastIndexOf("<groupSet>", text.indexOf(`<networkInterfaceId>${id}<`));
      if (at < 0) continue;
      const only = `<groupSet><item><groupId>${group}</groupId></item></groupSet>`;
      text = text.slice(0, at) + text.slice(at).replace(/<groupSet>.*?<\/groupSet>/s, only);
    }
    return text;
  }
}

/** DynamoDB answers within a region in a few milliseconds. */
const DYNAMO_MS = 8;
