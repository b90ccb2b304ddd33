/** A value that breaks a rule. `rule` says what must hold, `fix` what to write instead; neither repeats the value. */
export class ValueError extends Error {
  constructor(
    readonly rule: string,
    readonly fix: string,
  ) {
    super(`${rule}; ${fix}`);
    this.name = "ValueError";
  }
}
