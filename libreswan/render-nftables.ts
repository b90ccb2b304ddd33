import type { TreeFile } from "../config/tree-file";
import type { TunnelDevice, TunnelPlan } from "./controller-plan";
import { plain } from "./plain";

/**
 * `etc/nftables.d/kakehashi.nft`: a table of its own, loaded by a unit of its own, so that the machine's own firewall is
 * neither read nor replaced. Its chains accept what they don't name; they stand before the machine's own.
 * @see https://docs.aws.amazon.com/vpn/latest/s2svpn/cgw-best-practice.html (clamp, and fragment before encryption)
 */
export function renderNftables(tunnels: readonly TunnelPlan[]): TreeFile {
  const policyBased = tunnels.filter(({ mode, number }) => mode === "policy-based" && number === 1);
  return {
    path: "etc/nftables.d/kakehashi.nft",
    content: [
      "# Written by Kakehashi: a change here is lost at the next render.",
      "# Loaded by kakehashi-nftables.service. The first two lines make loading it again replace it.",
      "table inet kakehashi",
      "delete table inet kakehashi",
      "",
      "table inet kakehashi {",
      "\tchain forward {",
      "\t\ttype filter hook forward priority mangle; policy accept;",
      ...tunnels.flatMap(({ device, mssBytes }) => (device ? interfaceClamp(device, mssBytes) : [])),
      ...policyBased.flatMap(policyRules),
      "\t}",
      ...(policyBased.length === 0
        ? []
        : [
            "",
            "\tchain output {",
            "\t\ttype filter hook output priority mangle; policy accept;",
            ...policyBased.flatMap(policyRules),
            "\t}",
          ]),
      "}",
      "",
    ].join("\n"),
    mode: 0o644,
  };
}

/** In both directions: the segment size that each end announces is what the other one sends. */
function interfaceClamp({ name }: TunnelDevice, mssBytes: number): string[] {
  return [plain`\t\toifname ${name} ${clamp(mssBytes)}`, plain`\t\tiifname ${name} ${clamp(mssBytes)}`];
}

/** Without an interface the prefixes tell. What no policy would encrypt is dropped, not sent in clear by the default route. */
function policyRules({ localPrefixes, remotePrefixes, mssBytes }: TunnelPlan): string[] {
  return localPrefixes.flatMap((local) =>
    remotePrefixes.flatMap((remote) => [
      plain`\t\tip saddr ${local} ip daddr ${remote} ${clamp(mssBytes)}`,
      plain`\t\tip saddr ${remote} ip daddr ${local} ${clamp(mssBytes)}`,
      plain`\t\tip daddr ${remote} rt ipsec missing counter drop`,
    ]),
  );
}

function clamp(mssBytes: number): string {
  return plain`tcp flags syn tcp option maxseg size > ${mssBytes} tcp option maxseg size set ${mssBytes}`;
}
