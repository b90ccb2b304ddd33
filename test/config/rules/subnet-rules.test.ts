import { describe, expect, it } from "@jest/globals";
import { type Edits, edit, refusal, refusalOf } from "../../helpers/whole-site";

/** What is changed in a sound site, and the problems that it makes (none: it is taken). */
const CASES: readonly (readonly [name: string, edits: Edits, ...problems: string[]])[] = [
  [
    "refuses a subnet of Azure's own name",
    [["azure-default:", "azurebastionsubnet:"]],
    'networks.azure.japan.subnets.azurebastionsubnet: must not be a name that Azure keeps for itself, got "azurebastionsubnet"; use another name (line 73)',
  ],
  [
    "refuses cidr: 172.30.0.0/15",
    [["cidr: 172.30.0.0/16", "cidr: 172.30.0.0/15"]],
    'networks.aws.tokyo.cidr: must be from /16 to /28 on this cloud, got "172.30.0.0/15"; use another prefix length (line 27)',
  ],
  [
    "takes cidr: 172.29.1.0/28 with cidr: 172.29.1.0/28",
    [
      ["cidr: 172.29.0.0/16", "cidr: 172.29.1.0/28"],
      ["cidr: 172.29.1.0/24", "cidr: 172.29.1.0/28"],
    ],
  ],
  [
    "refuses cidr: 172.29.1.0/29 with cidr: 172.29.1.0/29",
    [
      ["cidr: 172.29.0.0/16", "cidr: 172.29.1.0/29"],
      ["cidr: 172.29.1.0/24", "cidr: 172.29.1.0/29"],
    ],
    'networks.aws.old.cidr: must be from /16 to /28 on this cloud, got "172.29.1.0/29"; use another prefix length (line 41)',
    'networks.aws.old.subnets.old.cidr: must be /28 or larger, got "172.29.1.0/29"; use a /28 (line 46)',
  ],
  [
    "refuses cidr: 10.10.0.0/15",
    [["cidr: 10.10.0.0/16", "cidr: 10.10.0.0/15"]],
    'networks.oracle.tokyo.cidr: must be from /16 to /30 on this cloud, got "10.10.0.0/15"; use another prefix length (line 60)',
  ],
  [
    "takes cidr: 10.10.2.0/30 with cidr: 10.10.2.0/30",
    [
      ["cidr: 10.10.0.0/16", "cidr: 10.10.2.0/30"],
      ["cidr: 10.10.2.0/24", "cidr: 10.10.2.0/30"],
    ],
  ],
  [
    "refuses cidr: 10.10.2.0/31 with cidr: 10.10.2.0/31",
    [
      ["cidr: 10.10.0.0/16", "cidr: 10.10.2.0/31"],
      ["cidr: 10.10.2.0/24", "cidr: 10.10.2.0/31"],
    ],
    'networks.oracle.tokyo.cidr: must be from /16 to /30 on this cloud, got "10.10.2.0/31"; use another prefix length (line 60)',
    'networks.oracle.tokyo.subnets.oracle-default.cidr: must be /30 or larger, got "10.10.2.0/31"; use a /30 (line 63)',
  ],
  [
    "takes cidr: 20.0.0.0/8 with cidr: 20.0.2.0/24 with probe: 20.0.2.4",
    [
      ["cidr: 10.21.0.0/16", "cidr: 20.0.0.0/8"],
      ["cidr: 10.21.2.0/24", "cidr: 20.0.2.0/24"],
      ["probe: 10.21.2.4", "probe: 20.0.2.4"],
    ],
  ],
  [
    "refuses cidr: 20.0.0.0/7 with cidr: 20.0.2.0/24 with probe: 20.0.2.4",
    [
      ["cidr: 10.21.0.0/16", "cidr: 20.0.0.0/7"],
      ["cidr: 10.21.2.0/24", "cidr: 20.0.2.0/24"],
      ["probe: 10.21.2.4", "probe: 20.0.2.4"],
    ],
    'networks.azure.kept.cidr: must be from /8 to /29 on this cloud, got "20.0.0.0/7"; use another prefix length (line 77)',
  ],
  ["takes cidr: 10.21.2.0/29", [["cidr: 10.21.2.0/24", "cidr: 10.21.2.0/29"]]],
  [
    "refuses cidr: 10.21.2.0/30",
    [["cidr: 10.21.2.0/24", "cidr: 10.21.2.0/30"]],
    'networks.azure.kept.subnets.kept-default.cidr: must be /29 or larger, got "10.21.2.0/30"; use a /29 (line 81)',
  ],
  [
    "refuses gatewaySubnet: 10.20.255.0/28",
    [["gatewaySubnet: 10.20.255.0/27", "gatewaySubnet: 10.20.255.0/28"]],
    'networks.azure.japan.gatewaySubnet: must be /27 or larger, got "10.20.255.0/28"; use a /27 (line 69)',
  ],
  [
    "refuses gatewaySubnet: 10.19.255.0/27",
    [["gatewaySubnet: 10.20.255.0/27", "gatewaySubnet: 10.19.255.0/27"]],
    'networks.azure.japan.gatewaySubnet: must lie inside the network\'s 10.20.0.0/16, got "10.19.255.0/27"; use a part of it (line 69)',
  ],
  [
    "refuses gatewaySubnet: 10.20.2.32/27",
    [["gatewaySubnet: 10.20.255.0/27", "gatewaySubnet: 10.20.2.32/27"]],
    'networks.azure.japan.gatewaySubnet: must not overlap networks.azure.japan.subnets.azure-default.cidr (10.20.2.0/24), got "10.20.2.32/27"; use another part of the network (line 69)',
  ],
  [
    "refuses no gatewaySubnet: 10.20.255.0/27",
    [["gatewaySubnet: 10.20.255.0/27", ""]],
    "networks.azure.japan.gatewaySubnet: is required; add a /27 of the network's prefix (line 66)",
  ],
  [
    "refuses location: japanwest and gatewaySubnet: 10.21.255.0/27",
    [["location: japanwest", "location: japanwest\ngatewaySubnet: 10.21.255.0/27"]],
    'networks.azure.kept.gatewaySubnet: must not be given for an existing VNet, got "10.21.255.0/27"; remove it (line 77)',
  ],
  [
    "refuses cidr: 172.31.2.0/24",
    [["cidr: 172.30.2.0/24", "cidr: 172.31.2.0/24"]],
    'networks.aws.tokyo.subnets.private.cidr: must lie inside the network\'s 172.30.0.0/16, got "172.31.2.0/24"; use a part of it (line 37)',
  ],
  [
    "refuses cidr: 172.30.0.0/23",
    [["cidr: 172.30.2.0/24", "cidr: 172.30.0.0/23"]],
    'networks.aws.tokyo.subnets.public.cidr: must not overlap networks.aws.tokyo.subnets.private.cidr (172.30.0.0/23), got "172.30.1.0/24"; use another part of the network (line 33)',
  ],
  [
    "refuses cidr: 172.30.1.0/24",
    [["cidr: 172.30.2.0/24", "cidr: 172.30.1.0/24"]],
    'networks.aws.tokyo.subnets.private.cidr: must not overlap networks.aws.tokyo.subnets.public.cidr (172.30.1.0/24), got "172.30.1.0/24"; use another part of the network (line 37)',
  ],
];

describe("networkSizesFit and subnetsLieInside", () => {
  it.each(CASES)("%s", (_, edits, ...problems) => {
    expect(refusal(edit(edits))).toBe(refusalOf(problems));
  });
});
