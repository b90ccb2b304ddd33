import type { Log } from "../common/log-line";
import type { AlarmSource } from "../common/relay-contract";
import type { ChatServer } from "./chat-server";
import type { ChatLanguage } from "./env";
import type { Notebook } from "./notebook";

/** One message of the queue. */
export interface Delivery {
  readonly id: string;
  readonly source: AlarmSource;
  readonly text: string;
}

export interface NotifierTools {
  readonly language: ChatLanguage;
  readonly chat: ChatServer;
  readonly notebook: Notebook;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** When the function's own time is up, milliseconds since the epoch. */
  readonly deadlineMs: number;
  /** Counts a heartbeat that arrived. @param road the alarm road's key */
  readonly countHeartbeat: (road: string) => void;
}
