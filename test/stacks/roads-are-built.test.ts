import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { App, Testing } from "cdktf";
import { parseSite } from "../../config/parse-site";
import { planRoads } from "../../config/roads";
import type { Site } from "../../config/site";
import { planWatching } from "../../config/watching";
import { addStacks } from "../../main";
import { roadSite } from "../helpers/road-site";
import { stubFunctions } from "../helpers/stub-functions";
import { useFolder } from "../helpers/use-folder";

const folder = useFolder();
const EVERYTHING = readFileSync("examples/everything/site.yaml", "utf8");

/** Every stack's text. */
function synth(site: Site): ReadonlyMap<string, string> {
  const app = Testing.stubVersion(new App({ outdir: folder(), stackTraces: false }));
  addStacks(app, site, { state: "/srv/site", functions: stubFunctions(folder()) });
  app.synth();
  const stacks = join(folder(), "stacks");
  return new Map(readdirSync(stacks).map((stack) => [stack, readFileSync(join(stacks, stack, "cdk.tf.json"), "utf8")]));
}

const start = (cloud: string, name: string) => `alarms-${cloud}-${name.split(/[ /]/)[1]}`;

describe.each([
  ["examples/everything", () => EVERYTHING],
  ["two clouds that watch each other", () => roadSite()],
  [
    "alarms of every connection, by e-mail alone",
    () => EVERYTHING.replace(/relay: by-.*\n/g, "watch: all\n").replace(/ {4}watch: \[.*\n/g, ""),
  ],
])("what check prints of %s is built", (_, text) => {
  const site = parseSite(text(), "site.yaml");
  const known: { stacks?: ReadonlyMap<string, string> } = {};
  const read = (stack: string): string => {
    known.stacks ??= synth(site);
    return known.stacks.get(stack) ?? "";
  };

  test("each connection that is said to be watched has its alarms, and no other has any", () => {
    for (const { connection, alarms } of planWatching(site)) {
      const { provider, key: network } = connection.network;
      // Azure's alerts name their receivers, so they stand beside those.
      const stack = read(provider === "azure" ? `alarms-azure-${network}` : `${provider}-${network}`);
      const found = site.alarms.filter(({ key }) => stack.includes(`"${site.name}-${key}-${connection.key}-all-down"`));
      expect([connection.key, found.map(({ key }) => key)]).toEqual([connection.key, alarms]);
    }
  });

  test("each road that is said to lead over a relay has the relay, and something that forwards to it", () => {
    for (const { alarm, cloud, start: from, relayed } of planRoads(site)) {
      if (!relayed) continue;
      expect(read(`relay-${relayed.relay.key}`)).toContain('"relay_url"');
      const stack = read(start(cloud, from));
      expect([alarm.key, from, stack.includes(`outputs-of-relay-${relayed.relay.key}`)]).toEqual([
        alarm.key,
        from,
        true,
      ]);
      expect(stack).toContain(cloud === "azure" ? `workflow-${alarm.key}` : `subscription-${alarm.key}`);
    }
  });
});
