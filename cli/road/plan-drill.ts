import { alarmTopicName, oracleTopicName, resourceName } from "../../config/resource-names";
import type { Road } from "../../config/roads";
import type { AlarmSource } from "../../functions/common/relay-contract";
import { type Drill, drillEvent } from "./drill-event";

/** What tries one road: published by us where we speak the cloud's language, else a command for that cloud's own tool. */
export interface DrillStep {
  readonly start: string;
  /** Where we can publish by ourselves. */
  readonly topic?: { readonly region: string; readonly name: string };
  /** The message, as the cloud's topic or Logic App gets it. */
  readonly message: string;
  readonly command: string;
  readonly expect: string;
}

const SOURCES: Readonly<Record<Road["cloud"], AlarmSource>> = { aws: "aws", oracle: "oci", azure: "azure" };

export function planDrill(road: Road, drill: Drill): DrillStep {
  const message = JSON.stringify(drillEvent(SOURCES[road.cloud], drill));
  return {
    start: road.start,
    message,
    expect: expectation(road, drill),
    ...BEGINNINGS[road.cloud](road, drill, message),
  };
}

type Beginning = (road: Road, drill: Drill, message: string) => Pick<DrillStep, "command" | "topic">;

const BEGINNINGS: Readonly<Record<Road["cloud"], Beginning>> = {
  aws: ({ alarm, start }, { site }, message) => {
    const region = start.slice("aws ".length);
    const name = alarmTopicName(site, alarm.key);
    const topic = `arn:aws:sns:${region}:$(aws sts get-caller-identity --query Account --output text):${name}`;
    return {
      topic: { region, name },
      command: `aws sns publish --region ${region} --topic-arn "${topic}" --message ${quote(message)}`,
    };
  },
  oracle: ({ alarm, start, watched: [connection] }, { site }, message) => {
    const network = connection?.network;
    const compartment = network?.provider === "oracle" ? network.compartmentId : "";
    const name = oracleTopicName(site, alarm.key, start.slice("oracle/".length));
    const topic = `$(oci ons topic list --compartment-id ${compartment} --name ${name} --query 'data[0]."topic-id"' --raw-output)`;
    return { command: `oci ons message publish --topic-id "${topic}" --body ${quote(message)}` };
  },
  azure: ({ alarm, start }, { site }, message) => {
    const group = `${resourceName(site, start.slice("azure/".length))}-alarms`;
    const workflow = `/subscriptions/$(az account show --query id --output tsv)/resourceGroups/${group}/providers/Microsoft.Logic/workflows/${alarm.key}`;
    const url = `$(az rest --method post --url "${workflow}/triggers/alert/listCallbackUrl?api-version=2016-06-01" --query value --output tsv)`;
    return {
      command: `curl --fail --silent --show-error --header 'content-type: application/json' --data ${quote(message)} "${url}"`,
    };
  },
};

function expectation({ alarm, cloud, relayed }: Road, { state }: Drill): string {
  // On Azure the drill begins behind the action group, which is what sends mail.
  const mails = alarm.emails.length > 0 && cloud !== "azure" ? [`a mail to ${alarm.emails.join(", ")}`] : [];
  const what =
    state === "firing" ? "a message marked as a drill" : "the end of the drill, in its thread where the server has any";
  const chat = relayed
    ? [
        `${what} in the chat ${relayed.chat.key} within ${relayed.network.provider === "oracle" ? 2 : 1} min, by ${relayed.relay.key} over ${relayed.carrier.key}`,
      ]
    : [];
  const [first, ...more] = [...chat, ...mails];
  return first === undefined ? "nothing: the alarm reaches nobody" : [first, ...more].join("; ");
}

/** For a POSIX shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
