import { spawn } from "node:child_process";
import { closeSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import type { Boot } from "./boot";

/** What the guest says while it runs. */
export type GuestEvent =
  | { readonly kind: "begin"; readonly id: string }
  | { readonly kind: "note"; readonly id: string; readonly text: string }
  | { readonly kind: "ok"; readonly id: string; readonly seconds: number }
  | { readonly kind: "FAILED"; readonly id: string; readonly seconds: number; readonly reason: string }
  | { readonly kind: "result"; readonly id: string; readonly text: string };

/** `@ok 4.10/nat/bgp/aws 12.3` → its event; other lines of the console are not for us. */
export function readGuestLine(line: string): GuestEvent | undefined {
  const match = /^@(begin|note|ok|FAILED|result) (\S+) ?(.*)$/.exec(line.replaceAll("\r", ""));
  if (!match) return undefined;
  const [, kind, id, rest = ""] = match as unknown as [string, GuestEvent["kind"], string, string];
  const seconds = Number.parseFloat(rest);
  switch (kind) {
    case "begin":
      return { kind, id };
    case "ok":
      return { kind, id, seconds };
    case "FAILED":
      return { kind, id, seconds, reason: rest.replace(/^\S+ ?/, "") };
    default:
      return { kind, id, text: rest };
  }
}

/** Boots the guest once with FOLDER/input. Resolves with run-vm.sh's exit status: 124 timed out, 125 never came back. */
export function runBoot(
  lab: string,
  image: string,
  boot: Boot,
  places: { readonly input: string; readonly results: string },
  onEvent: (event: GuestEvent) => void,
): Promise<number> {
  // As long as the guest's own limits, which come first: LAB_PATIENCE in guest/lab.sh.
  const limit = 3 * (60 + boot.cases.reduce((sum, { seconds }) => sum + seconds, 0));
  const child = spawn(
    join(lab, "run-vm.sh"),
    [
      ...["--image", image, "--input", places.input, "--results", places.results, "--script", "suite"],
      ...["--timeout", String(limit), "--memory", String(boot.memoryMegabytes ?? 768)],
      ...(boot.isRebooted ? ["--keep-overlay"] : []),
    ],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  const stop = () => child.kill("SIGTERM");
  process.once("exit", stop);
  const console = followLines(join(places.results, "console.log"), (line) => {
    const event = readGuestLine(line);
    if (event) onEvent(event);
  });
  return new Promise((resolve) => {
    child.on("close", (code) => {
      process.off("exit", stop);
      console.end();
      resolve(code ?? 125);
    });
  });
}

/** Lines of a file that grows, and that may be begun anew. */
function followLines(file: string, onLine: (line: string) => void): { end(): void } {
  let at = 0;
  let rest = "";
  const buffer = Buffer.alloc(65_536);
  const read = () => {
    let descriptor: number;
    try {
      descriptor = openSync(file, "r");
    } catch {
      return;
    }
    for (let length = 1; length > 0; at += length) {
      length = readSync(descriptor, buffer, 0, buffer.length, at);
      const lines = (rest + buffer.toString("utf8", 0, length)).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) onLine(line);
    }
    closeSync(descriptor);
  };
  const timer = setInterval(read, 250);
  return {
    end() {
      clearInterval(timer);
      read();
    },
  };
}
