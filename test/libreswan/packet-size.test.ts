import type { Cloud, Proposal } from "../../config/proposals";
import { planPacketSize } from "../../libreswan/packet-size";

const IKE = { encryption: "aes256-cbc", integrity: "sha2-384", dhGroup: 20 } as const;
const GCM: Proposal = { ike: IKE, esp: { encryption: "aes256-gcm", pfsGroup: 20 } };
const cbc = (integrity: "sha2-256" | "sha2-384"): Proposal => ({
  ike: IKE,
  esp: { encryption: "aes256-cbc", integrity, pfsGroup: 20 },
});

describe("packet sizes", () => {
  it.each<[string, Cloud, Proposal[], boolean, number, number]>([
    ["GCM", "aws", [GCM], false, 1446, 1406],
    ["GCM behind NAT", "aws", [GCM], true, 1438, 1398],
    ["CBC with SHA-256", "aws", [cbc("sha2-256")], false, 1438, 1398],
    ["CBC with SHA-256 behind NAT", "aws", [cbc("sha2-256")], true, 1422, 1382],
    ["CBC with SHA-384", "oracle", [cbc("sha2-384")], false, 1422, 1382],
    ["CBC with SHA-384 behind NAT", "oracle", [cbc("sha2-384")], true, 1422, 1382],
    ["the smallest of several proposals", "aws", [GCM, cbc("sha2-256")], true, 1422, 1382],
    ["Azure's own limit below the cipher's", "azure", [GCM], false, 1400, 1350],
    ["Azure's own limit behind NAT", "azure", [cbc("sha2-384")], true, 1400, 1350],
  ])("%s on %s", (_, cloud, proposals, isNatTraversed, mtuBytes, mssBytes) => {
    expect(planPacketSize(cloud, proposals, isNatTraversed)).toEqual({ mtuBytes, mssBytes });
  });

  it("leaves room for the IP and TCP headers", () => {
    for (const cloud of ["aws", "oracle", "azure"] as const) {
      const { mtuBytes, mssBytes } = planPacketSize(cloud, [GCM], true);
      expect(mtuBytes - mssBytes).toBeGreaterThanOrEqual(40);
    }
  });

  it("says that a cipher is unknown, instead of guessing", () => {
    const noIntegrity: Proposal = { ike: IKE, esp: { encryption: "aes256-cbc", pfsGroup: 20 } };
    expect(() => planPacketSize("aws", [noIntegrity], false)).toThrow(
      new Error("no packet size is known for aes256-cbc with undefined"),
    );
  });
});
