import { createSocket } from "node:dgram";
import { request } from "node:https";
import { connect } from "node:net";
import type { ServiceCheck } from "../common/appliance/settings";

/** More than any answer within a region takes. */
const TIMEOUT_MS = 2000;

/** Asks once. @returns undefined where it answers, else why not */
export function askService(host: string, service: ServiceCheck, timeoutMs = TIMEOUT_MS): Promise<string | undefined> {
  switch (service.protocol) {
    case "tcp":
      return askTcp(host, service.port, timeoutMs);
    case "https":
      return askHttps(host, service.port, service.path, timeoutMs);
    case "udp":
      return askUdp(host, service.port, Buffer.from(service.payloadHex, "hex"), timeoutMs);
  }
}

function askTcp(host: string, port: number, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (why?: string) => {
      socket.destroy();
      resolve(why);
    };
    socket.setTimeout(timeoutMs, () => end("no connection in time"));
    socket.once("connect", () => end());
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.name));
  });
}

function askHttps(host: string, port: number, path: string, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    // Whether it lives is asked, not who it is: an appliance's certificate is often its own, and for another name.
    const call = request({ host, port, path, agent: false, rejectUnauthorized: false }, (answer) => {
      answer.destroy();
      resolve(undefined);
    });
    const timer = setTimeout(() => call.destroy(new Error("no answer in time")), timeoutMs);
    call.once("close", () => clearTimeout(timer));
    call.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    call.end();
  });
}

function askUdp(host: string, port: number, payload: Buffer, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    const end = (why?: string) => {
      clearTimeout(timer);
      socket.close();
      resolve(why);
    };
    const timer = setTimeout(() => end("no answer in time"), timeoutMs);
    socket.once("message", () => end());
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.name));
    // A connected socket hears only this host, and "port unreachable" as an error.
    socket.connect(port, host, () => socket.send(payload));
  });
}
