import { recogniseFile } from "../../../config/facts/recognise-file";
import { formatProblem } from "../../../config/problems";

const refusal = (text: string) => recogniseFile({ name: "x", text }).problems.map(formatProblem);
const WRITE = "write it with `cdktf output '*' --outputs-file outputs.json --outputs-file-include-sensitive-outputs`";

describe("recogniseFile", () => {
  it.each([
    ["an empty file", " \n", `must not be empty; ${WRITE}`],
    ["broken JSON", '{\n"psk": "SecretSecret",,\n}', `must be JSON or XML (line 2); ${WRITE}`],
    ["plain words", "SecretSecret", `must be JSON or XML; ${WRITE}`],
    [
      "other JSON",
      '{"aws-tokyo": {"vpc": "SecretSecret"}}',
      `must hold an output tunnel_facts or network_facts; ${WRITE}`,
    ],
    ["a list", "[1, 2]", `must hold an output tunnel_facts or network_facts; ${WRITE}`],
    ["null", "null", `must hold an output tunnel_facts or network_facts; ${WRITE}`],
    [
      "UTF-16",
      Buffer.from('\uFEFF{"a": 1}', "utf16le").toString("utf8"),
      "must be text in UTF-8; save it as UTF-8; Windows PowerShell's > writes UTF-16",
    ],
    [
      "AWS's Openswan text",
      "IPSEC Tunnel #1\nconn Tunnel1\n\tauthby=secret\n",
      "must be AWS's XML, not its Openswan text; `aws ec2 describe-vpn-connections --vpn-connection-ids ID --query 'VpnConnections[0].CustomerGatewayConfiguration' --output text` writes it",
    ],
  ])("refuses %s and quotes nothing of it", (_, text, line) => {
    expect(refusal(text)).toEqual([line]);
  });

  it("takes 32 MiB and refuses a character more before it parses", () => {
    const most = 32 * 1024 * 1024;
    expect(refusal("x".repeat(most + 1))).toEqual(["must be at most 32 MiB; is this the right file?"]);
    expect(recogniseFile({ name: "x", text: `{"tunnel_facts": 1}${" ".repeat(most - 19)}` }).tunnelFacts).toHaveLength(
      1,
    );
  });

  it("finds an output eight constructs deep and searches no further", () => {
    const at = (depth: number) =>
      Array.from({ length: depth }).reduce<unknown>((inner) => ({ a: inner }), { tunnel_facts: 1 });
    expect(recogniseFile({ name: "x", text: JSON.stringify(at(8)) }).tunnelFacts).toHaveLength(1);
    expect(recogniseFile({ name: "x", text: JSON.stringify(at(9)) }).tunnelFacts).toHaveLength(0);
    expect(refusal(`${"[".repeat(100_000)}${"]".repeat(100_000)}`)).toEqual([
      `must hold an output tunnel_facts or network_facts; ${WRITE}`,
    ]);
  });
});
