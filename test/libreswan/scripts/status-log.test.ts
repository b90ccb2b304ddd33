import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { installedLibreswan, whyNoNamespace } from "../../helpers/ipsec-tools";
import { type Recording, readRecording, recordedCases, recordedVersions } from "../../helpers/status-fixtures/replay";
import { CONTROLLER, failures, KAKEHASHI, type Report, report, status } from "../../helpers/status-fixtures/setup";

const LIVE = join(__dirname, "../../helpers/status-fixtures/live.sh");
const SCRIPTS = join(__dirname, "../../../libreswan/scripts");

/** What each recorded fault is, by tunnel, and the exit status. Tunnel 1 is sound in all but those that hit the machine. */
const RECORDED: Readonly<
  Record<string, readonly [first: string | undefined, second: string | undefined, exitCode: number]>
> = {
  up: [undefined, undefined, 0],
  "wrong-psk": [undefined, "ike auth-refused", 1],
  "our-id": [undefined, "ike auth-refused", 1],
  "peer-id": [undefined, "ike peer-id", 1],
  "no-secret": [undefined, "ike key-missing", 1],
  "no-ike-proposal": [undefined, "ike ike-proposal", 1],
  // strongSwan's answer to IKEv2 on an IKEv1 connection is NO_PROPOSAL_CHOSEN: the text names both causes.
  ikev1: [undefined, "ike ike-proposal", 1],
  "cloud-starts-ikev1": [undefined, "ike ikev1-peer", 1],
  "cloud-starts-wrong-psk": [undefined, "ike key-differs", 1],
  "cloud-starts-no-ike-proposal": [undefined, "ike ike-proposal", 1],
  "cloud-starts-other-id": [undefined, "ike peer-id", 1],
  // It comes back by itself, and what the log said before is forgotten.
  "cloud-terminates": [undefined, undefined, 0],
  "not-started": [undefined, "ike not-started", 1],
  "no-esp-proposal": [undefined, "child esp-proposal", 1],
  "wrong-selectors": [undefined, "child selectors", 1],
  "pfs-after-rekey": [undefined, "child rekey-refused", 1],
  "no-answer": [undefined, "reach no-answer", 1],
  "no-answer-4500": [undefined, "reach no-answer-encrypted", 1],
  "no-route": ["reach no-route", "reach no-route", 1],
  "not-running": ["local pluto-down", "local pluto-down", 2],
  "not-loaded": [undefined, "local not-loaded", 1],
  // 5.2 refuses an XFRM interface without a lower device.
  "interface-without-link": [undefined, "local unoriented", 1],
  "interface-absent": [undefined, "interface interface-absent", 1],
  "interface-down": [undefined, "interface interface-down", 1],
  "interface-mtu": [undefined, "interface interface-mtu", 1],
  "bgp-shutdown": [undefined, "bgp bgp-closed-there", 1],
  "bgp-wrong-as": [undefined, "bgp bgp-asn", 1],
  "frr-down": ["bgp frr-down", "ike not-started", 2],
  "mtu-black-hole": [undefined, "mtu mtu-path", 1],
};

const ALL = recordedVersions().flatMap((version) => recordedCases(version).map((name) => ({ version, name })));

describe("what was recorded on real machines", () => {
  it("holds Debian 12's and Debian 13's Libreswan", () => {
    expect(recordedVersions()).toEqual(expect.arrayContaining(["libreswan-4.10", "libreswan-5.2"]));
  });

  it.each(ALL)("is told apart: $version, $name", ({ version, name }) => {
    const expected = RECORDED[name];
    if (!expected) throw new Error(`${name} is recorded, and nothing says what it is`);
    const controller = { ...KAKEHASHI, controller: CONTROLLER.replace("4.10", version.replace("libreswan-", "")) };
    const told = report({ recording: readRecording(version, name), controller });
    expect([...failures(told), told.exit_code]).toEqual(expected);
    expect(told.libreswan).toBe(version.replace("libreswan-", ""));
  });

  it.each(ALL)("is told in English: $version, $name", ({ version, name }) => {
    const { stdout, stderr } = status({ recording: readRecording(version, name) });
    expect(stdout).toMatchSnapshot();
    expect(stderr).toBe("");
  });

  it.each(ALL.filter(({ version }) => version === "libreswan-4.10"))(
    "is told in Japanese: $name",
    ({ version, name }) => {
      const { stdout, stderr } = status({ recording: readRecording(version, name), arguments: ["--lang", "ja"] });
      expect(stdout).toMatchSnapshot();
      expect(stderr).toBe("");
    },
  );
});

describe("Ubuntu's Libreswan", () => {
  it.each(["3.32", "4.14"])("is read too: a wrong key on %s", (version) => {
    const recording: Recording = {
      ...readRecording("libreswan-4.10", "wrong-psk"),
      ...readRecording("pluto-only", `libreswan-${version}-wrong-psk`),
    };
    const told = report({ recording });
    // The machine that it was recorded on has no ESP: the child SA of tunnel 1 was refused too.
    expect([told.libreswan, ...failures(told)]).toEqual([version, "child selectors", "ike auth-refused"]);
  });
});

describe("pluto's log", () => {
  const recorded = readRecording("libreswan-4.10", "wrong-psk");
  const log = (recorded.journal ?? "").replace(/^[0-9.]+ \S+ pluto\[\d+\]: /gm, "Nov 21 09:28:17.560947: ");

  it("is read from the file that 5.x's status names", () => {
    const recording = {
      ...recorded,
      "whack-status": (recorded["whack-status"] ?? "").replace("000 nhelpers=", "000 logfile='LOGFILE'\n000 nhelpers="),
    };
    expect(failures(report({ recording, controller: { ...KAKEHASHI, log }, absent: ["journalctl"] }))).toEqual([
      undefined,
      "ike auth-refused",
    ]);
  });

  it("is read from the file that ipsec.conf names", () => {
    const controller = { ...KAKEHASHI, log, ipsecConf: 'config setup\n    logfile="LOGFILE"\n' };
    expect(failures(report({ recording: recorded, controller, absent: ["journalctl"] }))).toEqual([
      undefined,
      "ike auth-refused",
    ]);
  });

  /** After what was recorded, one more line about tunnel 2. */
  const afterwards = (line: string): (string | undefined)[] =>
    failures(
      report({
        recording: { ...recorded, journal: `${recorded.journal}1795253999.000000 controller pluto[500]: ${line}\n` },
      }),
    );

  // What pluto 3.32, 4.10 or 5.2 has in it, and no peer of the lab makes it say.
  it.each([
    [
      '"tokyo-aws-2" #9: Discarding unauthenticated INVALID_KE_PAYLOAD response to DH DH20; suggested DH MODP2048 is not acceptable',
      "ike dh-group",
    ],
    ["packet from 203.0.113.5:500: INVALID_MAJOR_VERSION notification received", "ike ikev1-peer"],
    ['"tokyo-aws-2" #9: cannot install eroute -- it is in use for "tokyo-aws-1" #4', "child policy-in-use"],
    ['"tokyo-aws-2" #9: cannot route -- route already in use for "tokyo-aws-1"', "child policy-in-use"],
    [
      'ERROR: "tokyo-aws-2" #9: netlink response for Add SA esp.38babf7b@198.51.100.10: Function not implemented (errno 38)',
      "child no-esp",
    ],
    ["\"tokyo-aws-2\" #9: no suitable connection for peer '203.0.113.77'", "ike peer-id"],
    ['"tokyo-aws-2" #9: authentication failed: PSK AUTH mismatch', "ike key-differs"],
  ])("tells %s", (line, failure) => {
    expect(afterwards(line)).toEqual([undefined, failure]);
  });

  it.each([
    ["another tunnel's line", '"osaka-aws-1" #9: cannot route -- route already in use for "tokyo-aws-2"'],
    ["another address's packet", "packet from 203.0.113.99:500: INVALID_MAJOR_VERSION notification received"],
    ["a name that only starts alike", '"tokyo-aws-22" #9: cannot route -- route already in use for "x"'],
  ])("is not misled by %s", (_what, line) => {
    expect(afterwards(line)).toEqual([undefined, "ike auth-refused"]);
  });
});

const missing = whyNoNamespace();
(missing ? it.skip : it)(
  `reads the installed Libreswan${missing ? ` (skipped: ${missing})` : ""}: one key right, one wrong`,
  () => {
    const { stdout } = spawnSync("bash", [LIVE, SCRIPTS], { encoding: "utf8", timeout: 30_000 });
    const told: Report = JSON.parse(stdout);
    expect(told.libreswan).toBe(installedLibreswan());
    expect(told.tunnels.map(({ layers: { local, reach, ike } }) => [local, reach, ike])).toEqual([
      ["ok", "ok", "ok"],
      ["ok", "ok", "fail"],
    ]);
    expect(told.tunnels[1]?.failure?.code).toBe("auth-refused");
    expect(stdout).not.toMatch(/LiveTestKey/);
  },
);
