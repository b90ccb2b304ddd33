import { PROPOSALS, type Proposal } from "../../../config/proposals";
import { toAwsProposal } from "../../../modules/aws/aws-proposal";

const CBC: Proposal = {
  ike: { encryption: "aes256-cbc", integrity: "sha2-256", dhGroup: 14 },
  esp: { encryption: "aes256-cbc", integrity: "sha2-256", pfsGroup: 14 },
};

test.each<[string, readonly Proposal[], ReturnType<typeof toAwsProposal>]>([
  [
    "GCM leaves phase 2's integrity out and keeps phase 1's as the PRF",
    PROPOSALS.aws,
    {
      phase1EncryptionAlgorithms: ["AES256-GCM-16"],
      phase1IntegrityAlgorithms: ["SHA2-384"],
      phase1DhGroupNumbers: [20],
      phase2EncryptionAlgorithms: ["AES256-GCM-16"],
      phase2IntegrityAlgorithms: undefined,
      phase2DhGroupNumbers: [20],
    },
  ],
  [
    "CBC has integrity in both phases",
    [CBC],
    {
      phase1EncryptionAlgorithms: ["AES256"],
      phase1IntegrityAlgorithms: ["SHA2-256"],
      phase1DhGroupNumbers: [14],
      phase2EncryptionAlgorithms: ["AES256"],
      phase2IntegrityAlgorithms: ["SHA2-256"],
      phase2DhGroupNumbers: [14],
    },
  ],
  [
    "two proposals name each value once",
    [CBC, CBC],
    {
      phase1EncryptionAlgorithms: ["AES256"],
      phase1IntegrityAlgorithms: ["SHA2-256"],
      phase1DhGroupNumbers: [14],
      phase2EncryptionAlgorithms: ["AES256"],
      phase2IntegrityAlgorithms: ["SHA2-256"],
      phase2DhGroupNumbers: [14],
    },
  ],
])("%s", (_, proposals, expected) => {
  expect(toAwsProposal(proposals)).toEqual(expected);
});
