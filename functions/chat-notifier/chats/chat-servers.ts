import type { ChatServerOf } from "../chat-server";
import type { ChatType } from "../env";
import { json } from "./json";
import { matrix } from "./matrix";
import { mattermost } from "./mattermost";
import { rocketchat } from "./rocketchat";
import { slack } from "./slack";
import { teams } from "./teams";
import { zulip } from "./zulip";

export const CHAT_SERVERS: Readonly<Record<ChatType, ChatServerOf>> = {
  mattermost,
  rocketchat,
  slack,
  teams,
  zulip,
  matrix,
  json,
};
