import { describe, expect, it } from "@jest/globals";
import { type Edits, edit, refusal, refusalOf } from "../../helpers/whole-site";

/** What is changed in a sound site, and the problems that it makes (none: it is taken). */
const CASES: readonly (readonly [name: string, edits: Edits, ...problems: string[]])[] = [
  [
    "refuses insideCidr: 169.254.64.0/29",
    [["insideCidr: 169.254.64.0/30", "insideCidr: 169.254.64.0/29"]],
    'connections.tokyo-aws.tunnels.1.insideCidr: must be a /30 inside 169.254.0.0/16, got "169.254.64.0/29"; use for example 169.254.64.0/30 (line 124)',
  ],
  [
    "refuses insideCidr: 169.254.64.0/31",
    [["insideCidr: 169.254.64.0/30", "insideCidr: 169.254.64.0/31"]],
    'connections.tokyo-aws.tunnels.1.insideCidr: must be a /30 inside 169.254.0.0/16, got "169.254.64.0/31"; use for example 169.254.64.0/30 (line 124)',
  ],
  [
    "refuses insideCidr: 10.0.9.0/30",
    [["insideCidr: 169.254.64.0/30", "insideCidr: 10.0.9.0/30"]],
    'connections.tokyo-aws.tunnels.1.insideCidr: must be a /30 inside 169.254.0.0/16, got "10.0.9.0/30"; use for example 169.254.64.0/30 (line 124)',
  ],
  ["takes insideCidr: 169.254.0.4/30", [["insideCidr: 169.254.64.0/30", "insideCidr: 169.254.0.4/30"]]],
  ["takes insideCidr: 169.254.255.252/30", [["insideCidr: 169.254.64.0/30", "insideCidr: 169.254.255.252/30"]]],
  [
    "refuses insideCidr: 169.254.0.0/30",
    [["insideCidr: 169.254.64.0/30", "insideCidr: 169.254.0.0/30"]],
    'connections.tokyo-aws.tunnels.1.insideCidr: must not be reserved by AWS, got "169.254.0.0/30"; use for example 169.254.64.0/30 (line 124)',
  ],
  [
    "refuses insideCidr: 169.254.1.0/30",
    [["insideCidr: 169.254.64.0/30", "insideCidr: 169.254.1.0/30"]],
    'connections.tokyo-aws.tunnels.1.insideCidr: must not be reserved by AWS, got "169.254.1.0/30"; use for example 169.254.64.0/30 (line 124)',
  ],
  [
    "refuses insideCidr: 169.254.2.0/30",
    [["insideCidr: 169.254.64.0/30", "insideCidr: 169.254.2.0/30"]],
    'connections.tokyo-aws.tunnels.1.insideCidr: must not be reserved by AWS, got "169.254.2.0/30"; use for example 169.254.64.0/30 (line 124)',
  ],
  [
    "refuses insideCidr: 169.254.3.0/30",
    [["insideCidr: 169.254.64.0/30", "insideCidr: 169.254.3.0/30"]],
    'connections.tokyo-aws.tunnels.1.insideCidr: must not be reserved by AWS, got "169.254.3.0/30"; use for example 169.254.64.0/30 (line 124)',
  ],
  [
    "refuses insideCidr: 169.254.4.0/30",
    [["insideCidr: 169.254.64.0/30", "insideCidr: 169.254.4.0/30"]],
    'connections.tokyo-aws.tunnels.1.insideCidr: must not be reserved by AWS, got "169.254.4.0/30"; use for example 169.254.64.0/30 (line 124)',
  ],
  [
    "refuses insideCidr: 169.254.5.0/30",
    [["insideCidr: 169.254.64.0/30", "insideCidr: 169.254.5.0/30"]],
    'connections.tokyo-aws.tunnels.1.insideCidr: must not be reserved by AWS, got "169.254.5.0/30"; use for example 169.254.64.0/30 (line 124)',
  ],
  [
    "refuses insideCidr: 169.254.169.252/30",
    [["insideCidr: 169.254.64.0/30", "insideCidr: 169.254.169.252/30"]],
    'connections.tokyo-aws.tunnels.1.insideCidr: must not be reserved by AWS, got "169.254.169.252/30"; use for example 169.254.64.0/30 (line 124)',
  ],
  ["takes insideCidr: 169.254.9.252/30", [["insideCidr: 169.254.65.0/30", "insideCidr: 169.254.9.252/30"]]],
  [
    "refuses insideCidr: 169.254.10.0/30",
    [["insideCidr: 169.254.65.0/30", "insideCidr: 169.254.10.0/30"]],
    'connections.tokyo-oracle.tunnels.1.insideCidr: must not be reserved by OCI (169.254.10-19, 100-109, 192-201), got "169.254.10.0/30"; use for example 169.254.64.0/30 (line 144)',
  ],
  [
    "refuses insideCidr: 169.254.19.252/30",
    [["insideCidr: 169.254.65.0/30", "insideCidr: 169.254.19.252/30"]],
    'connections.tokyo-oracle.tunnels.1.insideCidr: must not be reserved by OCI (169.254.10-19, 100-109, 192-201), got "169.254.19.252/30"; use for example 169.254.64.0/30 (line 144)',
  ],
  ["takes insideCidr: 169.254.20.0/30", [["insideCidr: 169.254.65.0/30", "insideCidr: 169.254.20.0/30"]]],
  ["takes insideCidr: 169.254.99.252/30", [["insideCidr: 169.254.65.0/30", "insideCidr: 169.254.99.252/30"]]],
  [
    "refuses insideCidr: 169.254.100.0/30",
    [["insideCidr: 169.254.65.0/30", "insideCidr: 169.254.100.0/30"]],
    'connections.tokyo-oracle.tunnels.1.insideCidr: must not be reserved by OCI (169.254.10-19, 100-109, 192-201), got "169.254.100.0/30"; use for example 169.254.64.0/30 (line 144)',
  ],
  [
    "refuses insideCidr: 169.254.109.252/30",
    [["insideCidr: 169.254.65.0/30", "insideCidr: 169.254.109.252/30"]],
    'connections.tokyo-oracle.tunnels.1.insideCidr: must not be reserved by OCI (169.254.10-19, 100-109, 192-201), got "169.254.109.252/30"; use for example 169.254.64.0/30 (line 144)',
  ],
  ["takes insideCidr: 169.254.110.0/30", [["insideCidr: 169.254.65.0/30", "insideCidr: 169.254.110.0/30"]]],
  ["takes insideCidr: 169.254.191.252/30", [["insideCidr: 169.254.65.0/30", "insideCidr: 169.254.191.252/30"]]],
  [
    "refuses insideCidr: 169.254.192.0/30",
    [["insideCidr: 169.254.65.0/30", "insideCidr: 169.254.192.0/30"]],
    'connections.tokyo-oracle.tunnels.1.insideCidr: must not be reserved by OCI (169.254.10-19, 100-109, 192-201), got "169.254.192.0/30"; use for example 169.254.64.0/30 (line 144)',
  ],
  [
    "refuses insideCidr: 169.254.201.252/30",
    [["insideCidr: 169.254.65.0/30", "insideCidr: 169.254.201.252/30"]],
    'connections.tokyo-oracle.tunnels.1.insideCidr: must not be reserved by OCI (169.254.10-19, 100-109, 192-201), got "169.254.201.252/30"; use for example 169.254.64.0/30 (line 144)',
  ],
  ["takes insideCidr: 169.254.202.0/30", [["insideCidr: 169.254.65.0/30", "insideCidr: 169.254.202.0/30"]]],
  [
    "refuses insideCidr: 169.254.20.252/30",
    [["insideCidr: 169.254.21.0/30", "insideCidr: 169.254.20.252/30"]],
    'connections.tokyo-azure.tunnels.1.insideCidr: must lie in Azure\'s range 169.254.21.0 to 169.254.22.255, got "169.254.20.252/30"; use for example 169.254.21.0/30 (line 153)',
  ],
  ["takes insideCidr: 169.254.21.16/30", [["insideCidr: 169.254.21.0/30", "insideCidr: 169.254.21.16/30"]]],
  ["takes insideCidr: 169.254.22.252/30", [["insideCidr: 169.254.21.0/30", "insideCidr: 169.254.22.252/30"]]],
  [
    "refuses insideCidr: 169.254.23.0/30",
    [["insideCidr: 169.254.21.0/30", "insideCidr: 169.254.23.0/30"]],
    'connections.tokyo-azure.tunnels.1.insideCidr: must lie in Azure\'s range 169.254.21.0 to 169.254.22.255, got "169.254.23.0/30"; use for example 169.254.21.0/30 (line 153)',
  ],
  [
    "refuses insideCidr: 169.254.64.0/30",
    [["insideCidr: 169.254.64.4/30", "insideCidr: 169.254.64.0/30"]],
    'connections.tokyo-aws.tunnels.2.insideCidr: must be unique on a controller and on a cloud\'s gateway, and connections.tokyo-aws.tunnels.1.insideCidr has it too, got "169.254.64.0/30"; write insideCidr: 169.254.32.0/30 on the newer of the two (line 128)',
  ],
  [
    "refuses insideCidr: 169.254.64.4/30",
    [["insideCidr: 169.254.64.8/30", "insideCidr: 169.254.64.4/30"]],
    'connections.tokyo-old.tunnels.1.insideCidr: must be unique on a controller and on a cloud\'s gateway, and connections.tokyo-aws.tunnels.2.insideCidr has it too, got "169.254.64.4/30"; write insideCidr: 169.254.32.0/30 on the newer of the two (line 135)',
  ],
];

describe("insideCidrsFit", () => {
  it.each(CASES)("%s", (_, edits, ...problems) => {
    expect(refusal(edit(edits))).toBe(refusalOf(problems));
  });
});
