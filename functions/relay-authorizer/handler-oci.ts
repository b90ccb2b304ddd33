import fdk from "@fnproject/fdk";
import { field, parseJson, textField } from "../common/json-reader";
import { logLine } from "../common/log-line";
import { ociSecretStore } from "../common/oci-secret-store";
import { cacheSecret } from "../common/secret-store";
import { isAllowed, TOKEN_AGE_MS } from "./core";
import { parseRelayAuthorizerEnvironment } from "./env";

/** How long the gateway may keep the answer. @see https://docs.oracle.com/iaas/Content/APIGateway/Tasks/apigatewayusingauthorizerfunction.htm */
const ANSWER_AGE_MS = 60_000;

const { tokenSecretId } = parseRelayAuthorizerEnvironment(process.env);
const store = ociSecretStore();
const secrets = (["current", "previous"] as const).map((version) =>
  cacheSecret(() => store.read(tokenSecretId, version), Date.now, TOKEN_AGE_MS),
);

// An authorizer function with one argument (`token`) or several (`data.token`) of OCI's API Gateway.
fdk.handle(
  async (input) => {
    const request = parseJson(input.toString("utf8"));
    const token = textField(request, "token") ?? textField(field(request, "data"), "token");
    const isOpen = await isAllowed(token, secrets);
    logLine(isOpen ? "info" : "warn", isOpen ? "token accepted" : "token refused");
    const expiresAt = new Date(Date.now() + ANSWER_AGE_MS).toISOString();
    return isOpen
      ? { active: true, principal: "forwarder", scope: ["alarms"], expiresAt }
      : { active: false, expiresAt, wwwAuthenticate: 'Bearer realm="kakehashi"' };
  },
  { inputMode: "buffer" },
);
