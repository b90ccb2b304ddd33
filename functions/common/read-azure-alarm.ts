import { alarmText, type Reading } from "./alarm-reading";
import { field, listField, readTime, textField } from "./json-reader";

/** @see https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-common-schema */
const SEVERITY_NAMES: Readonly<Record<string, string>> = {
  Sev0: "critical",
  Sev1: "error",
  Sev2: "warning",
  Sev3: "info",
  Sev4: "info",
};

/** An alert of Azure Monitor in the common alert schema. */
export function readAzureAlarm(payload: unknown): Reading | undefined {
  const data = field(payload, "data");
  const essentials = field(data, "essentials");
  const rule = textField(essentials, "alertRule");
  const condition = textField(essentials, "monitorCondition");
  if (!rule || !condition) return undefined;
  const targets = listField(essentials, "alertTargetIDs").filter((target) => typeof target === "string");
  const dimensions = listField(field(field(data, "alertContext"), "condition"), "allOf").flatMap((criterion) =>
    listField(criterion, "dimensions"),
  );
  const isResolved = condition === "Resolved";
  const fired = textField(essentials, "firedDateTime");
  const resolved = textField(essentials, "resolvedDateTime");
  const valuesOf = (name: string) =>
    dimensions
      .filter((dimension) => textField(dimension, "name") === name)
      .map((dimension) => textField(dimension, "value"))
      .filter((value) => value !== undefined);
  // A tunnel is an instance of the gateway: the address at its other end, the controller's, is the same for both.
  const instances = valuesOf("Instance");
  const addresses = instances.length > 0 ? instances : valuesOf("RemoteIP");
  return {
    ...alarmText(textField(essentials, "description"), undefined),
    status: isResolved ? "resolved" : condition === "Fired" ? "firing" : "unknown",
    title: rule,
    identity: [rule, targets[0] ?? "", ...addresses].join(":"),
    change: `${textField(essentials, "alertId") ?? rule}:${condition}:${(isResolved ? resolved : fired) ?? ""}`,
    severity: SEVERITY_NAMES[textField(essentials, "severity") ?? ""],
    occurredAt: readTime(isResolved ? (resolved ?? fired) : fired),
    tunnelAddresses: addresses,
    link: targets[0] ? `https://portal.azure.com/#@/resource${encodeURI(targets[0])}/alerts` : undefined,
  };
}
