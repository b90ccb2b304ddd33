/** A file that was given as facts. */
export interface FactFile {
  /** As the user named it: messages begin with it. */
  readonly name: string;
  readonly text: string;
}
