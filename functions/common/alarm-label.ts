import * as z from "zod";

/**
 * What an alarm is about. The stacks write it into the alarm's own text (CloudWatch's AlarmDescription, OCI's body, Azure's
 * description), so that whoever reads the alarm needs no register of connections beside it.
 */
export const alarmLabel = z.object({
  kakehashi: z.literal(1),
  site: z.string(),
  /** `any-down`: a tunnel is down; `all-down`: all are; `absent`: no data comes; `heartbeat`: the road itself; `other`. */
  kind: z.enum(["any-down", "all-down", "absent", "heartbeat", "other"]),
  /** Key of the connection, for the first three kinds. */
  connection: z.string().optional(),
  /** Tunnel number by the outside address of the cloud's end; on Azure by the gateway's instance. */
  tunnels: z.record(z.string(), z.union([z.literal(1), z.literal(2)])).optional(),
  /** What it is about, where it is not a connection: `appliance vpn`, `notifier partners`. */
  subject: z.string().optional(),
});

export type AlarmLabel = z.infer<typeof alarmLabel>;

/** A sentence for people, and below it the label as one line of JSON. Addresses may be Terraform's tokens. */
export function renderAlarmText(sentence: string, label: AlarmLabel): string {
  return `${sentence}\n${JSON.stringify(label)}`;
}

/** What a message holds that goes a whole road and says nothing but that it has arrived. @param road its name, by `roadName` */
export function heartbeatLabel(site: string, road: string): AlarmLabel {
  return { kakehashi: 1, site, kind: "heartbeat", subject: road };
}

/** The label in an alarm's text, and the text without it. Anything that is no label is left in the text. */
export function readAlarmText(text: string): { readonly label?: AlarmLabel; readonly sentence: string } {
  const lines = text.split(/\r?\n/);
  const at = lines.findIndex((line) => line.trimStart().startsWith('{"kakehashi":'));
  const label = at < 0 ? undefined : parseLabel(lines[at] as string);
  if (!label) return { sentence: text };
  return {
    label,
    sentence: lines
      .filter((_, index) => index !== at)
      .join("\n")
      .trim(),
  };
}

function parseLabel(line: string): AlarmLabel | undefined {
  try {
    return alarmLabel.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
