/** Something sound that may still surprise: `<path>: <text>; <why>`. */
export interface Warning {
  /** Where, from the file's root: `["controllers", "tokyo"]`. */
  readonly path: readonly string[];
  readonly text: string;
  /** Why it matters, and what to do. */
  readonly why: string;
}
