import { describe, expect, it } from "@jest/globals";
import { type Edits, edit, refusal, refusalOf } from "../../helpers/whole-site";

/** What is changed in a sound site, and the problems that it makes (none: it is taken). */
const CASES: readonly (readonly [name: string, edits: Edits, ...problems: string[]])[] = [
  [
    "refuses - 172.23.1.250-172.23.2.3",
    [["- 172.23.1.2-172.23.1.6", "- 172.23.1.250-172.23.2.3"]],
    'networks.sakura.isk.subnets.switch.addressPool.0: must be hosts\' addresses in 172.23.1.0/24, got "172.23.1.250-172.23.2.3"; use free addresses of the switch (line 100)',
  ],
  [
    "refuses - 172.23.1.1-172.23.1.6",
    [["- 172.23.1.2-172.23.1.6", "- 172.23.1.1-172.23.1.6"]],
    'networks.sakura.isk.subnets.switch.addressPool.0: must not hold the gateway\'s address, got "172.23.1.1-172.23.1.6"; use free addresses of the switch (line 100)',
  ],
  [
    "refuses - 172.23.1.0",
    [["- 172.23.1.2-172.23.1.6", "- 172.23.1.0"]],
    'networks.sakura.isk.subnets.switch.addressPool.0: must be hosts\' addresses in 172.23.1.0/24, got "172.23.1.0"; use free addresses of the switch (line 100)',
  ],
  [
    "refuses - 172.23.1.255",
    [["- 172.23.1.2-172.23.1.6", "- 172.23.1.255"]],
    'networks.sakura.isk.subnets.switch.addressPool.0: must be hosts\' addresses in 172.23.1.0/24, got "172.23.1.255"; use free addresses of the switch (line 100)',
  ],
  ["takes - 172.23.1.2-172.23.1.254", [["- 172.23.1.2-172.23.1.6", "- 172.23.1.2-172.23.1.254"]]],
  [
    "refuses - 172.23.1.2-172.23.1.6 and - 172.23.1.6",
    [["- 172.23.1.2-172.23.1.6", "- 172.23.1.2-172.23.1.6\n- 172.23.1.6"]],
    'networks.sakura.isk.subnets.switch.addressPool.1: must not hold an address twice, got "172.23.1.6"; use free addresses of the switch (line 101)',
  ],
  [
    "refuses gatewayIp: 172.23.2.1",
    [["gatewayIp: 172.23.1.1", "gatewayIp: 172.23.2.1"]],
    "networks.sakura.isk.subnets.switch.gatewayIp: must be a host's address in 172.23.1.0/24, got \"172.23.2.1\"; use the router's address on the switch (line 98)",
  ],
  [
    "refuses gatewayIp: 172.23.1.0",
    [["gatewayIp: 172.23.1.1", "gatewayIp: 172.23.1.0"]],
    "networks.sakura.isk.subnets.switch.gatewayIp: must be a host's address in 172.23.1.0/24, got \"172.23.1.0\"; use the router's address on the switch (line 98)",
  ],
  [
    "refuses private_network_ipmask: 192.168.40.0/24",
    [["os_network_name: vcp-net", "private_network_ipmask: 192.168.40.0/24"]],
    "networks.openstack.campus.subnets.own-openstack.values.private_network_ipmask: must not be given here; use the subnet's cidr (line 107)",
  ],
];

describe("sakuraPoolsFit and catalogValuesFit", () => {
  it.each(CASES)("%s", (_, edits, ...problems) => {
    expect(refusal(edit(edits))).toBe(refusalOf(problems));
  });
});
