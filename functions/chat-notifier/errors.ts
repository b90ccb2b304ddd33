/** The end of an alarm whose beginning is not told yet: the queue brings it again. */
export class BeginningPendingError extends Error {
  override readonly name = "BeginningPendingError";
  constructor() {
    super("the alarm's beginning is still to be told");
  }
}
