import { type DhGroup, PROPOSALS, type Proposal } from "../../../config/proposals";
import { TUNNEL_PARAMETERS } from "../../../config/tunnel-parameters";
import { toOciProposal } from "../../../modules/oci/oci-proposal";

const PARAMETERS = TUNNEL_PARAMETERS.oracle;

const GCM: Proposal = {
  ike: { encryption: "aes256-cbc", integrity: "sha2-384", dhGroup: 20 },
  esp: { encryption: "aes256-gcm", pfsGroup: 20 },
};
const CBC: Proposal = {
  ike: { encryption: "aes256-cbc", integrity: "sha2-256", dhGroup: 14 },
  esp: { encryption: "aes256-cbc", integrity: "sha2-256", pfsGroup: 14 },
};

test("writes GCM without an authentication algorithm, and phase 1 and 2 each with its own name for the group", () => {
  expect(toOciProposal([GCM], PARAMETERS)).toEqual({
    phaseOneDetails: {
      isCustomPhaseOneConfig: true,
      customEncryptionAlgorithm: "AES_256_CBC",
      customAuthenticationAlgorithm: "SHA2_384",
      customDhGroup: "GROUP20",
      lifetime: 28_800,
    },
    phaseTwoDetails: {
      isCustomPhaseTwoConfig: true,
      customEncryptionAlgorithm: "AES_256_GCM",
      isPfsEnabled: true,
      dhGroup: "GROUP20",
      lifetime: 3_600,
    },
  });
});

test("writes CBC with its authentication algorithm", () => {
  expect(toOciProposal([CBC], PARAMETERS)).toEqual({
    phaseOneDetails: {
      isCustomPhaseOneConfig: true,
      customEncryptionAlgorithm: "AES_256_CBC",
      customAuthenticationAlgorithm: "SHA2_256",
      customDhGroup: "GROUP14",
      lifetime: 28_800,
    },
    phaseTwoDetails: {
      isCustomPhaseTwoConfig: true,
      customEncryptionAlgorithm: "AES_256_CBC",
      customAuthenticationAlgorithm: "HMAC_SHA2_256_128",
      isPfsEnabled: true,
      dhGroup: "GROUP14",
      lifetime: 3_600,
    },
  });
});

test.each<[DhGroup, string]>([
  [14, "GROUP14"],
  [19, "GROUP19"],
  [20, "GROUP20"],
])("writes DH group %i as %s in both phases", (dhGroup, word) => {
  const { phaseOneDetails, phaseTwoDetails } = toOciProposal(
    [{ ike: { ...GCM.ike, dhGroup }, esp: { ...GCM.esp, pfsGroup: dhGroup } }],
    PARAMETERS,
  );
  expect([phaseOneDetails.customDhGroup, phaseTwoDetails.dhGroup]).toEqual([word, word]);
});

test("has a word for everything in OCI's own list of proposals", () => {
  expect(PROPOSALS.oracle).toEqual([GCM]);
});

test.each<[string, readonly Proposal[], string]>([
  ["no proposal", [], "OCI takes exactly one proposal, got 0"],
  ["two proposals", [GCM, CBC], "OCI takes exactly one proposal, got 2"],
  [
    "GCM in phase 1",
    [{ ...GCM, ike: { ...GCM.ike, encryption: "aes256-gcm" } }],
    "OCI has no phase 1 encryption aes256-gcm",
  ],
  [
    "SHA-384 in phase 2",
    [{ ...CBC, esp: { ...CBC.esp, integrity: "sha2-384" } }],
    "OCI has no phase 2 integrity sha2-384",
  ],
])("refuses %s", (_, proposals, message) => {
  expect(() => toOciProposal(proposals, PARAMETERS)).toThrow(new RangeError(message));
});
