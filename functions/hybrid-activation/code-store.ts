import { DeleteParameterCommand, GetParameterCommand, PutParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { errorName, isDenied, isThrottling, Unavailable } from "./errors";

/**
 * Codes in the parameter store, each activation's in a parameter of its own: a writer who lost its lease can't overwrite what
 * its successor wrote, which Parameter Store itself would let it.
 */
export interface CodeStore {
  readonly ssm: SSMClient;
  /** `/kakehashi/demo/servers` */
  readonly path: string;
  readonly kmsKeyId: string;
}

/** @throws Unavailable */
export async function putCode(store: CodeStore, activationId: string, code: string): Promise<void> {
  const put = new PutParameterCommand({
    Name: `${store.path}/${activationId}`,
    Value: code,
    Type: "SecureString",
    KeyId: store.kmsKeyId,
    Overwrite: true,
  });
  await store.ssm.send(put).catch(refuse);
}

/**
 * @returns undefined where the parameter is gone
 * @throws Unavailable
 */
export async function getCode(store: CodeStore, activationId: string): Promise<string | undefined> {
  const get = new GetParameterCommand({ Name: `${store.path}/${activationId}`, WithDecryption: true });
  try {
    const { Parameter } = await store.ssm.send(get);
    return Parameter?.Value || undefined;
  } catch (error) {
    if (errorName(error) === "ParameterNotFound") return undefined;
    return refuse(error);
  }
}

/** A parameter that is gone already is as good. @throws Unavailable */
export async function deleteCode(store: CodeStore, activationId: string): Promise<void> {
  const remove = new DeleteParameterCommand({ Name: `${store.path}/${activationId}` });
  await store.ssm.send(remove).catch((error) => {
    if (errorName(error) !== "ParameterNotFound") refuse(error);
  });
}

/** The service's message may hold what was sent: only its name is passed on. */
function refuse(error: unknown): never {
  if (isThrottling(error)) throw new Unavailable("throttled", 30, errorName(error));
  if (isDenied(error)) throw new Unavailable("code-denied", 300, errorName(error));
  throw new Unavailable("code-store-failed", 60, errorName(error));
}
