import { ConfigError } from "../../../config/problems";

/** The whole message that a call fails with; anything but a ConfigError is passed on. */
export function messageOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return "no error";
}
