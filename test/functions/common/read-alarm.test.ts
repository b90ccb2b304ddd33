import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { alarmEvent } from "../../../functions/common/alarm-event";
import { readAlarm } from "../../../functions/common/read-alarm";

const hints = { receivedAt: "2026-11-21T12:05:00.000Z" };

const fixture = (name: string) => readFileSync(join(__dirname, "../fixtures", name), "utf8");
const sns = () => JSON.parse(fixture("cloudwatch-sns.json")).Records[0].Sns.Message;

test("reads OCI's message 1.0, which has no time text, link or label", () => {
  expect(readAlarm("oci", fixture("oci-1.0.json"), hints)).toEqual({
    kakehashiAlarm: 1,
    source: "oci",
    status: "firing",
    alarm: "oci:ocid1.alarm.oc1.ap-tokyo-1.exampleuniqueID",
    idempotencyKey: "oci:501f01d7-20cd-5958-a5ca-61ba0ddebd8d:2020-02-21T22:41:00.000Z:OK_TO_FIRING",
    title: "demo-tokyo-oracle-any-down",
    summary: "Tunnel down",
    severity: "critical",
    occurredAt: "2020-02-21T22:41:00.000Z",
    tunnelAddresses: ["140.238.150.1"],
  });
});

test("reads OCI's message 1.3 of an alarm that is over", () => {
  expect(readAlarm("oci", fixture("oci-1.3.json"), { ...hints, messageId: "message-1" })).toMatchObject({
    status: "resolved",
    idempotencyKey: "oci:message-1",
    summary: "All tunnels of tokyo-oracle are down.",
    label: { connection: "tokyo-oracle", kind: "all-down" },
    tunnelAddresses: ["140.238.150.1", "140.238.150.2"],
    link: "https://cloud.oracle.com/monitoring/alarms/ocid1.alarm.oc1.ap-tokyo-1.exampleuniqueID13?region=ap-tokyo-1",
  });
});

test("reads OCI's message 1.5 for one metric stream: the stream is the alarm", () => {
  expect(readAlarm("oci", fixture("oci-1.5-split.json"), hints)).toMatchObject({
    status: "firing",
    alarm: "oci:exampleuniqueid-stream-2",
    severity: "warning",
    tunnelAddresses: ["140.238.150.2"],
    label: { tunnels: { "140.238.150.1": 1, "140.238.150.2": 2 } },
  });
});

test("reads OCI's message 1.5 for all metric streams, with the values inside the metadata", () => {
  expect(readAlarm("oci", fixture("oci-1.5-grouped.json"), hints)).toMatchObject({
    status: "firing",
    isRepeat: true,
    alarm: "oci:ocid1.alarm.oc1.ap-tokyo-1.exampleuniqueID15",
    tunnelAddresses: ["140.238.150.1", "140.238.150.2"],
  });
});

test("hands on what Oracle's documentation shows, which is no JSON", () => {
  const event = readAlarm("oci", fixture("oci-1.5-documented.txt"), hints);
  expect(event).toMatchObject({ status: "unknown", isUnreadable: true, title: "unreadable alarm" });
  expect(event.summary).toContain("demo-tokyo-oracle-any-down");
});

test("does not call a metric that comes no more an all-clear", () => {
  const reset = JSON.stringify({ ...JSON.parse(fixture("oci-1.5-split.json")), type: "RESET" });
  expect(readAlarm("oci", reset, hints).status).toBe("unknown");
});

test("reads CloudWatch's message in SNS", () => {
  expect(readAlarm("aws", sns(), { ...hints, messageId: "95df01b4" })).toEqual({
    kakehashiAlarm: 1,
    source: "aws",
    status: "firing",
    alarm: "aws:arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:demo-tokyo-aws-all-down",
    idempotencyKey: "aws:95df01b4",
    title: "demo-tokyo-aws-all-down",
    summary: "All tunnels of tokyo-aws are down.",
    occurredAt: "2026-11-21T12:01:17.570Z",
    label: {
      kakehashi: 1,
      site: "demo",
      kind: "all-down",
      connection: "tokyo-aws",
      tunnels: { "203.0.113.1": 1, "203.0.113.2": 2 },
    },
    tunnelAddresses: [],
    link: "https://ap-northeast-1.console.aws.amazon.com/cloudwatch/home?region=ap-northeast-1#alarmsV2:alarm/demo-tokyo-aws-all-down",
  });
});

test("takes too little data for no all-clear", () => {
  const insufficient = sns().replace('"ALARM"', '"INSUFFICIENT_DATA"');
  expect(readAlarm("aws", insufficient, hints).status).toBe("unknown");
});

test("reads CloudWatch's event on EventBridge's bus", () => {
  expect(readAlarm("aws", fixture("cloudwatch-eventbridge.json"), hints)).toMatchObject({
    status: "resolved",
    occurredAt: "2026-11-21T12:01:17.570Z",
    tunnelAddresses: ["203.0.113.1"],
    label: { connection: "tokyo-aws", kind: "any-down" },
  });
});

test("reads Azure's common alert schema, whichever way the targets are written", () => {
  const text = fixture("azure-common.json");
  const event = readAlarm("azure", text, hints);
  expect(event).toMatchObject({
    status: "firing",
    severity: "error",
    occurredAt: "2026-11-21T12:02:24.371Z",
    tunnelAddresses: ["GatewayTenantWorker_IN_1"],
    label: { connection: "tokyo-azure", tunnels: { GatewayTenantWorker_IN_1: 2 } },
  });
  expect(event.link).toMatch(/^https:\/\/portal\.azure\.com\/#@\/resource\/subscriptions\//);
  expect(readAlarm("azure", text.replace("alertTargetIDs", "alertTargetIds"), hints)).toEqual(event);
});

test("gives the beginning and the end of one Azure alert one identity and two keys", () => {
  const fired = readAlarm("azure", fixture("azure-common.json"), hints);
  const resolved = readAlarm("azure", fixture("azure-common.json").replace('"Fired"', '"Resolved"'), hints);
  expect(resolved.alarm).toBe(fired.alarm);
  expect(resolved.idempotencyKey).not.toBe(fired.idempotencyKey);
});

test("keeps the two tunnels of one Azure connection apart by the gateway's instance", () => {
  const text = fixture("azure-common.json");
  const other = text.replace('"GatewayTenantWorker_IN_1"\n', '"GatewayTenantWorker_IN_0"\n');
  expect(other).not.toBe(text);
  expect(readAlarm("azure", other, hints).alarm).not.toBe(readAlarm("azure", text, hints).alarm);
});

test("takes the address at the far end where Azure names no instance", () => {
  const text = fixture("azure-common.json")
    .replace('"Instance"', '"RemoteIP"')
    .replace(/"GatewayTenantWorker_IN_1"\n/, '"203.0.113.10"\n');
  expect(readAlarm("azure", text, hints).tunnelAddresses).toEqual(["203.0.113.10"]);
});

test("reads an OCI alarm that is always firing, and labelled so, as a heartbeat", () => {
  const label = JSON.stringify({ kakehashi: 1, site: "demo", kind: "heartbeat", subject: "noc:oracle/tokyo" });
  const message = {
    dedupeKey: "d",
    type: "REPEAT",
    timestampEpochMillis: 1_700_000_000_000,
    body: `Heartbeat.\n${label}`,
  };
  expect(readAlarm("oci", JSON.stringify(message), hints)).toMatchObject({ isHeartbeat: true, isRepeat: true });
  const other = { ...message, body: "Heartbeat." };
  expect(readAlarm("oci", JSON.stringify(other), hints).isHeartbeat).toBeUndefined();
});

test("reads a heartbeat, which is a label alone, and gives each its own key", () => {
  const label = { kakehashi: 1, site: "demo", kind: "heartbeat", subject: "noc" };
  const event = readAlarm("aws", JSON.stringify(label), hints);
  expect(event).toMatchObject({ isHeartbeat: true, idempotencyKey: "aws:2026-11-21T12:05:00.000Z", label });
});

test("marks a drill", () => {
  const drill = JSON.stringify({ ...JSON.parse(sns()), kakehashiDrill: true });
  expect(readAlarm("aws", drill, hints).isDrill).toBe(true);
});

test("hands a neutral event on as it is", () => {
  const event = readAlarm("oci", fixture("oci-1.5-split.json"), hints);
  expect(readAlarm("aws", JSON.stringify(event), { receivedAt: "2027-01-01T00:00:00.000Z" })).toEqual(event);
});

test("leaves a link out that is none", () => {
  const hostile = JSON.parse(fixture("oci-1.5-split.json"));
  hostile.alarmMetaData[0].alarmUrl = "javascript:alert(1)";
  expect(readAlarm("oci", JSON.stringify(hostile), hints)).not.toHaveProperty("link");
});

test("keeps an alarm of 1 MB small", () => {
  const huge = JSON.stringify({ ...JSON.parse(sns()), AlarmDescription: "あ".repeat(350_000) });
  const event = readAlarm("aws", huge, hints);
  expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(16 * 1024);
  expect(event.summary).toHaveLength(4096);
});

test("reads whatever comes: an event that the relay takes, never an exception", () => {
  const names = fc.constantFrom(
    ...["dedupeKey", "type", "alarmMetaData", "timestampEpochMillis", "AlarmName", "NewStateValue", "Trigger", "data"],
    ...["essentials", "alertRule", "monitorCondition", "detail", "state", "value", "source", "StateChangeTime", "body"],
  );
  const json = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom("OK_TO_FIRING", "ALARM", "Fired", "aws.cloudwatch", "", "\u0000", "x".repeat(300)),
      fc.double(),
      fc.constant(null),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(names, tie("value"), { maxKeys: 8 }),
    ),
  })).value;
  fc.assert(
    fc.property(
      fc.oneof(
        json.map((value) => JSON.stringify(value)),
        fc.string({ unit: "binary" }),
      ),
      (text) => {
        expect(alarmEvent.safeParse(readAlarm("oci", text, hints)).error).toBeUndefined();
      },
    ),
    { numRuns: 500 },
  );
});
