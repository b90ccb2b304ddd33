import { randomBytes, randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Certificates } from "../../catalog/certificates";

export interface ChatPost {
  readonly id: string;
  readonly text: string;
  /** The post that it answers. */
  readonly thread?: string;
  readonly atMs: number;
}

/** `up`; no connection at all; or every call answered with this status. */
export type ChatMode = "up" | "down" | { readonly status: number; readonly retryAfterSeconds?: number };

/** Mattermost cuts no text: it refuses it. @see https://developers.mattermost.com/integrate/webhooks/incoming/ */
const MOST_CHARACTERS = 16_383;

/**
 * A chat server that takes what Mattermost takes: an incoming webhook, and a bot's posts by the API.
 * @see https://developers.mattermost.com/integrate/webhooks/incoming/
 * @see https://api.mattermost.com/#tag/posts/operation/CreatePost
 */
export class ChatServer extends EventEmitter<{ post: [ChatPost] }> {
  readonly posts: ChatPost[] = [];
  /** Calls that were not taken, by what they were answered. */
  readonly refused: number[] = [];
  mode: ChatMode = "up";
  readonly webhookId = randomBytes(13).toString("hex");
  readonly botToken = randomBytes(13).toString("hex");
  private readonly server;
  private readonly sockets = new Set<Socket>();

  constructor(readonly certificates: Certificates) {
    super();
    const { key, certificate } = certificates;
    this.server = createServer({ key, cert: certificate }, (request, response) => void this.answer(request, response));
    this.server.on("connection", (socket: Socket) => {
      if (this.mode === "down") socket.resetAndDestroy();
      this.sockets.add(socket);
      socket.once("close", () => this.sockets.delete(socket));
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((listening) => this.server.listen(0, "127.0.0.1", listening));
  }

  get url(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get webhookUrl(): string {
    return `${this.url}/hooks/${this.webhookId}`;
  }

  set(mode: ChatMode): void {
    this.mode = mode;
    if (mode === "down") for (const socket of this.sockets) socket.destroy();
  }

  /** Shows another certificate from the next connection on. */
  present({ key, certificate }: Certificates): void {
    this.server.setSecureContext({ key, cert: certificate });
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { mode } = this;
    const send = (status: number, body: string, headers: Readonly<Record<string, string>> = {}) => {
      if (status > 299) this.refused.push(status);
      response.writeHead(status, headers).end(body);
    };
    if (mode === "down") return void request.socket.destroy();
    if (mode !== "up") {
      const { retryAfterSeconds, status } = mode;
      return send(status, "{}", retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) });
    }
    const isHook = request.url === `/hooks/${this.webhookId}`;
    const isApi = request.url === "/api/v4/posts" && request.headers.authorization === `Bearer ${this.botToken}`;
    if (request.method !== "POST" || !(isHook || isApi)) return send(404, '{"message":"no such hook"}');
    const post = this.read(Buffer.concat(chunks).toString("utf8"), isHook);
    if (!post) return send(400, '{"message":"no text, or too much of it"}');
    this.posts.push(post);
    this.emit("post", post);
    if (isHook) send(200, "ok");
    else send(201, JSON.stringify({ id: post.id, message: post.text, root_id: post.thread ?? "" }));
  }

  private read(body: string, isHook: boolean): ChatPost | undefined {
    try {
      const { text, message, root_id: root } = JSON.parse(body);
      const said = isHook ? text : message;
      if (typeof said !== "string" || said === "" || said.length > MOST_CHARACTERS) return undefined;
      return { id: randomUUID(), text: said, atMs: Date.now(), ...(root ? { thread: String(root) } : {}) };
    } catch {
      return undefined;
    }
  }
}
