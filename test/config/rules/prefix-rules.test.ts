import { describe, expect, it } from "@jest/globals";
import { type Edits, edit, refusal, refusalOf } from "../../helpers/whole-site";

/** What is changed in a sound site, and the problems that it makes (none: it is taken). */
const CASES: readonly (readonly [name: string, edits: Edits, ...problems: string[]])[] = [
  [
    "refuses - 10.0.2.0/24 and - 169.254.7.0/24",
    [["- 10.0.2.0/24", "- 10.0.2.0/24\n- 169.254.7.0/24"]],
    'controllers.tokyo.subnets.1: must not overlap 169.254.0.0/16, which has another meaning, got "169.254.7.0/24"; use for example 10.10.0.0/16 (line 14)',
  ],
  [
    "refuses - 10.0.2.0/24 and - 0.0.0.0/1",
    [["- 10.0.2.0/24", "- 10.0.2.0/24\n- 0.0.0.0/1"]],
    'controllers.tokyo.subnets.1: must not overlap 0.0.0.0/8, which has another meaning, got "0.0.0.0/1"; use for example 10.10.0.0/16 (line 14)',
    'networks.oracle.tokyo.cidr: must not overlap controllers.tokyo.subnets.1 (0.0.0.0/1), got "10.10.0.0/16"; give each network and site its own prefix (line 61)',
    'networks.azure.japan.cidr: must not overlap controllers.tokyo.subnets.1 (0.0.0.0/1), got "10.20.0.0/16"; give each network and site its own prefix (line 69)',
    'networks.azure.kept.cidr: must not overlap controllers.tokyo.subnets.1 (0.0.0.0/1), got "10.21.0.0/16"; give each network and site its own prefix (line 78)',
  ],
  [
    "refuses - 10.0.2.0/24 and - 127.0.1.0/24",
    [["- 10.0.2.0/24", "- 10.0.2.0/24\n- 127.0.1.0/24"]],
    'controllers.tokyo.subnets.1: must not overlap 127.0.0.0/8, which has another meaning, got "127.0.1.0/24"; use for example 10.10.0.0/16 (line 14)',
  ],
  [
    "refuses - 10.0.2.0/24 and - 239.0.0.0/8",
    [["- 10.0.2.0/24", "- 10.0.2.0/24\n- 239.0.0.0/8"]],
    'controllers.tokyo.subnets.1: must not overlap 224.0.0.0/3, which has another meaning, got "239.0.0.0/8"; use for example 10.10.0.0/16 (line 14)',
  ],
  [
    "takes - 10.0.2.0/24 and - 1.0.0.0/24 and - 126.255.0.0/16 and - 128.0.0.0/24 and - 169.253.255.0 …",
    [
      [
        "- 10.0.2.0/24",
        "- 10.0.2.0/24\n- 1.0.0.0/24\n- 126.255.0.0/16\n- 128.0.0.0/24\n- 169.253.255.0/24\n- 169.255.0.0/24\n- 223.255.255.0/24",
      ],
    ],
  ],
  [
    "refuses probe: 172.31.2.10",
    [["probe: 172.30.2.10", "probe: 172.31.2.10"]],
    'connections.tokyo-aws.probe: must be an address in aws/tokyo\'s 172.30.0.0/16, got "172.31.2.10"; use a host that answers ping (line 121)',
  ],
  ["takes probe: 172.30.255.255", [["probe: 172.30.2.10", "probe: 172.30.255.255"]]],
];

describe("prefixesAreUsable and probesLieInside", () => {
  it.each(CASES)("%s", (_, edits, ...problems) => {
    expect(refusal(edit(edits))).toBe(refusalOf(problems));
  });
});
