import { describe, expect, it } from "@jest/globals";
import { type Edits, edit, refusal, refusalOf } from "../../helpers/whole-site";

/** What is changed in a sound site, and the problems that it makes (none: it is taken). */
const CASES: readonly (readonly [name: string, edits: Edits, ...problems: string[]])[] = [
  [
    "a cloud network around a controller's LAN",
    [
      ["cidr: 10.10.0.0/16", "cidr: 10.0.0.0/16"],
      ["cidr: 10.10.2.0/24", "cidr: 10.0.7.0/24"],
    ],
    'controllers.tokyo.privateIp: must not lie in networks.oracle.tokyo.cidr (10.0.0.0/16), got "10.0.2.15"; a controller can\'t stand in a prefix that is reached through it; correct one of the two (line 11)',
    'controllers.tokyo.subnets.0: must not overlap networks.oracle.tokyo.cidr (10.0.0.0/16), got "10.0.2.0/24"; give each network and site its own prefix (line 13)',
    'networks.onpremises.room.subnets.machines.cidr: must not overlap networks.oracle.tokyo.cidr (10.0.0.0/16), got "10.0.2.128/25"; give each network and site its own prefix (line 112)',
  ],
  [
    "two networks with one prefix",
    [
      ["cidr: 10.21.0.0/16", "cidr: 10.20.0.0/16"],
      ["cidr: 10.21.2.0/24", "cidr: 10.20.2.0/25"],
      ["probe: 10.21.2.4", "probe: 10.20.2.4"],
    ],
    'networks.azure.kept.cidr: must not overlap networks.azure.japan.cidr (10.20.0.0/16), got "10.20.0.0/16"; give each network and site its own prefix (line 77)',
  ],
  [
    "a network inside another",
    [
      ["cidr: 10.21.0.0/16", "cidr: 10.20.128.0/17"],
      ["cidr: 10.21.2.0/24", "cidr: 10.20.128.0/24"],
      ["probe: 10.21.2.4", "probe: 10.20.128.4"],
    ],
    'networks.azure.kept.cidr: must not overlap networks.azure.japan.cidr (10.20.0.0/16), got "10.20.128.0/17"; give each network and site its own prefix (line 77)',
  ],
  [
    "a switch inside a VPC",
    [
      ["cidr: 172.23.1.0/24", "cidr: 172.30.9.0/24"],
      ["gatewayIp: 172.23.1.1", "gatewayIp: 172.30.9.1"],
      ["- 172.23.1.2-172.23.1.6", "- 172.30.9.2"],
    ],
    'networks.sakura.isk.subnets.switch.cidr: must not overlap networks.aws.tokyo.cidr (172.30.0.0/16), got "172.30.9.0/24"; give each network and site its own prefix (line 96)',
  ],
  [
    "a switch on a controller's LAN",
    [
      ["cidr: 172.23.1.0/24", "cidr: 10.0.2.0/28"],
      ["gatewayIp: 172.23.1.1", "gatewayIp: 10.0.2.1"],
      ["- 172.23.1.2-172.23.1.6", "- 10.0.2.2"],
      ["cidr: 10.0.2.128/25", "cidr: 10.0.2.128/26"],
    ],
  ],
  [
    "two catalog networks that overlap",
    [["cidr: 192.168.40.0/24", "cidr: 10.0.2.192/26"]],
    'networks.openstack.campus.subnets.own-openstack.cidr: must not overlap networks.onpremises.room.subnets.machines.cidr (10.0.2.128/25), got "10.0.2.192/26"; give each network and site its own prefix (line 105)',
  ],
  [
    "a catalog network around a controller's LAN",
    [["cidr: 10.0.2.128/25", "cidr: 10.0.0.0/22"]],
    'controllers.tokyo.subnets.0: must not overlap networks.onpremises.room.subnets.machines.cidr (10.0.0.0/22), got "10.0.2.0/24"; give each network and site its own prefix (line 13)',
  ],
  ["a catalog network beside a controller's LAN", [["cidr: 10.0.2.128/25", "cidr: 10.0.3.0/24"]]],
  [
    "a controller's private address inside a VPC",
    [["privateIp: 10.0.2.15", "privateIp: 172.30.0.9"]],
    'controllers.tokyo.privateIp: must not lie in networks.aws.tokyo.cidr (172.30.0.0/16), got "172.30.0.9"; a controller can\'t stand in a prefix that is reached through it; correct one of the two (line 11)',
  ],
  [
    "a controller's public address inside a VNet",
    [
      ["cidr: 10.21.0.0/16", "cidr: 198.51.0.0/16"],
      ["cidr: 10.21.2.0/24", "cidr: 198.51.2.0/24"],
      ["probe: 10.21.2.4", "probe: 198.51.2.4"],
    ],
    'controllers.tokyo.publicIp: must not lie in networks.azure.kept.cidr (198.51.0.0/16), got "198.51.100.10"; a controller can\'t stand in a prefix that is reached through it; correct one of the two (line 10)',
  ],
];

describe("prefixesDoNotOverlap", () => {
  it.each(CASES)("%s", (_, edits, ...problems) => {
    expect(refusal(edit(edits))).toBe(refusalOf(problems));
  });
});
