import { describe, expect, it, test } from "@jest/globals";
import { alarmRegions } from "../../config/alarm-regions";
import { loadSite } from "../../config/load-site";
import { parseSite } from "../../config/parse-site";
import { roadWarnings } from "../../config/road-warnings";
import { planRoads, roadName } from "../../config/roads";
import type { Site } from "../../config/site";
import { roadSite } from "../helpers/road-site";
import type { Edits } from "../helpers/whole-site";

const site = (...edits: Edits) => parseSite(roadSite(...edits), "site.yaml");
const warnings = (...edits: Edits) =>
  roadWarnings(site(...edits)).map(({ path, text, why }) => `${path.join(".")}: ${text}; ${why}`);

describe("planRoads", () => {
  it("leads each alarm from where it begins, over another cloud, home", () => {
    const roads = planRoads(site()).map(({ alarm, start, watched, relayed }) => ({
      alarm: alarm.key,
      start,
      watched: watched.map(({ key }) => key),
      by: [relayed?.relay.key, relayed?.network.id, relayed?.carrier.key, relayed?.chat.key],
    }));
    expect(roads).toEqual([
      {
        alarm: "noc",
        start: "oracle/tokyo",
        watched: ["tokyo-oracle"],
        by: ["by-aws", "aws/tokyo", "tokyo-aws", "campus"],
      },
      {
        alarm: "noc-aws",
        start: "aws ap-northeast-1",
        watched: ["tokyo-aws", "osaka-aws"],
        by: ["by-oracle", "oracle/tokyo", "tokyo-oracle", "campus"],
      },
    ]);
  });

  it("takes all connections where an alarm has no relay, and begins in each cloud", () => {
    const roads = planRoads(site(["watch: [tokyo-oracle]", "watch: all"], ["relay: by-aws", "pendingMinutes: 1"]));
    expect(roads.map(({ alarm, start, watched }) => [alarm.key, start, watched.map(({ key }) => key)])).toEqual([
      ["noc", "aws ap-northeast-1", ["tokyo-aws", "osaka-aws"]],
      ["noc", "oracle/tokyo", ["tokyo-oracle"]],
      ["noc-aws", "aws ap-northeast-1", ["tokyo-aws", "osaka-aws"]],
    ]);
  });

  it.each([
    ["aws", "noc-aws", 1, 5, 14],
    ["aws", "noc-aws", 5, 5, 14],
    ["aws", "noc-aws", 6, 10, 19],
    ["aws", "noc-aws", 60, 60, 69],
    ["oracle", "noc", 1, 4, 6],
    ["oracle", "noc", 60, 63, 65],
  ])("%s: %s with %d pending minutes is told after %d to %d", (cloud, key, pending, least, most) => {
    const field = key === "noc" ? "relay: by-aws" : "relay: by-oracle";
    const road = planRoads(site([field, `${field}\npendingMinutes: ${pending}`])).find(
      ({ alarm }) => alarm.key === key,
    );
    const sum = (of: "leastMinutes" | "mostMinutes") => road?.delays.reduce((total, delay) => total + delay[of], 0);
    expect([road?.cloud, sum("leastMinutes"), sum("mostMinutes")]).toEqual([cloud, least, most]);
  });
});

test("a road's name says where it begins, and needs no encoding anywhere", () => {
  expect(planRoads(site()).map(({ alarm, start }) => roadName(alarm.key, start))).toEqual([
    "noc:oracle/tokyo",
    "noc-aws:aws/ap-northeast-1",
  ]);
});

describe("alarmRegions", () => {
  it("has a region for every AWS network that is watched, and none for other clouds", () => {
    expect([...alarmRegions(site())]).toEqual([["ap-northeast-1", ["noc-aws"]]]);
    expect([...alarmRegions(site(["watch: [tokyo-aws, osaka-aws]", "heartbeat: false"]))]).toEqual([]);
  });
});

test("every section that names a road has it begin in its region", () => {
  const everything = loadSite("examples/everything/site.yaml");
  const named = Object.entries(everything).flatMap(([section, entries]) => {
    const alarms = Array.isArray(entries) ? entries.flatMap(({ alarm }: { alarm?: string }) => alarm ?? []) : [];
    return alarms.length > 0 ? [{ section, alarms }] : [];
  });
  expect(named.length).toBeGreaterThan(3);
  const emptied = Object.fromEntries(
    Object.entries(everything).map(([section, value]) => [section, Array.isArray(value) ? [] : value]),
  );
  for (const { section, alarms } of named) {
    const alone = { ...emptied, [section]: everything[section as keyof Site] } as unknown as Site;
    expect([section, [...alarmRegions(alone).values()].flat()]).toEqual([section, expect.arrayContaining(alarms)]);
  }
});

describe("roadWarnings", () => {
  it("tells that every road comes home through one controller which also carries what is watched", () => {
    expect(warnings()).toEqual([
      "alarms: all roads to a chat come home through controllers.tokyo (198.51.100.10), which also carries what they watch; if it or its line fails the chat hears nothing; e-mail goes another way: give every alarm emails, or let a relay come home by a second controller",
    ]);
  });

  /** by-oracle comes home by the second controller, to a chat server there. */
  const twoWays = () =>
    roadWarnings(
      parseSite(
        roadSite()
          .replace(
            "\nchats:\n",
            "\n  osaka-oracle: { controller: osaka, network: oracle/tokyo, routing: bgp }\nchats:\n  branch: { type: json, url: env:BRANCH_URL, address: 10.0.3.30 }\n",
          )
          .replace("watch: [tokyo-oracle]", "watch: [tokyo-oracle, osaka-oracle]")
          .replace("connection: tokyo-oracle\n    chat: campus", "connection: osaka-oracle\n    chat: branch"),
        "site.yaml",
      ),
    ).map(({ path, text, why }) => `${path.join(".")}: ${text}; ${why}`);

  it("is silent where the roads come home through two controllers on two lines", () => {
    expect(twoWays()).toEqual([]);
  });

  it("tells of a connection that no alarm watches, where there are alarms at all", () => {
    const text =
      "connections.osaka-aws: is watched by no alarm; nobody is told when its tunnels fall; name it in the watch of an alarm";
    expect(warnings(["watch: [tokyo-aws, osaka-aws]", "watch: [tokyo-aws]"])).toContain(text);
    const [without = ""] = roadSite().split("\nchats:");
    expect(roadWarnings(parseSite(without, "site.yaml"))).toEqual([]);
  });

  it("tells of an alarm that reaches nobody, and of one that has the relay alone", () => {
    const text = roadSite(["relay: by-aws", "repeatMinutes: 0"]).replaceAll("    emails: [noc@example.ac.jp]\n", "");
    expect(
      roadWarnings(parseSite(text, "site.yaml")).map(({ path, text: what, why }) => [path.join("."), what, why]),
    ).toEqual(
      expect.arrayContaining([
        ["alarms.noc", "reaches nobody", "give it a relay, emails or both"],
        [
          "alarms.noc-aws",
          "has no emails",
          "where the relay itself fails, and where the heartbeat stays away, e-mail is all that is left",
        ],
        [
          "relays.by-aws",
          "is used by no alarm",
          "it costs money and carries nothing; name it in an alarm or remove it",
        ],
      ]),
    );
  });

  it("tells that a cloud's alarm comes home over the same cloud", () => {
    expect(warnings(["watch: [tokyo-oracle]", "watch: [osaka-aws]"])).toContain(
      "alarms.noc: watches aws and comes home over aws (tokyo-aws); an outage of that cloud takes the tunnel and its alarm alike; use a relay in another cloud",
    );
  });
});
