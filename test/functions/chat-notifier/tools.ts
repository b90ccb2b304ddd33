import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ChatMessage } from "../../../functions/chat-notifier/chat-message";
import type { ChatServer } from "../../../functions/chat-notifier/chat-server";
import { memoryNotebook } from "../../../functions/chat-notifier/notebook";
import type { Delivery, NotifierTools } from "../../../functions/chat-notifier/notifier";
import type { AlarmEvent } from "../../../functions/common/alarm-event";
import { readAlarm } from "../../../functions/common/read-alarm";

export const START_MS = Date.parse("2026-11-21T12:10:00.000Z");

/** A chat that keeps what it is told, and may be down. */
export function fakeTools(post?: ChatServer["post"]) {
  const told: { readonly message: ChatMessage; readonly thread?: string }[] = [];
  const lines: unknown[][] = [];
  const beats: string[] = [];
  const clock = { nowMs: START_MS };
  const chat: ChatServer = {
    post: async (message, thread) => {
      const answer = post ? await post(message, thread) : `thread-${told.length}`;
      told.push({ message, thread });
      return thread ?? answer;
    },
  };
  const tools: NotifierTools = {
    language: "en",
    chat,
    notebook: memoryNotebook(),
    log: (...line) => lines.push(line),
    now: () => clock.nowMs,
    sleep: async (milliseconds) => {
      clock.nowMs += milliseconds;
    },
    deadlineMs: START_MS + 3_600_000,
    countHeartbeat: (road) => beats.push(road),
  };
  return { told, lines, beats, clock, tools };
}

export function fixture(name: string): string {
  return readFileSync(join(__dirname, "../fixtures", name), "utf8");
}

export function ociEvent(changes: Partial<AlarmEvent> = {}): AlarmEvent {
  const event = readAlarm("oci", fixture("oci-1.5-split.json"), { receivedAt: "2026-11-21T12:05:00.000Z" });
  return { ...event, ...changes };
}

export function delivery(event: AlarmEvent, id = event.idempotencyKey): Delivery {
  return { id, source: event.source, text: JSON.stringify(event) };
}
