import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";

/** The function itself failed: what it threw, by name and message. */
export class LambdaError extends Error {
  constructor(
    readonly errorType: string,
    message: string,
  ) {
    super(message);
    this.name = "LambdaError";
  }
}

export interface LambdaSettings {
  readonly functionName: string;
  readonly arn: string;
  /** Path of the bundle, `index.js`. */
  readonly bundle: string;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
}

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

type Answer = { id: string; result: string } | { id: string; error: { errorType: string; errorMessage: string } };

/** One process that runs a function's bundle, as one of Lambda's execution environments does. */
export class LambdaEnvironment {
  private readonly pending = new Map<string, Pending>();
  private readonly child: ChildProcess;
  isAlive = true;

  constructor(
    private readonly settings: LambdaSettings,
    log: (text: string) => void,
  ) {
    this.child = fork(join(__dirname, "lambda-host.cjs"), [settings.bundle], {
      env: { ...settings.environment },
      execArgv: [],
      silent: true,
    });
    this.child.stdout?.on("data", (chunk) => log(String(chunk)));
    this.child.stderr?.on("data", (chunk) => log(String(chunk)));
    this.child.on("message", (answer: Answer) => this.settle(answer));
    this.child.on("error", () => this.end("Runtime.ExitError", "the runtime could not be started"));
    this.child.on("exit", (code, signal) => this.end("Runtime.ExitError", `the runtime exited with ${code ?? signal}`));
  }

  get busy(): number {
    return this.pending.size;
  }

  /** @throws LambdaError what the function threw, or that it ran out of time: its process is then ended, as Lambda does */
  invoke(event: unknown): Promise<unknown> {
    const id = randomUUID();
    const { functionName, arn, timeoutSeconds } = this.settings;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.end("Sandbox.Timedout", `Task timed out after ${timeoutSeconds}.00 seconds`);
        this.child.kill("SIGKILL");
      }, timeoutSeconds * 1000);
      this.pending.set(id, { resolve, reject, timer });
      this.child.send({ id, event, deadlineMs: Date.now() + timeoutSeconds * 1000, functionName, arn });
    });
  }

  kill(): void {
    this.end("Runtime.ExitError", "the runtime was killed");
    this.child.kill("SIGKILL");
  }

  private settle(answer: Answer): void {
    const waiting = this.pending.get(answer.id);
    if (!waiting) return;
    this.pending.delete(answer.id);
    clearTimeout(waiting.timer);
    if ("error" in answer) waiting.reject(new LambdaError(answer.error.errorType, answer.error.errorMessage));
    else waiting.resolve(JSON.parse(answer.result));
  }

  private end(errorType: string, message: string): void {
    this.isAlive = false;
    for (const { reject, timer } of this.pending.values()) {
      clearTimeout(timer);
      reject(new LambdaError(errorType, message));
    }
    this.pending.clear();
  }
}
