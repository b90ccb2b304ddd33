import {
  ALARMS_PER_WIDGET,
  alarmPanel,
  bottomOf,
  COLUMN,
  CROWD,
  countText,
  FEW,
  HEIGHTS,
  headWidgets,
} from "../functions/common/watch/dashboard";
import { instanceAlarms, plainAgent, type WatchedInstance } from "../functions/common/watch/instance-alarms";
import { MOST_NAME_CHARACTERS } from "../functions/common/watch/label-instances";
import { alarmPrefix, type WatchSpec } from "../functions/common/watch/watch-spec";
import { instancePanel, instanceRow, type Panel, type Widget } from "../functions/common/watch/widgets";

// In simple mode Terraform alone knows the instances. The same functions as in live mode make an alarm and a panel of an
// instance whose id and label are marks; here the marks become Terraform's expressions.

const ID = "@@id@@";
const LABEL = "@@label@@";
const COUNT = "@@count@@";

/** Stands for the ids of VPN connections. @param local reference to a local value, with spaces between the ids */
export function markedVpnIds(local: string): string {
  return `@@vpn:${local}@@`;
}

/** An instance of which only Terraform knows id and label. */
export function markedInstance(hasAgent: boolean): WatchedInstance {
  return { id: ID, label: LABEL, agent: plainAgent(ID, hasAgent) };
}

/** Text in which the marks are those of the current instance of a `for_each`. */
export function forEachText(text: string): string {
  return fill(text, "each.key");
}

/** The same as `labelInstances`. @param names expression: Name tags by instance id */
export function labelsExpression(names: string): string {
  const short = `substr(replace(name, "/[[:cntrl:]]/", "?"), 0, ${MOST_NAME_CHARACTERS})`;
  const isOwn = [
    `length([for other in values(${names}) : other if other == name]) == 1`,
    `${short} == name`,
    'name != ""',
    '!can(regex(" \\\\(i-[0-9a-f]+\\\\)$", name))',
  ].join(" && ");
  return `\${{for id, name in ${names} : id => ${isOwn} ? ${short} : "\${${short}} (\${id})"}}`;
}

/** Ids in the order of their labels. Expects the local value `labels`. */
export function orderExpression(): string {
  const pairs = '[for id, label in local.labels : "${label}\\n${id}"]';
  return `\${[for pair in sort(${pairs}) : split("\\n", pair)[1]]}`;
}

/**
 * Local values, the last of which, `dashboard`, is the same as `renderDashboards` makes for one page. Expects the local values
 * `labels`, `order` and `arn`, what the ARN of an alarm begins with.
 */
export function dashboardLocals(spec: WatchSpec, region: string, hasAgent: boolean) {
  const instance = markedInstance(hasAgent);
  const kinds = Object.keys(instanceAlarms(spec, instance));
  const [text, ...vpns] = headWidgets(spec, region, [], countText(COUNT), true) as [Widget, ...Widget[]];
  const arn = `"\${local.arn}${alarmPrefix(spec)}\${local.labels[id]}/\${kind}"`;
  const arns = `flatten([for id in local.order : [for kind in ${hcl(kinds)} : ${arn}]])`;
  const alarmRow = `{x = 0, y = ${text.height} + at * ${HEIGHTS.alarm}, width = ${text.width}, height = ${HEIGHTS.alarm}}`;
  const alarm = hcl(alarmPanel([])).replace('"alarms":[]', '"alarms":arns');
  const panel = (value: Panel, x: string, row: string) =>
    `merge(${hcl(value)}, {x = ${x}, y = local.top + ${row} * local.height, width = ${COLUMN}, height = local.height})`;
  const [left, right] = instanceRow(region, instance);
  const few = `flatten([for at, id in local.order : [${panel(left, "0", "at")}, ${panel(right, `${COLUMN}`, "at")}]])`;
  const many = `[for at, id in local.order : ${panel(instancePanel(region, instance), `at % 2 * ${COLUMN}`, "floor(at / 2)")}]`;
  const body = (panels: string) =>
    `jsonencode({widgets = concat([${hcl(text)}], local.alarms, local.vpns, ${panels})})`;
  const shift = `${HEIGHTS.alarm} * length(local.alarms)`;
  return {
    alarms: `\${[for at, arns in chunklist(${arns}, ${ALARMS_PER_WIDGET}) : merge(${alarm}, ${alarmRow})]}`,
    vpns: `\${[for one in ${hcl(vpns)} : merge(one, {y = one.y + ${shift}})]}`,
    top: `\${${bottomOf([text, ...vpns])} + ${shift}}`,
    height: `\${length(local.order) <= ${FEW} ? ${HEIGHTS.few} : length(local.order) <= ${CROWD} ? ${HEIGHTS.many} : ${HEIGHTS.crowd}}`,
    dashboard: `\${length(local.order) <= ${FEW} ? ${body(few)} : ${body(many)}}`,
  };
}

/** JSON is an expression of Terraform's language too, once its templates are escaped. */
function hcl(value: unknown): string {
  return fill(JSON.stringify(value), "id");
}

function fill(text: string, id: string): string {
  return text
    .replaceAll("${", () => "$${")
    .replaceAll("%{", "%%{")
    .replace(/@@vpn:([\w.]+)@@/g, '${replace($1, " ", "\\" OR \\"")}')
    .replaceAll(ID, `\${${id}}`)
    .replaceAll(LABEL, `\${local.labels[${id}]}`)
    .replaceAll(`${COUNT} instances`, '${length(local.order)} ${length(local.order) == 1 ? "instance" : "instances"}');
}
