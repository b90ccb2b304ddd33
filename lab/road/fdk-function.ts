import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { type OutgoingHttpHeaders, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface FdkFunctionOptions {
  /** Path of the bundle, `func.js`. */
  readonly bundle: string;
  /** The function's configuration, and what OCI adds to it. Nothing else is in its environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  /** Loaded before the bundle. */
  readonly preload?: string;
}

export interface FdkAnswer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string;
}

const START_MS = 30_000;

/**
 * A function's own process with Fn's FDK in it, called over its unix socket as Fn's agent does.
 * @see https://github.com/fnproject/docs/blob/master/fn/develop/function-format.md
 */
export class FdkFunction {
  log = "";
  private readonly folder = mkdtempSync(join(tmpdir(), "fdk-"));
  private child: ChildProcess | undefined;

  constructor(private readonly options: FdkFunctionOptions) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  get isAlive(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** A cold start. Resolves once the function listens. @throws where it ends instead */
  async start(): Promise<void> {
    const { bundle, environment, preload } = this.options;
    // The FDK listens on the second and links the first to it.
    for (const path of [this.socket, `${this.socket}.tmp`]) rmSync(path, { force: true });
    this.child = spawn(process.execPath, [...(preload ? ["--require", preload] : []), bundle], {
      env: { FN_FORMAT: "http-stream", FN_LISTENER: `unix:${this.socket}`, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on("data", (chunk) => {
        this.log += String(chunk);
      });
    }
    for (const endMs = Date.now() + START_MS; !existsSync(this.socket); await sleep(5)) {
      if (!this.isAlive || Date.now() > endMs) throw new Error(`the function did not start:\n${this.log}`);
    }
  }

  /** @throws where the process gives no answer, as after its end */
  invoke(body: string | Buffer, headers: Readonly<Record<string, string>> = {}): Promise<FdkAnswer> {
    const deadline = new Date(Date.now() + this.options.timeoutSeconds * 1000).toISOString();
    return new Promise((resolve, reject) => {
      const call = request(
        {
          socketPath: this.socket,
          method: "POST",
          path: "/call",
          headers: { "Fn-Deadline": deadline, "Fn-Call-Id": "lab", ...headers },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(chunks).toString("utf8"),
            }),
          );
        },
      );
      call.on("error", reject);
      call.end(body);
    });
  }

  /** Ends the process in the middle of whatever it does; `start` makes a new one. */
  kill(): void {
    this.child?.kill("SIGKILL");
  }

  stop(): void {
    this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get socket(): string {
    return join(this.folder, "fn.sock");
  }
}
