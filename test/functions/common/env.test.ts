import { alarmForwarderVariables, parseAlarmForwarderEnvironment } from "../../../functions/alarm-forwarder/env";
import { chatNotifierVariables, parseChatNotifierEnvironment } from "../../../functions/chat-notifier/env";
import { parseRelayAuthorizerEnvironment, relayAuthorizerVariables } from "../../../functions/relay-authorizer/env";
import { parseRelayIntakeEnvironment, relayIntakeVariables } from "../../../functions/relay-intake/env";

const forwarder = {
  relayUrl: "https://relay.example/v1/alarms",
  source: "oci" as const,
  tokenSecretId: "ocid1.vaultsecret.oc1..example",
  site: "demo",
};
const notifier = {
  site: "demo",
  language: "ja" as const,
  chatType: "mattermost" as const,
  chatSecretId: "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:chat",
  chatCa: "-----BEGIN CERTIFICATE-----",
  stateTable: "demo-chat",
  heartbeatMetricNamespace: "Kakehashi",
};
const authorizer = { tokenSecretId: "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:token" };
const intake = { queueId: "ocid1.queue.oc1..example", queueEndpoint: "https://cell-1.queue.example/" };

test("what a stack writes is what the function reads", () => {
  expect(parseAlarmForwarderEnvironment(alarmForwarderVariables(forwarder))).toEqual(forwarder);
  expect(parseChatNotifierEnvironment(chatNotifierVariables(notifier))).toEqual(notifier);
  expect(parseRelayAuthorizerEnvironment(relayAuthorizerVariables(authorizer))).toEqual(authorizer);
  expect(parseRelayIntakeEnvironment(relayIntakeVariables(intake))).toEqual(intake);
});

test("leaves out what was not given", () => {
  const { chatCa, stateTable, ...rest } = notifier;
  expect(chatNotifierVariables(rest)).not.toHaveProperty("CHAT_CA");
  expect(parseChatNotifierEnvironment(chatNotifierVariables(rest))).toEqual(rest);
});

test.each([
  ["RELAY_URL", "", "RELAY_URL: must be set in the function's environment"],
  ["RELAY_URL", "http://relay.example/alarms", "RELAY_URL: must be an https URL"],
  ["RELAY_URL", "not a url", "RELAY_URL: must be an https URL"],
  ["SOURCE", "gcp", "SOURCE: must be one of aws, oci, azure"],
  ["TOKEN_SECRET_ID", "", "TOKEN_SECRET_ID: must be set in the function's environment"],
])("names the variable %s that is wrong, and never its value", (name, value, message) => {
  const variables = { ...alarmForwarderVariables(forwarder), [name]: value };
  expect(() => parseAlarmForwarderEnvironment(variables)).toThrow(new Error(message));
});

test("allows plain http on loopback alone, for the tests and the lab", () => {
  const variables = alarmForwarderVariables({ ...forwarder, relayUrl: "http://127.0.0.1:1/alarms" });
  expect(parseAlarmForwarderEnvironment(variables).relayUrl).toBe("http://127.0.0.1:1/alarms");
});
