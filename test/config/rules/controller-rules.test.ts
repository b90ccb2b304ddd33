import { describe, expect, it } from "@jest/globals";
import { type Edits, edit, refusal, refusalOf } from "../../helpers/whole-site";

/** What is changed in a sound site, and the problems that it makes (none: it is taken). */
const CASES: readonly (readonly [name: string, edits: Edits, ...problems: string[]])[] = [
  [
    "refuses - 10.0.2.0/24 and - 10.0.2.0/24",
    [["- 10.0.2.0/24", "- 10.0.2.0/24\n- 10.0.2.0/24"]],
    'controllers.tokyo.subnets.1: must not be there twice, got "10.0.2.0/24"; remove one (line 14)',
  ],
  [
    "refuses behindNat: false",
    [["behindNat: true", "behindNat: false"]],
    "controllers.tokyo.behindNat: must be true where publicIp and privateIp differ, got false; remove it, or correct the addresses (line 15)",
  ],
  [
    "refuses publicIp: 0.1.2.3",
    [["publicIp: 198.51.100.10", "publicIp: 0.1.2.3"]],
    'controllers.tokyo.publicIp: must be a public address, got "0.1.2.3"; use the address that the clouds see (line 10)',
  ],
  [
    "refuses publicIp: 10.0.0.1",
    [["publicIp: 198.51.100.10", "publicIp: 10.0.0.1"]],
    'controllers.tokyo.publicIp: must be a public address, got "10.0.0.1"; use the address that the clouds see (line 10)',
  ],
  [
    "refuses publicIp: 100.64.0.1",
    [["publicIp: 198.51.100.10", "publicIp: 100.64.0.1"]],
    'controllers.tokyo.publicIp: must be a public address, got "100.64.0.1"; use the address that the clouds see (line 10)',
  ],
  [
    "refuses publicIp: 100.127.255.255",
    [["publicIp: 198.51.100.10", "publicIp: 100.127.255.255"]],
    'controllers.tokyo.publicIp: must be a public address, got "100.127.255.255"; use the address that the clouds see (line 10)',
  ],
  [
    "refuses publicIp: 127.0.0.1",
    [["publicIp: 198.51.100.10", "publicIp: 127.0.0.1"]],
    'controllers.tokyo.publicIp: must be a public address, got "127.0.0.1"; use the address that the clouds see (line 10)',
  ],
  [
    "refuses publicIp: 169.254.1.1",
    [["publicIp: 198.51.100.10", "publicIp: 169.254.1.1"]],
    'controllers.tokyo.publicIp: must be a public address, got "169.254.1.1"; use the address that the clouds see (line 10)',
  ],
  [
    "refuses publicIp: 172.16.0.1",
    [["publicIp: 198.51.100.10", "publicIp: 172.16.0.1"]],
    'controllers.tokyo.publicIp: must be a public address, got "172.16.0.1"; use the address that the clouds see (line 10)',
  ],
  [
    "refuses publicIp: 172.31.255.255",
    [["publicIp: 198.51.100.10", "publicIp: 172.31.255.255"]],
    'controllers.tokyo.publicIp: must be a public address, got "172.31.255.255"; use the address that the clouds see (line 10)',
  ],
  [
    "refuses publicIp: 192.0.0.1",
    [["publicIp: 198.51.100.10", "publicIp: 192.0.0.1"]],
    'controllers.tokyo.publicIp: must be a public address, got "192.0.0.1"; use the address that the clouds see (line 10)',
  ],
  [
    "refuses publicIp: 192.168.1.1",
    [["publicIp: 198.51.100.10", "publicIp: 192.168.1.1"]],
    'controllers.tokyo.publicIp: must be a public address, got "192.168.1.1"; use the address that the clouds see (line 10)',
  ],
  [
    "refuses publicIp: 198.18.0.1",
    [["publicIp: 198.51.100.10", "publicIp: 198.18.0.1"]],
    'controllers.tokyo.publicIp: must be a public address, got "198.18.0.1"; use the address that the clouds see (line 10)',
  ],
  [
    "refuses publicIp: 198.19.255.255",
    [["publicIp: 198.51.100.10", "publicIp: 198.19.255.255"]],
    'controllers.tokyo.publicIp: must be a public address, got "198.19.255.255"; use the address that the clouds see (line 10)',
  ],
  [
    "refuses publicIp: 224.0.0.1",
    [["publicIp: 198.51.100.10", "publicIp: 224.0.0.1"]],
    'controllers.tokyo.publicIp: must be a public address, got "224.0.0.1"; use the address that the clouds see (line 10)',
  ],
  [
    "refuses publicIp: 255.255.255.255",
    [["publicIp: 198.51.100.10", "publicIp: 255.255.255.255"]],
    'controllers.tokyo.publicIp: must be a public address, got "255.255.255.255"; use the address that the clouds see (line 10)',
  ],
  ["takes publicIp: 1.0.0.1", [["publicIp: 198.51.100.10", "publicIp: 1.0.0.1"]]],
  ["takes publicIp: 9.255.255.255", [["publicIp: 198.51.100.10", "publicIp: 9.255.255.255"]]],
  ["takes publicIp: 11.0.0.1", [["publicIp: 198.51.100.10", "publicIp: 11.0.0.1"]]],
  ["takes publicIp: 100.63.255.255", [["publicIp: 198.51.100.10", "publicIp: 100.63.255.255"]]],
  ["takes publicIp: 100.128.0.0", [["publicIp: 198.51.100.10", "publicIp: 100.128.0.0"]]],
  ["takes publicIp: 172.15.255.255", [["publicIp: 198.51.100.10", "publicIp: 172.15.255.255"]]],
  ["takes publicIp: 172.32.0.0", [["publicIp: 198.51.100.10", "publicIp: 172.32.0.0"]]],
  ["takes publicIp: 192.0.1.0", [["publicIp: 198.51.100.10", "publicIp: 192.0.1.0"]]],
  ["takes publicIp: 192.167.255.255", [["publicIp: 198.51.100.10", "publicIp: 192.167.255.255"]]],
  ["takes publicIp: 198.20.0.1", [["publicIp: 198.51.100.10", "publicIp: 198.20.0.1"]]],
  ["takes publicIp: 223.255.255.255", [["publicIp: 198.51.100.10", "publicIp: 223.255.255.255"]]],
  [
    "refuses privateIp: 127.0.0.1",
    [["privateIp: 10.0.2.15", "privateIp: 127.0.0.1"]],
    'controllers.tokyo.privateIp: must be an address that a host can have, got "127.0.0.1"; use the address of the interface that leads to the Internet (line 11)',
  ],
  [
    "refuses privateIp: 0.0.0.0",
    [["privateIp: 10.0.2.15", "privateIp: 0.0.0.0"]],
    'controllers.tokyo.privateIp: must be an address that a host can have, got "0.0.0.0"; use the address of the interface that leads to the Internet (line 11)',
  ],
  [
    "refuses privateIp: 169.254.1.1",
    [["privateIp: 10.0.2.15", "privateIp: 169.254.1.1"]],
    'controllers.tokyo.privateIp: must be an address that a host can have, got "169.254.1.1"; use the address of the interface that leads to the Internet (line 11)',
  ],
  [
    "refuses privateIp: 224.0.0.5",
    [["privateIp: 10.0.2.15", "privateIp: 224.0.0.5"]],
    'controllers.tokyo.privateIp: must be an address that a host can have, got "224.0.0.5"; use the address of the interface that leads to the Internet (line 11)',
  ],
];

describe("controllersFit", () => {
  it.each(CASES)("%s", (_, edits, ...problems) => {
    expect(refusal(edit(edits))).toBe(refusalOf(problems));
  });
});
