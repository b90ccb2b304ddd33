import { ValueError } from "./value-error";

const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
const PATTERN = /^(daily|sun|mon|tue|wed|thu|fri|sat) ([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/;

/** `sun 02:00-04:00` or `daily 23:30-00:30`: a day by its start, and the time in the zone that stands beside it. */
export type MaintenanceWindow = string & { readonly __type: "MaintenanceWindow" };

/** @throws ValueError */
export function parseMaintenanceWindow(text: string): MaintenanceWindow {
  const [, , fromHour, fromMinute, toHour, toMinute] = PATTERN.exec(text) ?? [];
  if (fromHour === undefined) throw new ValueError("must be a day and two times", "use for example sun 02:00-04:00");
  if (`${fromHour}:${fromMinute}` === `${toHour}:${toMinute}`)
    throw new ValueError("must not end when it begins", "use for example sun 02:00-04:00");
  return text as MaintenanceWindow;
}

/** @throws ValueError */
export function parseTimeZone(text: string): string {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: text }).resolvedOptions().timeZone && text;
  } catch {
    throw new ValueError("must be a time zone of the IANA database", "use for example Asia/Tokyo");
  }
}

/** Whether a moment (milliseconds since the epoch) lies in one of the windows. */
export function isInWindow(windows: readonly string[], timeZone: string, atMs: number): boolean {
  if (windows.length === 0) return false;
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(atMs);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
  const day = DAYS.indexOf(part("weekday").toLowerCase() as (typeof DAYS)[number]);
  return windows.some((window) => covers(window, day, Number(part("hour")) * 60 + Number(part("minute"))));
}

function covers(window: string, day: number, minute: number): boolean {
  const [, name, fromHour, fromMinute, toHour, toMinute] = PATTERN.exec(window) ?? [];
  const [from, to] = [Number(fromHour) * 60 + Number(fromMinute), Number(toHour) * 60 + Number(toMinute)];
  const begins = (on: number) => name === "daily" || name === DAYS[on];
  if (from < to) return begins(day) && minute >= from && minute < to;
  // Over midnight: its end lies on the day after the one that it is named by.
  return (begins(day) && minute >= from) || (begins((day + 6) % 7) && minute < to);
}
