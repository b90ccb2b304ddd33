import { readQueued } from "../../../functions/chat-notifier/read-queued";
import { judgeRequest } from "../../../functions/relay-intake/core";

const body = Buffer.from('{"schemaId":"azureMonitorCommonAlertSchema","data":{}}');

test("takes an alarm as it is posted", () => {
  expect(judgeRequest("/v1/alarms/azure?x=1", body)).toEqual({
    status: 202,
    queued: { source: "azure", alarm: body.toString() },
  });
});

test.each([
  ["an unknown source", "/v1/alarms/gcp", body, { status: 404, reason: "no such source" }],
  ["no source", null, body, { status: 404, reason: "no such source" }],
  ["no JSON", "/alarms/aws", Buffer.from("{"), { status: 400, reason: "the body must be a JSON object" }],
  ["a list", "/alarms/aws", Buffer.from("[]"), { status: 400, reason: "the body must be a JSON object" }],
  ["too much", "/alarms/aws", Buffer.alloc(65_537), { status: 413, reason: "at most 65536 bytes" }],
])("refuses %s", (_what, url, given, verdict) => {
  expect(judgeRequest(url, given)).toEqual(verdict);
});

test.each([
  ["an envelope", (envelope: object) => envelope],
  ["an envelope's text", (envelope: object) => JSON.stringify(envelope)],
  ["a message around it", (envelope: object) => ({ id: 1, content: JSON.stringify(envelope) })],
])("the notifier finds its alarm again in %s", (_what, wrap) => {
  const envelope = { source: "azure", alarm: body.toString() };
  expect(readQueued(JSON.stringify([wrap(envelope)]))).toEqual([{ id: "0", source: "azure", text: body.toString() }]);
});

test("the notifier tells what it can't open", () => {
  expect(readQueued("not json")).toEqual([{ id: "0", source: "oci", text: "not json" }]);
});
