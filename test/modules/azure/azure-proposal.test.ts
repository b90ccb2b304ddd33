import { type DhGroup, PROPOSALS, type Proposal } from "../../../config/proposals";
import { TUNNEL_PARAMETERS } from "../../../config/tunnel-parameters";
import { toAzureProposal } from "../../../modules/azure/azure-proposal";

const PARAMETERS = TUNNEL_PARAMETERS.azure;

const GCM: Proposal = {
  ike: { encryption: "aes256-gcm", integrity: "sha2-384", dhGroup: 20 },
  esp: { encryption: "aes256-gcm", pfsGroup: 20 },
};
const CBC: Proposal = {
  ike: { encryption: "aes256-cbc", integrity: "sha2-256", dhGroup: 14 },
  esp: { encryption: "aes256-cbc", integrity: "sha2-256", pfsGroup: 14 },
};

test("writes GCM as its own integrity in phase 2, and the PRF as phase 1's", () => {
  expect(toAzureProposal([GCM], PARAMETERS)).toEqual({
    ikeEncryption: "GCMAES256",
    ikeIntegrity: "SHA384",
    dhGroup: "ECP384",
    ipsecEncryption: "GCMAES256",
    ipsecIntegrity: "GCMAES256",
    pfsGroup: "ECP384",
    saLifetime: 3_600,
    saDatasize: 102_400_000,
  });
});

test("writes CBC with its integrity", () => {
  expect(toAzureProposal([CBC], PARAMETERS)).toEqual({
    ikeEncryption: "AES256",
    ikeIntegrity: "SHA256",
    dhGroup: "DHGroup14",
    ipsecEncryption: "AES256",
    ipsecIntegrity: "SHA256",
    pfsGroup: "PFS14",
    saLifetime: 3_600,
    saDatasize: 102_400_000,
  });
});

test.each<[DhGroup, string, string]>([
  [14, "DHGroup14", "PFS14"],
  [19, "ECP256", "ECP256"],
  [20, "ECP384", "ECP384"],
])("writes DH group %i as %s in phase 1 and %s in phase 2", (group, dhGroup, pfsGroup) => {
  const proposal = { ike: { ...GCM.ike, dhGroup: group }, esp: { ...GCM.esp, pfsGroup: group } };
  expect(toAzureProposal([proposal], PARAMETERS)).toMatchObject({ dhGroup, pfsGroup });
});

test("has a word for everything in Azure's own list of proposals", () => {
  expect(PROPOSALS.azure).toEqual([GCM]);
});

test("agrees with the IKE lifetime that Azure fixes", () => {
  expect(PARAMETERS.ikeLifetimeSeconds).toBe(28_800);
});

test.each<[string, readonly Proposal[], string]>([
  ["no proposal", [], "Azure takes exactly one proposal, got 0"],
  ["two proposals", [GCM, CBC], "Azure takes exactly one proposal, got 2"],
  [
    "SHA-384 in phase 2",
    [{ ...CBC, esp: { ...CBC.esp, integrity: "sha2-384" } }],
    "Azure has no phase 2 integrity sha2-384",
  ],
  [
    "CBC without integrity",
    [{ ...CBC, esp: { encryption: "aes256-cbc", pfsGroup: 14 } }],
    "Azure has no phase 2 integrity undefined",
  ],
])("refuses %s", (_, proposals, message) => {
  expect(() => toAzureProposal(proposals, PARAMETERS)).toThrow(new RangeError(message));
});
