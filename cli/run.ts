import { Command, CommanderError } from "commander";
import { exitCodeOf, isConfigError } from "../config/problems";
import type { Act } from "./act";
import { check } from "./commands/check";
import { demo } from "./commands/demo";
import { diagram } from "./commands/diagram";
import { init } from "./commands/init";
import { migrate } from "./commands/migrate";
import { render } from "./commands/render";
import { synth } from "./commands/synth";
import { addAccountCommands } from "./groups/account";
import { addActivationCommands } from "./groups/activations";
import { addApplianceCommands } from "./groups/appliance";
import { addNotifyCommands } from "./groups/notify";
import { addRoadCommands } from "./groups/roads";
import { addWatchCommands } from "./groups/watch";
import type { Io } from "./io";
import { paint } from "./paint";

const EXIT_CODES = `
Exit codes: 0 ok, 1 your input must be mended, 2 something outside failed, 70 a bug.
SITE is site.yaml in the working directory, or what the environment's SITE names, unless given.`;

/** Runs one command line and answers its exit code. Never throws, never asks, writes to \`io\` only. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const outcome = { code: 0 };
  const program = buildProgram(io, outcome);
  try {
    await program.parseAsync([...argv], { from: "user" });
    return outcome.code;
  } catch (error) {
    // Commander has said what is wrong with the words already; --help and --version are no errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
    report(error, argv.includes("--json"), io);
    return exitCodeOf(error);
  }
}

function report(error: unknown, isJson: boolean, io: Io): void {
  const code = exitCodeOf(error);
  const { message, stack } = error as Error;
  if (isJson) {
    const problems = isConfigError(error)
      ? error.problems.map(({ path, ...problem }) => ({ path: path.join("."), ...problem }))
      : [];
    io.out(
      `${JSON.stringify({ ok: false, exitCode: code, message: code === 70 ? String(stack) : message, problems }, null, 2)}\n`,
    );
    return;
  }
  if (code === 70) io.err(`${paint(io, "red", "This is a bug in Kakehashi:")}\n${stack}\n`);
  else io.err(`${message}\n`);
}

function buildProgram(io: Io, outcome: { code: number }): Command {
  const program = new Command("kakehashi")
    .description("One site file to three clouds' VPNs and to a controller's files.")
    .helpCommand(false)
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      getOutHasColors: () => io.hasColor,
      getErrHasColors: () => io.hasColor,
    })
    .addHelpText("after", EXIT_CODES)
    .exitOverride();
  const act: Act =
    (action) =>
    async (...args) => {
      outcome.code = await action(io, ...args);
    };

  program
    .command("init")
    .argument("[folder]", "where to write site.yaml", ".")
    .option("--from <example>", "aws-only or three-clouds", "aws-only")
    .option("--json", "machine-readable output")
    .description("write a commented site.yaml and its schema")
    .action(act(init));
  program
    .command("check")
    .argument("[site]", "the site file, or a hand-written vpn_catalog.yml")
    .option("--json", "machine-readable output")
    .description("tell every problem of the file at once, then warnings")
    .action(act(check));
  program
    .command("synth")
    .argument("[site]", "the site file")
    .option("--out <folder>", "where to write the Terraform JSON", "cdktf.out")
    .option("--json", "machine-readable output")
    .description("write Terraform JSON for every stack, as `npx cdktf synth` does")
    .action(act(synth));
  program
    .command("render")
    .argument("[site]", "the site file")
    .requiredOption("--facts <files...>", "outputs of the deployed stacks (JSON), or AWS's VPN configuration (XML)")
    .option("--out <folder>", "where to write", "out")
    .option("--check", "write nothing; show the difference to what is there")
    .option("--json", "machine-readable output")
    .description("write the controllers' files, the VPN catalog and the picture")
    .action(act(render));
  program
    .command("diagram")
    .argument("[site]", "the site file")
    .option("--out <file>", "where to write; standard output unless given")
    .option("--format <format>", "svg, dot or mermaid", "svg")
    .option("--json", "machine-readable output")
    .description("draw what is joined to what")
    .action(act(diagram));
  program
    .command("migrate")
    .argument("<file>", "an ipsec.conf, or AWS's Openswan download")
    .option("--secrets <file>", "the ipsec.secrets that belongs to it")
    .option("--target <version>", "the Libreswan to write for", "4.10")
    .option("--out <folder>", "write the working files there")
    .option("--json", "machine-readable output")
    .description("tell what fails of an old ipsec.conf, and print text that works")
    .action(act(migrate));
  addApplianceCommands(program, act);
  addWatchCommands(program, act);
  addNotifyCommands(program, act);
  addRoadCommands(program, act);
  program
    .command("demo", { hidden: true })
    .description("the whole main job on examples/three-clouds with recorded facts")
    .action(act(demo));
  addActivationCommands(program, act);
  addAccountCommands(program, act);
  settle(program, program.commands);
  return program;
}

/** Commands, and those below them, answer as the program does. */
function settle(program: Command, commands: readonly Command[]): void {
  for (const command of commands) {
    command.exitOverride().configureOutput(program.configureOutput());
    settle(program, command.commands);
  }
}
