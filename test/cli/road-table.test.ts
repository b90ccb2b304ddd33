import { describe, expect, it } from "@jest/globals";
import { delayLines, roadTable, watchingJson, watchTable } from "../../cli/road-table";
import { parseSite } from "../../config/parse-site";
import { roadSite } from "../helpers/road-site";
import type { Edits } from "../helpers/whole-site";

const site = (...edits: Edits) => parseSite(roadSite(...edits), "site.yaml");

describe("who watches what", () => {
  it("names each connection's alarms and signal, and says of the others that nobody does", () => {
    const text = watchTable(site(["watch: [tokyo-aws, osaka-aws]", "watch: [tokyo-aws]"]));
    expect(text.split("\n").map((line) => line.trim().split(/ {2,}/))).toEqual([
      ["connection", "watched by", "by what"],
      ["tokyo-aws", "noc-aws", "AWS/VPN TunnelState"],
      ["osaka-aws", "nobody", "–"],
      ["tokyo-oracle", "noc", "oci_vpn TunnelState, and its absence"],
    ]);
  });

  it("names every alarm of a connection that several watch", () => {
    const all = site(["relay: by-aws", "pendingMinutes: 5"], ["watch: [tokyo-oracle]", "watch: all"]);
    expect(watchingJson(all)).toEqual([
      { connection: "tokyo-aws", alarms: ["noc", "noc-aws"], signal: "AWS/VPN TunnelState" },
      { connection: "osaka-aws", alarms: ["noc", "noc-aws"], signal: "AWS/VPN TunnelState" },
      { connection: "tokyo-oracle", alarms: ["noc"], signal: "oci_vpn TunnelState, and its absence" },
    ]);
  });
});

describe("the roads", () => {
  it("show where each begins, what carries it home and how long it takes", () => {
    expect(
      roadTable(site())
        .split("\n")
        .map((line) => line.trim().split(/ {2,}/)),
    ).toEqual([
      ["alarm", "begins in", "watches", "relay", "home by", "chat", "e-mails", "told after"],
      ["noc", "oracle/tokyo", "tokyo-oracle", "by-aws (aws/tokyo)", "tokyo-aws → tokyo", "campus", "1", "8–10 min"],
      [
        "noc-aws",
        "aws ap-northeast-1",
        "tokyo-aws osaka-aws",
        "by-oracle (oracle/tokyo)",
        "tokyo-oracle → tokyo",
        "campus",
        "1",
        "5–14 min",
      ],
    ]);
  });

  it("say what the time is made of", () => {
    expect(delayLines(site())).toEqual([
      "  noc from oracle/tokyo: the rest of the minute in which it fell 0–1 + pending duration 5 + slack for late data 3 + forwarder, relay, queue, notifier 0–1",
      "  noc-aws from aws ap-northeast-1: the rest of the period in which it fell 0–5 + 1 periods of 5 minutes 5 + data that comes late, the alarm's own turn 0–2 + forwarder, relay, queue, notifier 0–2",
    ]);
  });
});
