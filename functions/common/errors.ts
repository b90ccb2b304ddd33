/** The other side can't be reached or has no time: worth trying again later. Never holds an address's secret part. */
export class UnavailableError extends Error {
  override readonly name = "UnavailableError";
}

/** The other side does not want this message, and would not later. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}
