import { describe, expect, it } from "@jest/globals";
import { type Edits, edit, refusal, refusalOf } from "../../helpers/whole-site";

/** What is changed in a sound site, and the problems that it makes (none: it is taken). */
const CASES: readonly (readonly [name: string, edits: Edits, ...problems: string[]])[] = [
  [
    "refuses network: aws/odl",
    [["network: aws/old", "network: aws/odl"]],
    'connections.tokyo-old.network: must name a network of this file, got "aws/odl"; did you mean aws/old? (line 131)',
  ],
  [
    "refuses network: oracle/old",
    [["network: aws/old", "network: oracle/old"]],
    'connections.tokyo-old.network: must name a network of this file, got "oracle/old"; known are aws/tokyo, aws/old, oracle/tokyo, azure/japan, azure/kept (line 131)',
  ],
  [
    "refuses network: aws/tokyo",
    [["network: aws/old", "network: aws/tokyo"]],
    "networks.aws.old: must be named by a connection; add a connection or remove it (line 39)",
    "connections.tokyo-old: must not join tokyo and aws/tokyo, as connections.tokyo-aws does; remove one: a connection has two tunnels already (line 129)",
  ],
  [
    "refuses mode: policy-based",
    [["mode: route-based", "mode: policy-based"]],
    'connections.tokyo-aws.mode: must be route-based with BGP, got "policy-based"; use mode: route-based (line 119)',
  ],
  [
    "refuses balance: active-active",
    [["balance: active-standby", "balance: active-active"]],
    'connections.tokyo-aws.balance: must be active-standby on AWS without a Transit Gateway and BGP, got "active-active"; use balance: active-standby, or gateway: transit in networks.aws.tokyo (line 120)',
  ],
  [
    "refuses network: aws/old and balance: active-active",
    [["network: aws/old", "network: aws/old\nbalance: active-active"]],
    'connections.tokyo-old.balance: must be active-standby on AWS without a Transit Gateway and BGP, got "active-active"; use balance: active-standby, or gateway: transit in networks.aws.old (line 132)',
  ],
  [
    "takes network: oracle/tokyo and balance: active-active",
    [["network: oracle/tokyo", "network: oracle/tokyo\nbalance: active-active"]],
  ],
  [
    "refuses insideCidr: 169.254.21.0/30 and psk: env:A",
    [["insideCidr: 169.254.21.0/30", "insideCidr: 169.254.21.0/30\npsk: env:A"]],
    "connections.tokyo-azure.tunnels.1.psk: must be the same for both tunnels: Azure has one shared key for both; name the same env:NAME for tunnels 1 and 2 (line 154)",
  ],
  [
    "refuses insideCidr: 169.254.21.0/30 and psk: env:A with insideCidr: 169.254.21.4/30 and psk: env:B",
    [
      ["insideCidr: 169.254.21.0/30", "insideCidr: 169.254.21.0/30\npsk: env:A"],
      ["insideCidr: 169.254.21.4/30", "insideCidr: 169.254.21.4/30\npsk: env:B"],
    ],
    "connections.tokyo-azure.tunnels.2.psk: must be the same for both tunnels: Azure has one shared key for both; name the same env:NAME for tunnels 1 and 2 (line 157)",
  ],
  [
    "takes insideCidr: 169.254.21.0/30 and psk: env:A with insideCidr: 169.254.21.4/30 and psk: env:A",
    [
      ["insideCidr: 169.254.21.0/30", "insideCidr: 169.254.21.0/30\npsk: env:A"],
      ["insideCidr: 169.254.21.4/30", "insideCidr: 169.254.21.4/30\npsk: env:A"],
    ],
  ],
  [
    "refuses insideCidr: 169.254.21.0/30 and pskEpoch: 2",
    [["insideCidr: 169.254.21.0/30", "insideCidr: 169.254.21.0/30\npskEpoch: 2"]],
    "connections.tokyo-azure.tunnels.1.pskEpoch: must be the same for both tunnels: Azure has one shared key for both, got 2; raise both (line 154)",
  ],
  [
    "takes insideCidr: 169.254.21.0/30 and pskEpoch: 2 with insideCidr: 169.254.21.4/30 and pskEpoch: …",
    [
      ["insideCidr: 169.254.21.0/30", "insideCidr: 169.254.21.0/30\npskEpoch: 2"],
      ["insideCidr: 169.254.21.4/30", "insideCidr: 169.254.21.4/30\npskEpoch: 2"],
    ],
  ],
];

describe("the rules of connections", () => {
  it.each(CASES)("%s", (_, edits, ...problems) => {
    expect(refusal(edit(edits))).toBe(refusalOf(problems));
  });
});
