/** Why a switch can't begin or go on; what to do is in the message. */
export type ApplianceFault =
  | "not-found"
  | "address-held"
  | "no-image"
  | "no-target"
  | "no-source"
  | "no-capacity"
  | "not-fenced"
  | "not-running"
  | "lease-lost";

/** Something of the appliance is not as a switch needs it. The message is one line, for people. */
export class ApplianceError extends Error {
  constructor(
    readonly fault: ApplianceFault,
    message: string,
  ) {
    super(message);
    this.name = "ApplianceError";
  }
}
