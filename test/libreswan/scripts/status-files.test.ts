import { COLUMNS, CONTROLLER, KAKEHASHI, status, TUNNEL_1, TUNNEL_2 } from "../../helpers/status-fixtures/setup";

describe("files that are not as render writes them", () => {
  const line = (column: number, value: string): string =>
    TUNNEL_2.split(" ")
      .map((word, i) => (i === column - 1 ? value : word))
      .join(" ");
  it.each([
    ["a command as the name", line(1, "tokyo-aws-2$(reboot)"), 'line 3, name: "tokyo-aws-2$(reboot)"'],
    ["a path as the name", line(1, "../../etc/passwd-2"), 'line 3, name: "../../etc/passwd-2"'],
    ["a name twice", TUNNEL_1, 'line 3, name: "tokyo-aws-1"'],
    ["a name of another connection", line(2, "osaka-aws"), 'line 3, connection: "osaka-aws 2"'],
    ["a third tunnel", line(3, "3").replace("tokyo-aws-2 ", "tokyo-aws-3 "), 'line 3, name: "tokyo-aws-3"'],
    ["an unknown cloud", line(4, "gcp"), 'line 3, cloud: "gcp"'],
    ["an option as the interface", line(8, "-f"), 'line 3, interface: "-f"'],
    ["the sibling's interface", line(8, "ipsec4107"), 'line 3, interface: "ipsec4107"'],
    ["an interface of 16 characters", line(8, "ipsec41070000000"), 'line 3, interface: "ipsec41070000000"'],
    ["no address of IPv4", line(10, "203.0.113.256"), 'line 3, cloud_address: "203.0.113.256"'],
    ["an option as the probe", line(13, "-c1"), 'line 3, probe: "-c1"'],
    ["an MTU below IPv4's smallest", line(14, "575"), 'line 3, mtu: "575"'],
    ["an MTU above a jumbo frame", line(14, "9217"), 'line 3, mtu: "9217"'],
    ["a prefix of 33 bits", line(17, "172.30.0.0/33"), 'line 3, remote_prefixes: "172.30.0.0/33"'],
    ["an empty column", line(13, ""), 'line 3, probe: ""'],
    ["a nineteenth column", `${TUNNEL_2} x`, `line 3: "${TUNNEL_2.slice(0, 57)}..."`],
    [
      "a line of Windows",
      `${line(17, "172.30.0.0/16")}\r`.replace(" 64512\r", "\r"),
      `line 3: "${TUNNEL_2.slice(0, 57)}..."`,
    ],
    ["terminal escapes", line(1, "\u001b[2Jtokyo-aws-2"), 'line 3, name: "?[2Jtokyo-aws-2"'],
    ["a huge line", line(1, "a".repeat(100_000)), `line 3, name: "${"a".repeat(57)}..."`],
  ])("are refused: %s", (_what, second, where) => {
    const controller = { ...KAKEHASHI, tunnels: `${COLUMNS}\n${TUNNEL_1}\n${second}\n` };
    expect(status({ controller })).toEqual({
      exitCode: 3,
      stdout: `kakehashi-status: not as render writes it: /etc/kakehashi/tunnels: ${where}\n  do:    run \`kakehashi render\` and install.sh again; do not edit these files by hand\n`,
      stderr: "",
      seconds: expect.any(Number),
    });
  });

  it.each([
    ["site", "site demo;reboot", 'site: "demo;reboot"'],
    ["public_ip", "public_ip 198.51.100", 'public_ip: "198.51.100"'],
    ["private_ip", "private_ip ", 'private_ip: ""'],
    ["language", "language de", 'language: "de"'],
  ])("are refused: a bad %s in the controller's file", (key, bad, where) => {
    const controller = { ...KAKEHASHI, controller: CONTROLLER.replace(new RegExp(`^${key} .*$`, "m"), bad) };
    expect(status({ controller, arguments: ["--quiet"] }).stdout).toBe(
      `KAKEHASHI UNKNOWN - not as render writes it: /etc/kakehashi/controller: ${where}\n`,
    );
  });

  it("takes two hundred tunnels in the time of two", () => {
    const many = Array.from({ length: 100 }, (_, i) =>
      [TUNNEL_1, TUNNEL_2]
        .map((one) =>
          one
            .replaceAll("tokyo-aws", `c${i}-aws`)
            .replace(/(ipsec)?41(0[78]) 41\d+/, (_all, _p, n) => `ipsec${i}${n} 9`),
        )
        .join("\n"),
    ).join("\n");
    const result = status({ controller: { ...KAKEHASHI, tunnels: `${COLUMNS}\n${many}\n` }, arguments: ["--quiet"] });
    expect(result.stdout).toMatch(/^KAKEHASHI CRITICAL - 0 of 200 tunnels up, down: c0-aws, c1-aws/);
    expect(result.seconds).toBeLessThan(60);
  });
});
