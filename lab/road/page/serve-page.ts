import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Road, Step } from "../start-road";
import { tunnelAlarm } from "../tunnel-alarm";

export interface PageOptions {
  readonly road: Road;
  /** Path of the page's file. */
  readonly page: string;
  readonly language: "en" | "ja";
  /** 0 for any free one. */
  readonly port: number;
}

export interface Page {
  readonly url: string;
  /** Shows a step of the road. */
  readonly show: (step: ShownStep) => void;
  readonly stop: () => Promise<void>;
}

type ShownStep = Omit<Step, "station"> & { readonly station: Step["station"] | "chat" };

const BURST = 200;

/** The page of `npm run lab`: what happens on the road as server-sent events, and what its buttons do. */
export async function servePage({ road, page, language, port }: PageOptions): Promise<Page> {
  const html = readFileSync(page, "utf8").replace('<html lang="en">', `<html lang="${language}">`);
  const viewers = new Set<ServerResponse>();
  const past: string[] = [];
  const state = { tunnels: { 1: "up", 2: "up" }, isRelayCut: false, isChatDown: false };
  const send = (type: string, what: object) => {
    const line = `data: ${JSON.stringify({ type, ...what })}\n\n`;
    if (type !== "state") past.push(line);
    for (const viewer of viewers) viewer.write(line);
  };
  const show = (step: ShownStep) => send("step", step);
  road.chat.on("post", (post) => {
    send("post", post);
    show({ station: "chat", text: post.text.split("\n")[0]?.replace(/^\S+ |[`*]/gu, "") ?? "", isGood: true });
  });
  const publish = (alarm: Parameters<typeof tunnelAlarm>[1]) => {
    const text = tunnelAlarm(road.templates.network, alarm);
    show({ station: "topic", text: JSON.parse(text).title, isGood: alarm.status === "OK" });
    // The topic is closed where the lab ends before the forwarder took it.
    road.topic.publish(text).catch(() => undefined);
  };
  const toggleTunnel = (tunnel: 1 | 2) => {
    const [isDown, other] = [state.tunnels[tunnel] === "up", state.tunnels[tunnel === 1 ? 2 : 1]];
    state.tunnels[tunnel] = isDown ? "down" : "up";
    const status = isDown ? "FIRING" : "OK";
    publish({ status, tunnel, atMs: Date.now() });
    if (other === "down") publish({ status, atMs: Date.now() });
  };
  const actions: Readonly<Record<string, () => void | Promise<void>>> = {
    "tunnel-1": () => toggleTunnel(1),
    "tunnel-2": () => toggleTunnel(2),
    relay: () => {
      state.isRelayCut = !state.isRelayCut;
      road.cable.cut(state.isRelayCut);
    },
    chat: () => {
      state.isChatDown = !state.isChatDown;
      road.chat.set(state.isChatDown ? "down" : "up");
    },
    burst: () => {
      for (let site = 1; site <= BURST; site++) {
        publish({ status: "FIRING", atMs: Date.now(), connection: `site-${site}` });
      }
    },
    rotate: async () => {
      const fresh = await road.rotateToken("relay");
      await road.rotateToken("forwarder", fresh);
    },
  };
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const action = /^\/actions\/([\w-]+)$/.exec(request.url ?? "")?.[1] ?? "";
    if (!isOwn(request)) return response.writeHead(403).end();
    if (request.method === "GET" && request.url === "/") {
      return response
        .writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" })
        .end(html);
    }
    if (request.method === "GET" && request.url === "/events") {
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      response.write(`data: ${JSON.stringify({ type: "state", ...state })}\n\n${past.join("")}`);
      viewers.add(response);
      return response.once("close", () => viewers.delete(response));
    }
    if (request.method === "POST" && Object.hasOwn(actions, action)) {
      await actions[action]?.();
      send("state", state);
      return response.writeHead(204).end();
    }
    return response.writeHead(404).end();
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((listening, failed) => {
    server.once("error", failed).listen(port, "127.0.0.1", listening);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    show,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** No other page, and no name that was made to point here, may press the buttons. */
function isOwn({ headers: { host = "", origin } }: IncomingMessage): boolean {
  return /^(127\.0\.0\.1|localhost):\d+$/.test(host) && (origin === undefined || origin === `http://${host}`);
}
