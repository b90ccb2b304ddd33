import { type AlarmLabel, readAlarmText, renderAlarmText } from "../../../functions/common/alarm-label";

const label: AlarmLabel = {
  kakehashi: 1,
  site: "demo",
  kind: "any-down",
  connection: "tokyo-aws",
  tunnels: { "203.0.113.1": 1, "203.0.113.2": 2 },
};

test("is read back from the text that carries it", () => {
  expect(readAlarmText(renderAlarmText("A tunnel is down.", label))).toEqual({ label, sentence: "A tunnel is down." });
});

test.each([
  ["no label", "CPU is high"],
  ["broken JSON", 'x\n{"kakehashi":1,'],
  ["a version that is not known", '{"kakehashi":2,"site":"demo","kind":"other"}'],
  ["a kind that is not known", '{"kakehashi":1,"site":"demo","kind":"x"}'],
])("leaves a text with %s as it is", (_, text) => {
  expect(readAlarmText(text)).toEqual({ sentence: text });
});
