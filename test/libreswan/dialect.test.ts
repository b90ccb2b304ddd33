import { LIBRESWAN_VERSIONS, type LibreswanVersion } from "../../config/schema/controllers";
import { DIALECTS, type Keyword } from "../../libreswan/dialect";
import { isTaken } from "../helpers/keyword-matrix";
import { CASE_NAMES, planCase } from "../helpers/load-case";

/** Every setting of every scenario, as rendered for a version. */
function settingsOf(version: LibreswanVersion): Keyword[] {
  return CASE_NAMES.flatMap((name) =>
    planCase(name, version).flatMap(({ connections }) =>
      connections.flatMap(({ tunnels }) => tunnels.flatMap(({ settings }) => settings)),
    ),
  );
}

const keysOf = (version: LibreswanVersion): Set<string> => new Set(settingsOf(version).map(([key]) => key));

describe("what each version is told", () => {
  it.each(LIBRESWAN_VERSIONS)("%s takes every line without a word, by the matrix of real runs", (version) => {
    const settings = settingsOf(version);
    expect(settings.length).toBeGreaterThan(100);
    expect(settings.filter((setting) => !isTaken(setting, version))).toEqual([]);
  });

  it.each<[string, Keyword, LibreswanVersion[]]>([
    ["keyexchange=ikev2 below 5.0", ["keyexchange", "ikev2"], ["3.32", "4.10", "4.14"]],
    ["interface-ip= on 4.10 and 4.14", ["interface-ip", "169.254.11.2/30"], ["4.10", "4.14"]],
    ["ipsec-lifetime= on 3.32", ["ipsec-lifetime", "1h"], ["3.32"]],
    ["dpdaction=restart on 5.2", ["dpdaction", "restart"], ["5.2"]],
    ["dpdaction=none anywhere", ["dpdaction", "none"], ["3.32", "4.10", "4.14", "5.2"]],
    ["a mark without a mask below 5.0", ["mark", "100"], ["3.32", "4.10", "4.14"]],
    ["forceencaps= anywhere", ["forceencaps", "yes"], ["3.32", "4.10", "4.14", "5.2"]],
    ["modp1024 anywhere", ["ike", "aes256-sha2_256;modp1024"], ["3.32", "4.10", "4.14", "5.2"]],
    ["strongSwan's aes256gcm16 anywhere", ["esp", "aes256gcm16;dh20"], ["3.32", "4.10", "4.14", "5.2"]],
    ["a keyword that no version was tried with", ["nosuchkeyword", "1"], ["3.32", "4.10", "4.14", "5.2"]],
  ])("knows that the matrix refuses %s", (_, setting, refusing) => {
    expect(LIBRESWAN_VERSIONS.filter((version) => !isTaken(setting, version))).toEqual(refusing);
  });

  it.each<[LibreswanVersion, Keyword, string, string | undefined, string]>([
    ["3.32", ["ikev2", "insist"], "salifetime", "restart", "vti"],
    ["4.10", ["ikev2", "insist"], "ipsec-lifetime", "restart", "ipsec"],
    ["4.14", ["ikev2", "insist"], "ipsec-lifetime", "restart", "ipsec"],
    ["5.2", ["keyexchange", "ikev2"], "ipsec-lifetime", undefined, "ipsec"],
  ])("%s: %j, %s, dpdaction %s, %sN interfaces", (version, ikev2, childLifetimeKey, action, namePrefix) => {
    const dialect = DIALECTS[version];
    expect(dialect.ikev2).toEqual(ikev2);
    expect(dialect.childLifetimeKey).toBe(childLifetimeKey);
    expect(dialect.deadPeerAction?.[1]).toBe(action);
    expect(dialect.tunnelInterface.namePrefix).toBe(namePrefix);
  });

  it.each(LIBRESWAN_VERSIONS)("%s never sees mtu=, a source address or an interface address in a conn", (version) => {
    const keys = keysOf(version);
    for (const key of ["mtu", "leftsourceip", "interface-ip", "leftinterface-ip", "leftvti", "leftsubnets"])
      expect(keys).not.toContain(key);
  });

  it("gives VTIs to 3.32 alone", () => {
    expect(LIBRESWAN_VERSIONS.filter((version) => keysOf(version).has("vti-interface"))).toEqual(["3.32"]);
    expect(LIBRESWAN_VERSIONS.filter((version) => keysOf(version).has("ipsec-interface"))).toEqual([
      "4.10",
      "4.14",
      "5.2",
    ]);
  });
});
