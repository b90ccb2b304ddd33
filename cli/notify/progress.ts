import { SingleBar } from "cli-progress";

export interface Progress {
  readonly update: (bytes: number, records: number) => void;
  readonly stop: () => void;
}

/**
 * A bar on the terminal; nothing where there is none.
 * @param total of what is counted along the bar
 * @param from where the bar begins
 */
export function openProgress(terminal: NodeJS.WriteStream | undefined, total: number, from: number): Progress {
  if (!terminal) return { update: () => {}, stop: () => {} };
  const bar = new SingleBar({
    format: "{bar} {percentage} %  {records} records  {eta_formatted} left",
    barCompleteChar: "#",
    barIncompleteChar: ".",
    hideCursor: true,
    stream: terminal,
  });
  bar.start(total, from, { records: 0 });
  return { update: (bytes, records) => bar.update(bytes, { records }), stop: () => bar.stop() };
}
