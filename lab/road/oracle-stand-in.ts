import { createHash, createPublicKey, createVerify, generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecureContext } from "node:tls";
import { makeCertificates } from "../../catalog/make-certificates";

export interface VaultSecret {
  current: string;
  previous?: string;
}

export interface OracleStandIn {
  /** By OCID; a test changes them at will. */
  readonly secrets: Map<string, VaultSecret>;
  /** Contents of the messages that lie in the queue. */
  readonly queue: string[];
  readonly queueEndpoint: string;
  /** While set, every call is answered by it. */
  fault?: { readonly status: number } | "silence";
  /** `GET /20190301/secretbundles/…` and the like, with whether the signature was good. */
  readonly calls: string[];
  /** What a function's process needs to speak to it as its own resource principal. */
  readonly environment: Readonly<Record<string, string>>;
  readonly preload: string;
  readonly stop: () => Promise<void>;
}

const REGION = "ap-tokyo-1";
const VAULT_HOST = `secrets.vaults.${REGION}.oci.oraclecloud.com`;
const QUEUE_HOST = `cell-1.queue.messaging.${REGION}.oci.oraclecloud.com`;

/**
 * Vault and Queue of Oracle Cloud on loopback, under their own names with certificates of their own, for functions that come
 * as a resource principal. Each request's signature is verified with the principal's public key.
 * @see https://docs.oracle.com/en-us/iaas/Content/API/Concepts/signingrequests.htm
 */
export async function startOracleStandIn(): Promise<OracleStandIn> {
  const folder = mkdtempSync(join(tmpdir(), "oracle-"));
  const now = new Date();
  const hosts = await Promise.all(
    [VAULT_HOST, QUEUE_HOST].map(async (dnsName) => ({
      dnsName,
      ...(await makeCertificates({ name: "lab", privateIp: "127.0.0.1", dnsName, now })),
    })),
  );
  writeFileSync(join(folder, "authorities.pem"), hosts.map(({ ca }) => ca).join(""));
  const principal = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const token = principalToken(principal.publicKey, now);
  const contexts = new Map(
    hosts.map(({ dnsName, key, certificate }) => [dnsName, createSecureContext({ key, cert: certificate })]),
  );
  const standIn = { secrets: new Map<string, VaultSecret>(), queue: [] as string[], calls: [] as string[] };
  const state: { fault?: OracleStandIn["fault"] } = {};
  const server = createServer(
    {
      SNICallback: (name, done) =>
        done(contexts.has(name) ? null : new Error(`no such host ${name}`), contexts.get(name)),
    },
    (request, response) => {
      void answer(request, response, principal.publicKey, token, { ...standIn, fault: state.fault });
    },
  );
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    ...standIn,
    get fault() {
      return state.fault;
    },
    set fault(fault: OracleStandIn["fault"]) {
      state.fault = fault;
    },
    queueEndpoint: `https://${QUEUE_HOST}`,
    environment: {
      OCI_RESOURCE_PRINCIPAL_VERSION: "2.2",
      OCI_RESOURCE_PRINCIPAL_REGION: REGION,
      OCI_RESOURCE_PRINCIPAL_RPST: token,
      OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM: principal.privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
      NODE_EXTRA_CA_CERTS: join(folder, "authorities.pem"),
      ORACLE_STAND_IN: String(port),
    },
    preload: join(__dirname, "redirect.cjs"),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** As the service hands it to a function: a JWT that names its key. Nobody but its issuer verifies it. */
function principalToken(publicKey: KeyObject, now: Date): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const seconds = Math.floor(now.getTime() / 1000);
  const claims = {
    sub: "ocid1.fnfunc.oc1.ap-tokyo-1.lab",
    iat: seconds,
    exp: seconds + 24 * 3600,
    res_tenant: "ocid1.tenancy.oc1..lab",
    res_compartment: "ocid1.compartment.oc1..lab",
    jwk: JSON.stringify({ ...publicKey.export({ format: "jwk" }), kid: "lab", use: "sig", alg: "RS256" }),
  };
  return `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}.${Buffer.from("lab").toString("base64url")}`;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  publicKey: KeyObject,
  token: string,
  { secrets, queue, calls, fault }: Pick<OracleStandIn, "secrets" | "queue" | "calls" | "fault">,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString("utf8");
  const isSigned = hasGoodSignature(request, body, publicKey, token);
  calls.push(`${request.method} ${request.url} ${isSigned ? "signed" : "not signed"}`);
  if (fault === "silence") return;
  const send = (status: number, value: object) => {
    response.writeHead(status, { "content-type": "application/json", "opc-request-id": "lab" });
    response.end(JSON.stringify(value));
  };
  const url = new URL(request.url ?? "/", `https://${request.headers.host}`);
  if (fault) return send(fault.status, { code: "InternalServerError", message: "out of order" });
  if (!isSigned) return send(401, { code: "NotAuthenticated", message: "the signature is not good" });
  const secretId = /^\/20190301\/secretbundles\/([^/]+)$/.exec(url.pathname)?.[1];
  if (request.method === "GET" && secretId && url.hostname === VAULT_HOST) {
    const secret = secrets.get(decodeURIComponent(secretId));
    const value = url.searchParams.get("stage") === "PREVIOUS" ? secret?.previous : secret?.current;
    if (value === undefined) return send(404, { code: "NotAuthorizedOrNotFound", message: "no such secret version" });
    const content = Buffer.from(value).toString("base64");
    return send(200, { secretId, versionNumber: 1, secretBundleContent: { contentType: "BASE64", content } });
  }
  if (request.method === "POST" && /^\/20210201\/queues\/[^/]+\/messages$/.test(url.pathname)) {
    const { messages } = JSON.parse(body) as { messages: readonly { content: string }[] };
    queue.push(...messages.map(({ content }) => content));
    return send(200, { messages: messages.map((_, id) => ({ id, expireAfter: new Date().toISOString() })) });
  }
  return send(404, { code: "NotFound", message: "no such path" });
}

function hasGoodSignature(request: IncomingMessage, body: string, publicKey: KeyObject, token: string): boolean {
  const fields = Object.fromEntries(
    [...(request.headers.authorization ?? "").matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );
  if (fields.keyId !== `ST$${token}` || fields.algorithm !== "rsa-sha256") return false;
  const names = (fields.headers ?? "").toLowerCase().split(" ");
  const digest = createHash("sha256").update(body).digest("base64");
  if (
    request.method !== "GET" &&
    !(names.includes("x-content-sha256") && request.headers["x-content-sha256"] === digest)
  ) {
    return false;
  }
  const signed = names
    .map((name: string) =>
      name === "(request-target)"
        ? `${name}: ${request.method?.toLowerCase()} ${request.url}`
        : `${name}: ${request.headers[name]}`,
    )
    .join("\n");
  return createVerify("RSA-SHA256")
    .update(signed)
    .verify(createPublicKey(publicKey.export({ type: "spki", format: "pem" })), fields.signature ?? "", "base64");
}
