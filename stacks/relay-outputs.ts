import type { TerraformStack } from "cdktf";
import { readOutputs, type StackBackend } from "./providers";

/** Outputs by which a relay's stack tells the forwarders' stacks where it is and what opens it. */
export const RELAY_URL_OUTPUT = "relay_url";
/** Sensitive. */
export const RELAY_TOKEN_OUTPUT = "relay_token";

/** 48 letters hold 273 bits; letters alone need no encoding anywhere. */
export const RELAY_TOKEN = { length: 48, special: false, numeric: false } as const;

export interface RelayAccess {
  /** `POST /alarms` without the source. */
  readonly url: string;
  readonly token: string;
}

/** What a relay's stack has put out. @param name that stack's */
export function readRelayAccess(stack: TerraformStack, name: string, backend: StackBackend): RelayAccess {
  const outputs = readOutputs(stack, name, backend);
  return { url: outputs.getString(RELAY_URL_OUTPUT), token: outputs.getString(RELAY_TOKEN_OUTPUT) };
}
