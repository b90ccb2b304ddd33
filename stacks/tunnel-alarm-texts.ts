import type { Connection } from "../config/site";
import { type AlarmLabel, renderAlarmText } from "../functions/common/alarm-label";

/** What a tunnel's alarms say: a sentence for people, the label for the notifier. */
export interface TunnelAlarmTexts {
  readonly anyDown: string;
  readonly allDown: string;
  readonly absent: string;
}

/** @param addresses outside addresses of the cloud's ends, tunnel 1's first; Terraform's tokens as a rule */
export function tunnelAlarmTexts(
  site: string,
  connection: Connection,
  addresses: readonly [string, string],
): TunnelAlarmTexts {
  const where = `${connection.key} (${connection.controller.key} to ${connection.network.id})`;
  const label = (kind: AlarmLabel["kind"]): AlarmLabel => ({
    kakehashi: 1,
    site,
    kind,
    connection: connection.key,
    tunnels: { [addresses[0]]: 1, [addresses[1]]: 2 },
  });
  return {
    anyDown: renderAlarmText(`A tunnel of ${where} is down.`, label("any-down")),
    allDown: renderAlarmText(`Both tunnels of ${where} are down.`, label("all-down")),
    absent: renderAlarmText(`No data comes of the tunnels of ${where}.`, label("absent")),
  };
}
