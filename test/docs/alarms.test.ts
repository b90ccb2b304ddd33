import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { parseSite } from "../../config/parse-site";
import { planRoads } from "../../config/roads";

const PAGES = ["docs/alarms.md", "docs/alarms.ja.md"];
/** It has the networks and connections that the page speaks of, and no alarms. */
const NETWORKS = readFileSync("examples/three-clouds/site.yaml", "utf8");

test.each(PAGES)("%s: its site file is sound, and its roads lead where the page says", (page) => {
  const [, yaml = ""] = /```yaml\n([\s\S]*?)```/.exec(readFileSync(page, "utf8")) ?? [];
  const roads = planRoads(parseSite(`${NETWORKS}\n${yaml}`, page)).map(({ alarm, start, relayed }) => [
    alarm.key,
    start,
    relayed?.relay.key,
  ]);
  expect(roads).toEqual([
    ["noc", "oracle/tokyo", "by-aws"],
    ["noc", "azure/japan", "by-aws"],
    ["noc-aws", "aws ap-northeast-1", "by-oracle"],
  ]);
});

test("both editions have the same commands, headings and rows", () => {
  const [english, japanese] = PAGES.map((page) => {
    const text = readFileSync(page, "utf8");
    return {
      commands: [...text.matchAll(/^(?:npm|npx|export) .*?(?= {2,}#|$)/gm)].map(([line]) => line),
      headings: [...text.matchAll(/^#+ /gm)].length,
      rows: [...text.matchAll(/^\|/gm)].length,
      bullets: [...text.matchAll(/^- /gm)].length,
    };
  });
  expect(japanese).toEqual(english);
});
