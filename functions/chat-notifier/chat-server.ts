import { RefusedError, UnavailableError } from "../common/errors";
import { field, parseJson } from "../common/json-reader";
import type { HttpAnswer, HttpRequest } from "../common/post-with-patience";
import type { ChatMessage } from "./chat-message";

/** What the secret holds. */
export interface ChatAccess {
  readonly url: URL;
  readonly token?: string;
  readonly channel?: string;
}

/** A chat server's own way of taking a message. */
export interface ChatServer {
  /**
   * @param thread what an earlier `post` returned, where the message belongs below that one
   * @returns what later messages name to stand below this one, where the server has threads
   * @throws {UnavailableError} worth trying again
   * @throws {RefusedError} the server does not want this message
   */
  post(message: ChatMessage, thread?: string): Promise<string | undefined>;
}

export type Send = (request: HttpRequest) => Promise<HttpAnswer>;

export type ChatServerOf = (access: ChatAccess, send: Send) => ChatServer;

/** Sends JSON and reads JSON; an answer that is no success throws. */
export async function postJson(
  send: Send,
  url: URL,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
  method: "POST" | "PUT" = "POST",
): Promise<unknown> {
  const request = {
    method,
    url,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
  return readAnswer(await send(request));
}

/** @returns the answer's JSON, or undefined where it is none */
export function readAnswer({ status, body }: HttpAnswer): unknown {
  if (status >= 500 || status === 408) throw new UnavailableError(`chat server answered ${status}`);
  if (status < 200 || status > 299) throw new RefusedError(`chat server answered ${status}`, status);
  const answer = parseJson(body);
  // Slack and Rocket.Chat answer 200 to what they refuse.
  if (field(answer, "ok") === false || field(answer, "success") === false) {
    throw new RefusedError("chat server answered 200 with a refusal", 400);
  }
  return answer;
}

/** @throws {RefusedError} where the secret lacks what this server needs */
export function need(value: string | undefined, name: "token" | "channel", type: string): string {
  if (!value) throw new RefusedError(`the chat's secret has no ${name}, which ${type} needs`, 401);
  return value;
}

/** A path below the server's address, which may itself have one. */
export function below(url: URL, path: string): URL {
  return new URL(`${url.href.replace(/\/+$/, "")}/${path}`);
}
