import { type Controller, type Recording, readRecording } from "../../helpers/status-fixtures/replay";
import { CONTROLLER, edited, failures, KAKEHASHI, report, tunnels, UP } from "../../helpers/status-fixtures/setup";

describe("layers that no lab case shows", () => {
  const standby = tunnels((line) => line.replace("active-active", "active-standby"));
  const oneRoute = edited(UP, "route", (text) =>
    text.replace(/^172.*$/m, "172.30.0.0/16 nhid 22 via 169.254.21.1 dev ipsec4107 proto bgp metric 20"),
  );
  const aws = (state: string, answered = "yes"): Partial<Controller> => ({
    watcher: `tokyo-aws-1 up 1 yes answers\ntokyo-aws-2 ${state} 1 ${answered} why\n`,
  });
  const silent = (recording: Recording): Recording =>
    edited(
      edited(recording, "ping-169.254.21.5", (text) => text.replace("2 received, 0%", "0 received, 100%")),
      "ping-169.254.21.5.rc",
      () => "1\n",
    );
  const withProbe = (text = "") => text.replaceAll(" - 1400 ", " 172.30.0.10 1400 ");
  const noBgp = tunnels((line) => line.replace(" bgp ", " static ").replace(/64512$/, "-"));

  it.each([
    [
      "traffic to the cloud leaves in clear",
      edited(UP, "route-get-172.30.0.1", () => "172.30.0.1 via 10.0.2.1 dev eth0 src 10.0.2.15\n"),
      KAKEHASHI,
      "route route-elsewhere",
      "route route-elsewhere",
      2,
    ],
    [
      "traffic to the cloud is refused",
      { ...UP, "route-get-172.30.0.1.rc": "2\n" },
      KAKEHASHI,
      "route route-missing",
      "route route-missing",
      2,
    ],
    ["one of two equal tunnels has no part", oneRoute, KAKEHASHI, undefined, "route route-not-shared", 1],
    ["one of two equal tunnels is held down", oneRoute, { ...KAKEHASHI, ...aws("held") }, undefined, undefined, 0],
    [
      "one of two equal tunnels is in maintenance",
      oneRoute,
      { ...KAKEHASHI, ...aws("drained") },
      undefined,
      undefined,
      0,
    ],
    ["a standby tunnel waits", oneRoute, standby, undefined, undefined, 0],
    [
      "the cloud never answered a ping, but BGP lives",
      silent(UP),
      { ...KAKEHASHI, ...aws("up", "no") },
      undefined,
      undefined,
      0,
    ],
    [
      "nothing says whether the cloud answers pings, but BGP lives",
      silent(UP),
      { ...KAKEHASHI, watcher: undefined },
      undefined,
      undefined,
      0,
    ],
    ["the cloud answered pings, and BGP has not noticed yet", silent(UP), KAKEHASHI, undefined, "ping ping-silent", 1],
    ["a static tunnel that answered no longer does", silent(UP), noBgp, undefined, "ping ping-silent", 1],
    [
      "a static tunnel never answered, but carries",
      silent(UP),
      { ...noBgp, ...aws("up", "no") },
      undefined,
      undefined,
      0,
    ],
    [
      "a static tunnel whose probe answers, be it by the other one",
      { ...silent(UP), "ping-by-1795166220-10.0.2.15-172.30.0.10": UP["ping-169.254.21.5"] ?? "" },
      { ...noBgp, tunnels: withProbe(noBgp.tunnels) },
      undefined,
      undefined,
      0,
    ],
    [
      "a static tunnel whose probe answers a controller without an address in its subnets",
      { ...silent(UP), "ping-by-1795166220--172.30.0.10": UP["ping-169.254.21.5"] ?? "" },
      {
        ...noBgp,
        tunnels: withProbe(noBgp.tunnels),
        controller: CONTROLLER.replace("source_ip 10.0.2.15", "source_ip -"),
      },
      undefined,
      undefined,
      0,
    ],
    [
      "a static tunnel whose probe answers the other tunnel alone",
      { ...silent(UP), "ping-by-1795166219-10.0.2.15-172.30.0.10": UP["ping-169.254.21.5"] ?? "" },
      { ...noBgp, tunnels: withProbe(noBgp.tunnels) },
      undefined,
      "ping ping-silent",
      1,
    ],
    [
      "a static tunnel from which nothing comes back",
      edited(silent(UP), "whack-trafficstatus", (text) => text.replace(/(#4.*inBytes=)\d+/, "$10")),
      noBgp,
      undefined,
      "ping ping-nothing-in",
      1,
    ],
    [
      "a static tunnel into which nothing goes",
      edited(silent(UP), "whack-trafficstatus", (text) =>
        text.replace(/(#4.*inBytes=)\d+, outBytes=\d+/, "$10, outBytes=0"),
      ),
      noBgp,
      undefined,
      "ping ping-nothing-out",
      1,
    ],
    [
      "the address is missing",
      edited(UP, "address", (text) => text.replace("169.254.21.6 peer", "169.254.21.60 peer")),
      KAKEHASHI,
      undefined,
      "interface interface-address",
      1,
    ],
    [
      "the address is on lo, as for Azure",
      edited(UP, "address", (text) =>
        text.replace(/^4: ipsec4108.*$/m, "1: lo    inet 169.254.21.6/32 scope global lo"),
      ),
      KAKEHASHI,
      undefined,
      undefined,
      0,
    ],
    [
      "the address is on the other tunnel",
      edited(UP, "address", (text) => text.replace("4: ipsec4108    inet", "3: ipsec4107    inet")),
      KAKEHASHI,
      undefined,
      "interface interface-address",
      1,
    ],
    [
      "the cloud's address is routed into a tunnel",
      { ...UP, "route-get-203.0.113.5": "203.0.113.5 dev ipsec4107 src 169.254.21.2\n" },
      KAKEHASHI,
      undefined,
      "reach route-loop",
      1,
    ],
    [
      "the full size is too long here",
      {
        ...UP,
        "ping-df-169.254.21.5": "0 received\n",
        "ping-df-169.254.21.5.err": "ping: sendmsg: Message too long\n",
        "ping-df-169.254.21.5.rc": "1\n",
      },
      KAKEHASHI,
      undefined,
      "mtu mtu-here",
      1,
    ],
    [
      "no conn and no file for it",
      readRecording("libreswan-4.10", "not-loaded"),
      { ...KAKEHASHI, conf: "conn tokyo-aws-1\n" },
      undefined,
      "local not-configured",
      1,
    ],
    [
      "no neighbor in FRR",
      edited(UP, "bgp", (text) => text.replace(/^169.254.21.5 .*$/m, "")),
      KAKEHASHI,
      undefined,
      "bgp bgp-unknown",
      1,
    ],
    [
      "the neighbor is shut down here",
      edited(UP, "bgp", (text) => text.replace(/^(169.254.21.5 .*?) +1 +1 N\/A$/m, "$1 Idle (Admin) 0 N/A")),
      KAKEHASHI,
      undefined,
      "bgp bgp-shutdown-here",
      1,
    ],
    [
      "too many prefixes",
      edited(UP, "bgp", (text) => text.replace(/^(169.254.21.5 .*?) +1 +1 N\/A$/m, "$1 Idle (PfxCt) 0 N/A")),
      KAKEHASHI,
      undefined,
      "bgp bgp-too-many",
      1,
    ],
    [
      "no policy",
      edited(UP, "bgp", (text) => text.replace(/^(169.254.21.5 .*?) +1 +1 N\/A$/m, "$1 (Policy) (Policy) N/A")),
      KAKEHASHI,
      undefined,
      "bgp bgp-policy",
      1,
    ],
    [
      "no route received",
      edited(UP, "bgp", (text) => text.replace(/^(169.254.21.5 .*?) +1 +1 N\/A$/m, "$1 0 1 N/A")),
      KAKEHASHI,
      undefined,
      "bgp bgp-none-received",
      1,
    ],
    [
      "no route sent",
      edited(UP, "bgp", (text) => text.replace(/^(169.254.21.5 .*?) +1 +1 N\/A$/m, "$1 1 0 N/A")),
      KAKEHASHI,
      undefined,
      "bgp bgp-none-sent",
      1,
    ],
  ] as const)("%s", (_what, recording, controller, first, second, exitCode) => {
    const told = report({ recording: recording as Recording, controller: controller as Controller });
    expect([...failures(told), told.exit_code]).toEqual([first, second, exitCode]);
  });

  it("counts the waiting one of two policy-based twins as sound", () => {
    const recording = edited(UP, "whack-trafficstatus", (text) => text.replace(/^.*tokyo-aws-2.*\n/m, ""));
    const controller = tunnels((line) =>
      line
        .replace(" route-based bgp active-active ", " policy-based static active-standby ")
        .replace(/ipsec\d+ \d+ (\S+) \S+ \S+/, "- - $1 - -"),
    );
    const told = report({ recording, controller });
    expect([told.tunnels.map(({ state }) => state), told.exit_code]).toEqual([["up", "standby"], 0]);
  });

  it("names the routes by the tunnel that carries them", () => {
    expect(report().connections).toEqual([
      {
        name: "tokyo-aws",
        cloud: "aws",
        state: "up",
        routes: [{ prefix: "172.30.0.0/16", tunnels: ["tokyo-aws-1", "tokyo-aws-2"] }],
      },
    ]);
    expect(report({ recording: oneRoute, controller: standby }).connections[0]?.routes).toEqual([
      { prefix: "172.30.0.0/16", tunnels: ["tokyo-aws-1"] },
    ]);
  });

  it.each([
    ["aws", "bgp-shutdown", "DOWN"],
    ["oracle", "bgp-shutdown", "UP"],
    ["azure", "bgp-shutdown", "Connected"],
    ["azure", "wrong-psk", "Connecting"],
    ["oracle", "wrong-psk", "DOWN"],
  ])("knows what %s shows for %s: %s", (cloud, name, word) => {
    const controller = tunnels((line) => line.replace(" aws ", ` ${cloud} `));
    expect(report({ recording: readRecording("libreswan-4.10", name), controller }).tunnels[1]?.cloud_should_show).toBe(
      word,
    );
  });
});
