/** One file that the generator writes, by its path below the output folder. */
export interface TreeFile {
  /** Relative, with `/`: `tokyo/etc/ipsec.d/tokyo-aws.conf`. */
  readonly path: string;
  readonly content: string;
  /** Permission bits: 0o644, 0o600, 0o755. */
  readonly mode: number;
}
