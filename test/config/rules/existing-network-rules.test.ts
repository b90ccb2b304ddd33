import { describe, expect, it } from "@jest/globals";
import { type Edits, edit, refusal, refusalOf } from "../../helpers/whole-site";

/** What is changed in a sound site, and the problems that it makes (none: it is taken). */
const CASES: readonly (readonly [name: string, edits: Edits, ...problems: string[]])[] = [
  [
    "refuses availabilityZone: ap-northeast-3a",
    [["availabilityZone: ap-northeast-1c", "availabilityZone: ap-northeast-3a"]],
    'networks.aws.tokyo.subnets.private.availabilityZone: must be a zone of ap-northeast-1, got "ap-northeast-3a"; use for example ap-northeast-1a (line 38)',
  ],
  [
    "refuses no subnetId: subnet-0123456789abcdef0",
    [["subnetId: subnet-0123456789abcdef0", ""]],
    "networks.aws.old.subnets.old.subnetId: is required for an existing network; add the subnet's id as the cloud shows it (line 45)",
  ],
  [
    "refuses availabilityZone: ap-northeast-1c and subnetId: subnet-0123456789abcdef0",
    [["availabilityZone: ap-northeast-1c", "availabilityZone: ap-northeast-1c\nsubnetId: subnet-0123456789abcdef0"]],
    'networks.aws.tokyo.subnets.private.subnetId: must not be given for a network that is made here, got "subnet-0123456789abcdef0"; remove it, or add existing (line 39)',
  ],
  [
    "refuses no subnetName: default",
    [["subnetName: default", ""]],
    "networks.azure.kept.subnets.kept-default.subnetName: is required for an existing network; add the subnet's id as the cloud shows it (line 80)",
  ],
  [
    "refuses cidr: 10.20.2.0/24 and subnetName: default",
    [["cidr: 10.20.2.0/24", "cidr: 10.20.2.0/24\nsubnetName: default"]],
    'networks.azure.japan.subnets.azure-default.subnetName: must not be given for a network that is made here, got "default"; remove it, or add existing (line 75)',
  ],
  [
    "refuses cidr: 10.10.2.0/24 and subnetId: ocid1.subnet.oc1.ap-tokyo-1.aaaa",
    [["cidr: 10.10.2.0/24", "cidr: 10.10.2.0/24\nsubnetId: ocid1.subnet.oc1.ap-tokyo-1.aaaa"]],
    'networks.oracle.tokyo.subnets.oracle-default.subnetId: must not be given for a network that is made here, got "ocid1.subnet.oc1.ap-tokyo-1.aaaa"; remove it, or add existing (line 64)',
  ],
  [
    "refuses region: ap-tokyo-1 and existing: { vcnId: ocid1.vcn.oc1.nrt.aaaa, drgId: ocid1.drg.oc1.nrt …",
    [
      [
        "region: ap-tokyo-1",
        "region: ap-tokyo-1\nexisting: { vcnId: ocid1.vcn.oc1.nrt.aaaa, drgId: ocid1.drg.oc1.nrt.aaaa }",
      ],
    ],
    "networks.oracle.tokyo.subnets.oracle-default.subnetId: is required for an existing network; add the subnet's id as the cloud shows it (line 63)",
  ],
  [
    "refuses natGateway: private",
    [["natGateway: public", "natGateway: private"]],
    'networks.aws.tokyo.natGateway: must name a subnet of this network that has public: true, got "private"; name a public subnet (line 30)',
  ],
  [
    "refuses natGateway: other",
    [["natGateway: public", "natGateway: other"]],
    'networks.aws.tokyo.natGateway: must name a subnet of this network that has public: true, got "other"; name a public subnet (line 30)',
  ],
  [
    "refuses gateway: transit and natGateway: old",
    [["gateway: transit", "gateway: transit\nnatGateway: old"]],
    'networks.aws.old.natGateway: must not be given for an existing VPC, got "old"; remove it (line 44)',
  ],
  [
    "refuses gateway: vpn",
    [["gateway: transit", "gateway: vpn"]],
    'networks.aws.old.existing.transitGatewayId: must not be given where gateway is vpn, got "tgw-0123456789abcdef0"; remove it, or set gateway: transit (line 51)',
  ],
  [
    "refuses no transitGatewayId: tgw-0123456789abcdef0",
    [["transitGatewayId: tgw-0123456789abcdef0", ""]],
    "networks.aws.old.existing.transitGatewayId: is required where gateway is transit; name the Transit Gateway that the VPC is attached to (line 49)",
  ],
  [
    "refuses transitGatewayId: tgw-0123456789abcdef0 and vpnGatewayId: vgw-0123456789abcdef0",
    [
      [
        "transitGatewayId: tgw-0123456789abcdef0",
        "transitGatewayId: tgw-0123456789abcdef0\nvpnGatewayId: vgw-0123456789abcdef0",
      ],
    ],
    'networks.aws.old.existing.vpnGatewayId: must not be given where gateway is transit, got "vgw-0123456789abcdef0"; remove it, or set gateway: vpn (line 52)',
  ],
  [
    "takes gateway: vpn with vpnGatewayId: vgw-0123456789abcdef0",
    [
      ["gateway: transit", "gateway: vpn"],
      ["transitGatewayId: tgw-0123456789abcdef0", "vpnGatewayId: vgw-0123456789abcdef0"],
    ],
  ],
];

describe("existingNetworksAreComplete and zonesFit", () => {
  it.each(CASES)("%s", (_, edits, ...problems) => {
    expect(refusal(edit(edits))).toBe(refusalOf(problems));
  });
});
