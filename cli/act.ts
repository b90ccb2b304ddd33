import type { Io } from "./io";

/** Makes commander's action of a command's own, whose answer is the exit code. */
export type Act = <A extends unknown[]>(
  action: (io: Io, ...args: A) => Promise<number> | number,
) => (...args: A) => Promise<void>;
