// Names of the stacks around the roads of alarms: one Terraform state each.

export function relayStackName(relay: string): string {
  return `relay-${relay}`;
}

/** The role that API Gateway writes logs as. */
export function apiLogsStackName(region: string): string {
  return `api-logs-${region}`;
}

/** Topics and forwarders of an AWS region. */
export function awsAlarmsStackName(region: string): string {
  return `alarms-aws-${region}`;
}

/** What forwards, and on Azure also what watches, beside one network. */
export function alarmsStackName(provider: "oracle" | "azure", network: string): string {
  return `alarms-${provider}-${network}`;
}
