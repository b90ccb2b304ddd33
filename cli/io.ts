/** All that a command touches of the world, so that a test can be the world. */
export interface Io {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The folder that package.json lies in. */
  readonly root: string;
  readonly hasColor: boolean;
  readonly now: () => Date;
  readonly stdin?: AsyncIterable<Uint8Array>;
  /** Standard error where it is a terminal: progress is drawn there. */
  readonly terminal?: NodeJS.WriteStream;
}
