/** The destination is none that may be called: it will not be tried again. */
export class DestinationRefused extends Error {
  constructor(reason: string) {
    super(`refused: ${reason}`);
    this.name = "DestinationRefused";
  }
}

/** A call took longer than it may. */
export class CallTimedOut extends Error {
  constructor() {
    super("timed out");
    this.name = "CallTimedOut";
  }
}
