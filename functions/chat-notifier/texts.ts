import type { ChatLanguage } from "./env";

/** Everything that the notifier says in a person's language. */
export interface Texts {
  readonly firing: Readonly<Record<"any-down" | "all-down" | "absent" | "other", string>>;
  readonly resolved: Readonly<Record<"any-down" | "all-down" | "absent" | "other", string>>;
  readonly unknown: string;
  readonly roadBroken: string;
  readonly roadMended: string;
  readonly roadWorks: string;
  readonly drill: string;
  readonly repeat: string;
  readonly unreadable: string;
  readonly site: string;
  readonly down: string;
  readonly up: string;
  readonly since: string;
  readonly ended: string;
  readonly lasted: (minutes: number) => string;
  readonly seenBy: string;
  readonly severity: string;
  readonly console: string;
  readonly tunnel: (number: number | undefined, address: string) => string;
  readonly first: string;
  readonly gathered: (count: number) => string;
  readonly more: (count: number) => string;
  readonly cutShort: string;
  readonly time: (iso: string) => string;
}

const en: Texts = {
  firing: {
    "any-down": "a tunnel is down",
    "all-down": "all tunnels are down",
    absent: "no data about the tunnels",
    other: "alarm",
  },
  resolved: {
    "any-down": "the tunnel is up again",
    "all-down": "a tunnel is up again",
    absent: "data about the tunnels again",
    other: "over",
  },
  unknown: "state unknown",
  roadBroken: "the alarms' own road: no heartbeat came through",
  roadMended: "the alarms' own road: heartbeats come through again",
  roadWorks: "the alarms' own road works",
  drill: "DRILL",
  repeat: "still",
  unreadable: "an alarm that can't be read; this is how it begins",
  site: "Site",
  down: "Down",
  up: "No alarm for",
  since: "Since",
  ended: "Ended",
  lasted: (minutes) => `${minutes} min`,
  seenBy: "Seen by",
  severity: "Severity",
  console: "Console",
  tunnel: (number, address) => (number ? `tunnel ${number} (${address})` : address),
  first: "First",
  gathered: (count) => (count === 1 ? "one more alarm" : `${count} alarms at once`),
  more: (count) => `… and ${count} more`,
  cutShort: "… (cut short)",
  time: (iso) => `${iso.slice(0, 19).replace("T", " ")} UTC`,
};

const ja: Texts = {
  firing: {
    "any-down": "トンネルが1本切れています",
    "all-down": "すべてのトンネルが切れています",
    absent: "トンネルの監視データが届いていません",
    other: "アラーム",
  },
  resolved: {
    "any-down": "トンネルが復旧しました",
    "all-down": "トンネルが1本以上復旧しました",
    absent: "トンネルの監視データが再び届いています",
    other: "解消",
  },
  unknown: "状態不明",
  roadBroken: "アラームの通り道: ハートビートが届いていません",
  roadMended: "アラームの通り道: ハートビートが再び届いています",
  roadWorks: "アラームの通り道は正常です",
  drill: "訓練",
  repeat: "継続中",
  unreadable: "読み取れないアラームです。本文の先頭:",
  site: "サイト",
  down: "断",
  up: "アラームなし",
  since: "発生",
  ended: "終了",
  lasted: (minutes) => `${minutes}分間`,
  seenBy: "検知元",
  severity: "重大度",
  console: "コンソール",
  tunnel: (number, address) => (number ? `トンネル${number} (${address})` : address),
  first: "最初の発生",
  gathered: (count) => (count === 1 ? "さらに1件のアラーム" : `同時に${count}件のアラーム`),
  more: (count) => `… ほか${count}件`,
  cutShort: "…(以下省略)",
  // Japan has one time zone and no summer time.
  time: (iso) => `${new Date(Date.parse(iso) + 9 * 3_600_000).toISOString().slice(0, 19).replace("T", " ")} JST`,
};

export const TEXTS: Readonly<Record<ChatLanguage, Texts>> = { en, ja };

export const CLOUD_NAMES = { aws: "AWS", oci: "Oracle Cloud", azure: "Azure" } as const;
