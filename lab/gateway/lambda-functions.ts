import { existsSync } from "node:fs";
import { basename, resolve as resolvePath } from "node:path";
import { LambdaEnvironment, type LambdaSettings } from "./lambda-environment";
import type { Resolve } from "./references";
import { type Block, type NamedBlock, resourcesOf, type TerraformJson } from "./terraform-json";

export interface LambdaFunctionsOptions {
  readonly template: TerraformJson;
  readonly resolve: Resolve;
  /** Holds `<name>/index.js` for every `<name>.zip` that the template names. */
  readonly functionsDirectory: string;
  /** What Lambda itself would set (credentials), and where the emulator listens. Laid over each function's own variables. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Most processes of one function at a time. @default 2 */
  readonly environments?: number;
  /** Lambda gives an environment one invocation at a time. More of them save processes where only the races matter. @default 1 */
  readonly invocationsPerEnvironment?: number;
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html */
const DEFAULT_TIMEOUT_SECONDS = 3;

interface RunningFunction {
  readonly settings: LambdaSettings;
  readonly environments: LambdaEnvironment[];
  readonly waiting: (() => void)[];
  log: string;
}

/** The functions of a template, each run from its real bundle in processes of its own. */
export class LambdaFunctions {
  private readonly running = new Map<string, RunningFunction>();
  private readonly blocks: Map<string, Block>;

  constructor(private readonly options: LambdaFunctionsOptions) {
    this.blocks = new Map(
      resourcesOf(options.template, "aws_lambda_function").map(({ block }: NamedBlock) => [
        options.resolve(block.function_name),
        block,
      ]),
    );
  }

  get names(): readonly string[] {
    return [...this.blocks.keys()];
  }

  /**
   * Invokes a function and answers what it answers.
   * @throws LambdaError what it threw
   */
  async invoke(name: string, event: unknown): Promise<unknown> {
    const running = this.find(name);
    const environment = await this.free(running);
    try {
      return await environment.invoke(event);
    } finally {
      running.waiting.shift()?.();
    }
  }

  /** What the function has written so far. */
  log(name: string): string {
    return this.find(name).log;
  }

  /** Ends a function's processes in the middle of whatever they do. */
  kill(name: string): void {
    for (const environment of this.find(name).environments) environment.kill();
  }

  stop(): void {
    for (const { environments } of this.running.values()) for (const environment of environments) environment.kill();
  }

  private async free(running: RunningFunction): Promise<LambdaEnvironment> {
    const { environments, settings, waiting } = running;
    for (;;) {
      const alive = environments.filter(({ isAlive }) => isAlive);
      const free = alive
        .filter(({ busy }) => busy < (this.options.invocationsPerEnvironment ?? 1))
        .sort((a, b) => a.busy - b.busy)[0];
      if (alive.length < (this.options.environments ?? 2) && (free === undefined || free.busy > 0)) {
        const fresh = new LambdaEnvironment(settings, (text) => {
          running.log += text;
        });
        environments.splice(0, environments.length, ...alive, fresh);
        return fresh;
      }
      if (free) return free;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  }

  private find(name: string): RunningFunction {
    const known = this.running.get(name);
    if (known) return known;
    const block = this.blocks.get(name);
    if (!block) throw new Error(`the function ${name} is not in the template: it has ${this.names.join(", ")}`);
    const fresh: RunningFunction = { settings: this.settingsOf(name, block), environments: [], waiting: [], log: "" };
    this.running.set(name, fresh);
    return fresh;
  }

  private settingsOf(name: string, block: Block): LambdaSettings {
    const { resolve, functionsDirectory, environment } = this.options;
    const bundle = resolvePath(functionsDirectory, basename(resolve(block.filename), ".zip"), "index.js");
    if (!existsSync(bundle)) throw new Error(`${bundle} is not there: run \`npm run build\``);
    const own = Object.entries<string>(block.environment?.variables ?? {});
    return {
      functionName: name,
      arn: resolve(`arn:aws:lambda:ap-northeast-1:123456789012:function:${name}`),
      bundle,
      timeoutSeconds: block.timeout ?? DEFAULT_TIMEOUT_SECONDS,
      environment: {
        AWS_REGION: String(this.options.template.provider?.aws?.[0]?.region ?? "ap-northeast-1"),
        AWS_LAMBDA_FUNCTION_NAME: name,
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(block.memory_size ?? 128),
        AWS_EXECUTION_ENV: "AWS_Lambda_nodejs",
        ...Object.fromEntries(own.map(([key, value]) => [key, resolve(value)])),
        ...environment,
      },
    };
  }
}
