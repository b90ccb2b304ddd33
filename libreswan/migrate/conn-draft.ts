import type { ConnFacts } from "./describe-conn";
import type { Setting } from "./read-conf";
import { type FindingDraft, showText } from "./to-finding";

export type ConnDraft = Omit<FindingDraft, "file">;

export function at(setting: Setting): Pick<ConnDraft, "line" | "keyword" | "text"> {
  return { line: setting.line, keyword: setting.keyword, text: showText(`${setting.keyword}=${setting.value}`) };
}

/** A finding about the conn as a whole. */
export function atConn({ conn }: ConnFacts): Pick<ConnDraft, "line" | "keyword" | "text"> {
  return { line: conn.line, keyword: "conn", text: showText(`conn ${conn.name}`) };
}
