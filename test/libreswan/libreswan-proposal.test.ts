import { type DhGroup, type Encryption, type Integrity, PROPOSALS, type Proposal } from "../../config/proposals";
import { toEspProposals, toIkeProposals } from "../../libreswan/libreswan-proposal";

const proposal = (encryption: Encryption, integrity: Integrity, group: DhGroup): Proposal => ({
  ike: { encryption, integrity, dhGroup: group },
  esp: { encryption, integrity: encryption === "aes256-gcm" ? undefined : integrity, pfsGroup: group },
});

describe("Libreswan's words for a proposal", () => {
  it.each<[Encryption, Integrity, DhGroup, string, string]>([
    ["aes256-gcm", "sha2-384", 20, "aes_gcm256-sha2_384;dh20", "aes_gcm256;dh20"],
    ["aes256-gcm", "sha2-256", 19, "aes_gcm256-sha2_256;dh19", "aes_gcm256;dh19"],
    ["aes256-cbc", "sha2-256", 14, "aes256-sha2_256;dh14", "aes256-sha2_256;dh14"],
    ["aes256-cbc", "sha2-384", 20, "aes256-sha2_384;dh20", "aes256-sha2_384;dh20"],
  ])("%s %s group %d", (encryption, integrity, group, ike, esp) => {
    expect(toIkeProposals([proposal(encryption, integrity, group)])).toBe(ike);
    expect(toEspProposals([proposal(encryption, integrity, group)])).toBe(esp);
  });

  it("joins several with a comma, in order", () => {
    const two = [proposal("aes256-gcm", "sha2-384", 20), proposal("aes256-cbc", "sha2-256", 14)];
    expect(toIkeProposals(two)).toBe("aes_gcm256-sha2_384;dh20,aes256-sha2_256;dh14");
    expect(toEspProposals(two)).toBe("aes_gcm256;dh20,aes256-sha2_256;dh14");
  });

  it("writes what each cloud is given", () => {
    expect(
      Object.entries(PROPOSALS).map(([cloud, list]) => [cloud, toIkeProposals(list), toEspProposals(list)]),
    ).toEqual([
      ["aws", "aes_gcm256-sha2_384;dh20", "aes_gcm256;dh20"],
      ["oracle", "aes256-sha2_384;dh20", "aes_gcm256;dh20"],
      ["azure", "aes_gcm256-sha2_384;dh20", "aes_gcm256;dh20"],
    ]);
  });
});
