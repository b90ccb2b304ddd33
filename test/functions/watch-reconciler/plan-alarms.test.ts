import { type AlarmDefinition, instanceAlarms } from "../../../functions/common/watch/instance-alarms";
import { type ExistingAlarm, planAlarms } from "../../../functions/watch-reconciler/plan-alarms";
import { SPEC, sampleInstances } from "../../helpers/watch-samples";

const wanted = sampleInstances(3).flatMap((one) => Object.values(instanceAlarms(SPEC, one)));
const asExisting = (alarm: AlarmDefinition): ExistingAlarm => ({
  ...alarm,
  isRaised: false,
  hasActionsEnabled: true,
  strayed: [],
});
const existing = wanted.map(asExisting);

function change(name: string, changes: Partial<ExistingAlarm>): ExistingAlarm[] {
  return existing.map((alarm) => (alarm.name === name ? { ...alarm, ...changes } : alarm));
}

test("there is nothing to do where all is as it should be", () => {
  expect(planAlarms(wanted, existing)).toEqual({ puts: [], stale: [], unchanged: 12 });
});

test("makes what is missing, and removes what is of nothing any more", () => {
  const plan = planAlarms(wanted.slice(4), existing.slice(0, 8));
  expect(plan.puts.map(({ definition, changed }) => [definition.name, changed])).toEqual([
    ["demo/web/web-03/status check", []],
    ["demo/web/web-03/cpu", []],
    ["demo/web/web-03/memory", []],
    ["demo/web/web-03/disk /", []],
  ]);
  expect(plan.stale).toEqual([
    "demo/web/web-01/status check",
    "demo/web/web-01/cpu",
    "demo/web/web-01/memory",
    "demo/web/web-01/disk /",
  ]);
  expect(plan.unchanged).toBe(4);
});

test.each<[Partial<ExistingAlarm>, string[]]>([
  [{ threshold: 80 }, ["threshold"]],
  [{ periods: 1, periodSeconds: 60 }, ["periodSeconds", "periods"]],
  [{ statistic: "Maximum" }, ["statistic"]],
  [{ description: "mine" }, ["description"]],
  [{ dimensions: { InstanceId: "i-0f" } }, ["dimensions"]],
  [{ namespace: "Mine", metricName: "Cpu" }, ["namespace", "metricName"]],
  [{ actions: [] }, ["actions"]],
  [{ actions: [], strayed: ["actions"] }, ["actions"]],
  [{ strayed: ["missing data"] }, ["missing data"]],
])("puts right an alarm that somebody has changed: %j", (changes, expected) => {
  const { puts } = planAlarms(wanted, change("demo/web/web-02/cpu", changes));
  expect(puts.map(({ definition, changed }) => [definition.name, changed])).toEqual([
    ["demo/web/web-02/cpu", expected],
  ]);
});

test("leaves an alarm's actions switched off where somebody has done so", () => {
  expect(planAlarms(wanted, change("demo/web/web-02/cpu", { hasActionsEnabled: false })).puts).toEqual([]);
  const both = planAlarms(wanted, change("demo/web/web-02/cpu", { hasActionsEnabled: false, threshold: 1 }));
  expect(both.puts).toMatchObject([{ hasActionsEnabled: false, changed: ["threshold"] }]);
});

test("the order of actions and dimensions makes no difference", () => {
  const two = wanted.map((alarm) => ({ ...alarm, actions: ["b", "a"], dimensions: { b: "2", a: "1" } }));
  const there = two.map((alarm) => asExisting({ ...alarm, actions: ["a", "b"], dimensions: { a: "1", b: "2" } }));
  expect(planAlarms(two, there).puts).toEqual([]);
});
