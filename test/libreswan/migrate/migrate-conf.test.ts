import type { LibreswanVersion } from "../../../config/schema/controllers";
import { migrateConf } from "../../../libreswan/migrate/migrate-conf";

const CONN =
  "conn a\n left=%defaultroute\n leftid=10.0.0.1\n right=192.0.2.1\n authby=secret\n ikev2=insist\n auto=start\n";

function migrate(lines: string, target: LibreswanVersion = "4.10", secrets?: string) {
  return migrateConf({ conf: lines, confName: "old.conf", secrets, secretsName: "old.secrets", target });
}

const withLines = (...lines: string[]) => `${CONN}${lines.map((line) => ` ${line}\n`).join("")}`;
const found = (conf: string, target?: LibreswanVersion) =>
  migrate(conf, target).findings.map(({ line, severity, why }) => `${line} ${severity}: ${why}`);

describe("finds what no keyword shows", () => {
  test.each([
    [
      "the 80 s of IKEv2's default timeout",
      withLines("dpddelay=10", "dpdtimeout=30"),
      "9 warning: IKEv2 ignores dpdtimeout= and waits for retransmit-timeout= (60 s): a dead peer costs 80 s",
    ],
    [
      "a PFS group that differs from IKE's",
      withLines("ike=aes256-sha2_384;dh20", "esp=aes256-sha2_256;modp1536"),
      "9 warning: PFS has another group than IKE: up to 4.14 each rekey fails (seen on 4.10)",
    ],
    [
      "mtu= on 0.0.0.0/0",
      withLines(
        "leftsubnet=0.0.0.0/0",
        "rightsubnet=0.0.0.0/0",
        "ipsec-interface=11",
        "mark=11/0xffffffff",
        "mtu=1400",
      ),
      "12 warning: mtu= on 0.0.0.0/0 makes updown replace the default route by the tunnel",
    ],
    [
      "leftsourceip= on 0.0.0.0/0",
      withLines("leftsubnet=0.0.0.0/0", "rightsubnet=0.0.0.0/0", "ipsec-interface=11", "leftsourceip=10.0.2.15"),
      "11 warning: leftsourceip= on 0.0.0.0/0 makes updown replace the default route by the tunnel",
    ],
    [
      "0.0.0.0/0 without an interface",
      withLines("leftsubnet=0.0.0.0/0", "rightsubnet=0.0.0.0/0"),
      "8 warning: 0.0.0.0/0 on both ends without an interface: all traffic of this machine goes into the tunnel",
    ],
    [
      "left=<address> with an interface",
      withLines("leftsubnet=0.0.0.0/0", "rightsubnet=0.0.0.0/0", "ipsec-interface=11").replace(
        "%defaultroute",
        "10.0.0.1",
      ),
      "2 warning: with an interface, left=<address> hides the gateway from pluto: the tunnel is up and empty",
    ],
    [
      "AWS's lifetimes",
      withLines("# amazon", "salifetime=8h"),
      "9 warning: 28800 s here and 3600 s at AWS: differing ends may interrupt the tunnel",
    ],
    [
      "one tunnel of AWS's two",
      withLines("# amazon"),
      "1 warning: only one of two tunnels is here: AWS takes each down for maintenance in turn",
    ],
    [
      "more prefix pairs than AWS keeps",
      withLines("# amazon", "leftsubnets={10.0.1.0/24 10.0.2.0/24}", "rightsubnet=172.30.0.0/16"),
      "9 warning: 2 prefix pairs: AWS keeps one for a policy-based peer, the others drop out",
    ],
    [
      "ipsec-interface=1",
      withLines("leftsubnet=0.0.0.0/0", "rightsubnet=0.0.0.0/0", "ipsec-interface=yes", "mark=1/0xffffffff"),
      "10 advice: a crash of 4.10 leaves ipsec1 behind, and the next start says `device name conflict`",
    ],
    [
      "a conn that says nothing of IKE's version",
      CONN.replace(" ikev2=insist\n", ""),
      "1 advice: no line says which IKE: Libreswan 4.10 speaks IKEv2 and nothing else",
    ],
    [
      "a host name as id",
      CONN.replace("10.0.0.1", "tunnel1"),
      "3 warning: an id without @ is looked up in DNS, and 5.2 refuses the connection when that fails",
    ],
    [
      "a single prefix in leftsubnets=",
      withLines("leftsubnets={10.0.1.0/24}", "rightsubnet=172.30.0.0/16"),
      "8 advice: with leftsubnets= the connection is called a/1x0, and not by its name",
    ],
    [
      "weak algorithms, in one piece of advice",
      withLines("ike=3des-md5;modp1536"),
      "8 advice: 3DES is weak (64-bit blocks); MD5 is broken; DH group 5 (modp1536) is too small",
    ],
  ])("%s", (_what, conf, expected) => {
    expect(found(conf)).toContain(expected);
  });

  const twin = (name: string, peer: string, ...lines: string[]) =>
    withLines("leftsubnet=10.0.2.0/24", "rightsubnet=172.30.0.0/16", ...lines)
      .replace("conn a", `conn ${name}`)
      .replace("192.0.2.1", peer);

  test("policy-based twins", () => {
    expect(found(`${twin("a", "192.0.2.1")}${twin("b", "192.0.2.2")}`)).toContain(
      "10 warning: has the same prefixes as conn a: only one of such twins comes up",
    );
  });

  test("two interfaces without distinct marks, and nothing where the marks differ", () => {
    const why = "has the same prefixes as conn a, and no mark of its own: only one comes up";
    const pair = (first: string[], second: string[]) =>
      `${twin("a", "192.0.2.1", ...first)}${twin("b", "192.0.2.2", ...second)}`;
    expect(found(pair(["ipsec-interface=11"], ["ipsec-interface=12"]))).toContain(`11 warning: ${why}`);
    const distinct = pair(["ipsec-interface=11", "mark=11/0xffffffff"], ["ipsec-interface=12", "mark=12/0xffffffff"]);
    expect(found(distinct).join()).not.toContain(why);
  });

  test("IKEv1, unless config setup accepts it", () => {
    const conf = CONN.replace("insist", "no");
    const why = "asks for IKEv1, which pluto refuses by default since 4.x (ikev1-policy=drop)";
    expect(found(conf)).toContain(`6 error: ${why}`);
    expect(found(`config setup\n ikev1-policy=accept\n${conf}`, "5.2")).toContain(`8 advice: ${why}`);
  });
});

describe("writes", () => {
  const keywordsOf = (text: string, name: string) =>
    new Map(
      [...(text.split(`conn ${name}\n`)[1]?.split("\n\n")[0] ?? "").matchAll(/^ +([\w-]+)=(.*)$/gm)].map(
        ([, key, value]) => [key, value],
      ),
    );

  test("keeps proposals that work, and the peer needs no change", () => {
    const { text, steps } = migrate(withLines("ike=aes256-sha2_256;modp2048", "phase2alg=aes256-sha2_256;modp2048"));
    expect(keywordsOf(text, "a").get("ike")).toBe("aes256-sha2_256;modp2048");
    expect(keywordsOf(text, "a").get("esp")).toBe("aes256-sha2_256;modp2048");
    expect(steps.map(({ where }) => where)).toEqual(["controller", "controller"]);
  });

  test("translates strongSwan's spelling without asking the peer for anything new", () => {
    const { text, steps } = migrate(withLines("ike=aes256gcm16-prfsha384-ecp384!", "esp=aes256gcm16-ecp384"));
    expect(keywordsOf(text, "a").get("ike")).toBe("aes_gcm256-sha384;ecp384");
    expect(keywordsOf(text, "a").get("esp")).toBe("aes_gcm256;ecp384");
    expect(steps.map(({ where }) => where)).not.toContain("peer");
  });

  test("lists what the other end must allow where proposals are new", () => {
    const { steps } = migrate(withLines("ike=aes128-sha1;modp1024", "phase2alg=aes128-sha1;modp1024"));
    expect(steps[0]).toEqual({
      where: "peer",
      what: "conn a: the other end 192.0.2.1 must allow IKEv2 with the new proposals",
      commands: [],
      options: [
        { option: "IKE version", value: "IKEv2" },
        { option: "phase 1", value: "aes256-sha2_256;dh14" },
        { option: "phase 2", value: "aes256-sha2_256;dh14" },
      ],
    });
  });

  test("keeps an address as the id when left= becomes %defaultroute", () => {
    const conf = withLines("leftsubnet=0.0.0.0/0", "rightsubnet=0.0.0.0/0")
      .replace("%defaultroute", "10.0.0.9")
      .replace(" leftid=10.0.0.1\n", "");
    const conn = keywordsOf(migrate(conf).text, "a");
    expect([conn.get("left"), conn.get("leftid"), conn.get("ipsec-interface"), conn.get("mark")]).toEqual([
      "%defaultroute",
      "10.0.0.9",
      "11",
      "11/0xffffffff",
    ]);
  });

  test("knows this machine by %defaultroute and by a private address, on either side", () => {
    const swapped =
      "conn a\n left=192.0.2.1\n right=%defaultroute\n rightid=@me\n authby=secret\n leftsubnet=172.30.0.0/16\n rightsubnet=10.0.2.0/24\n";
    const report = migrate(swapped, "4.10", '@me 192.0.2.1 : PSK "FAKE"\n');
    expect(report.conns[0]?.peer).toBe("192.0.2.1");
    expect(report.secrets).toContain('@me 192.0.2.1 : PSK "FAKE"');
    expect(migrate(swapped.replace("%defaultroute", "10.0.2.15")).conns[0]?.peer).toBe("192.0.2.1");
  });

  test("brings %default and also= into each conn, its own lines first", () => {
    const conf = `conn %default\n ikelifetime=2h\n salifetime=2h\nconn base\n salifetime=1h\n left=%defaultroute\n authby=secret\nconn a\n also=base\n right=192.0.2.1\n`;
    const conn = keywordsOf(migrate(conf).text, "a");
    expect([conn.get("ikelifetime"), conn.get("ipsec-lifetime"), conn.get("left")]).toEqual([
      "7200s",
      "3600s",
      "%defaultroute",
    ]);
    expect(conn.has("also")).toBe(false);
  });

  test("leaves certificates alone", () => {
    const { text } = migrate(withLines("leftcert=me", "rightca=%same").replace("authby=secret", "authby=rsasig"));
    const conn = keywordsOf(text, "a");
    expect([conn.get("authby"), conn.get("leftcert"), conn.get("rightca")]).toEqual(["rsasig", "me", "%same"]);
  });

  test.each<[LibreswanVersion, string[]]>([
    ["3.32", ["ikev2", "salifetime", "dpdaction", "dpdtimeout", "vti-interface"]],
    ["4.10", ["ikev2", "ipsec-lifetime", "dpdaction", "ipsec-interface"]],
    ["4.14", ["ikev2", "ipsec-lifetime", "dpdaction", "ipsec-interface"]],
    ["5.2", ["keyexchange", "ipsec-lifetime", "ipsec-interface"]],
  ])("uses the words of %s", (target, words) => {
    const all = [
      "ikev2",
      "keyexchange",
      "salifetime",
      "ipsec-lifetime",
      "dpdaction",
      "dpdtimeout",
      "vti-interface",
      "ipsec-interface",
    ];
    const { text } = migrate(
      withLines("keylife=1h", "dpddelay=10", "leftsubnet=0.0.0.0/0", "rightsubnet=0.0.0.0/0"),
      target,
    );
    const conn = keywordsOf(text, "a");
    expect(all.filter((word) => conn.has(word))).toEqual(words);
  });
});

describe("secrets", () => {
  const why = (secrets: string, conf = CONN) =>
    migrate(conf, "4.10", secrets)
      .findings.filter(({ file }) => file === "old.secrets")
      .map(({ line, severity, text, why }) => `${line} ${severity} [${text}] ${why}`);

  test("are found by both ids, by the own id alone, by %any and without an index", () => {
    for (const indices of [
      "10.0.0.1 192.0.2.1",
      "192.0.2.1 10.0.0.1",
      "10.0.0.1",
      "10.0.0.1 %any",
      "%any 192.0.2.1",
      "",
    ]) {
      expect([indices, why(`${indices} : PSK "FAKE"\n`.trimStart())]).toEqual([indices, []]);
    }
  });

  test("are not found by an id that the conn doesn't have", () => {
    const conf = CONN.replace("leftid=10.0.0.1", "leftid=@tunnel1");
    expect(why('198.51.100.1 192.0.2.1 : PSK "FAKE"\n', conf)).toEqual([
      "1 error [198.51.100.1 192.0.2.1 : PSK …] conn a looks for another id: @tunnel1 is not among the indices",
    ]);
    expect(migrate(conf, "4.10", '198.51.100.1 192.0.2.1 : PSK "FAKE"\n').secrets).toContain(
      '\n@tunnel1 192.0.2.1 : PSK "FAKE"\n',
    );
  });

  test("that are missing are asked for", () => {
    expect(why('9.9.9.9 8.8.8.8 : PSK "FAKE"\n')).toEqual(["1 error [] conn a has no key here"]);
    expect(migrate(CONN).steps[0]?.what).toBe(
      'no secrets were given: the file must hold, each entry in column 1: 10.0.0.1 192.0.2.1 : PSK "…"',
    );
  });

  test("with the same ids and other keys are told of", () => {
    expect(why('10.0.0.1 192.0.2.1 : PSK "FAKE1"\n192.0.2.1 10.0.0.1 : PSK "FAKE2"\n')).toEqual([
      "2 warning [192.0.2.1 10.0.0.1 : PSK …] line 1 has another key for the same ids",
    ]);
  });

  test("with both kinds of quotes are left out, and others quoted with the one that they don't hold", () => {
    const secrets = `10.0.0.1 192.0.2.1 : PSK "FA"K'E"\n1.1.1.1 2.2.2.2 : PSK FA"KE\n`;
    expect(migrate(CONN, "4.10", secrets).secrets).toBe(
      `# Written by kakehashi migrate. Mode 0600, owned by root.\n1.1.1.1 2.2.2.2 : PSK 'FA"KE'\n`,
    );
  });
});

test("is plain data: nothing is lost in JSON", () => {
  const report = migrate(withLines("ike=aes128-sha1;modp1024"), "5.2", '10.0.0.1 192.0.2.1 : PSK "FAKE"\n');
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
});
