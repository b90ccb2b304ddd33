import { describe, expect, it } from "@jest/globals";
import { longestName, NAME_LIMITS } from "../../../config/resource-names";
import { MAX_KEY_LENGTH } from "../../../config/values/key";
import { refusal, refusalOf } from "../../helpers/whole-site";

const name = (length: number) => "n".repeat(length);

function azureSite(site: string, network: string, connection: string): string {
  return `site: ${site}
controllers:
  c: { publicIp: 198.51.100.1, privateIp: 192.168.0.9, subnets: [10.1.0.0/16], asn: 65010, libreswan: "5.2" }
networks:
  azure:
    ${network}: { location: japaneast, cidr: 10.20.0.0/16, gatewaySubnet: 10.20.0.0/27, subnets: {} }
connections:
  ${connection}: { controller: c, network: azure/${network}, routing: bgp }
`;
}

describe("namesFit", () => {
  it("takes a VNet's name of 64 characters", () => {
    expect(refusal(azureSite(name(40), name(23), "c"))).toBe("");
  });

  it("refuses a VNet's name of 65 characters", () => {
    expect(refusal(azureSite(name(40), name(24), "c"))).toBe(
      refusalOf([
        `networks.azure.${name(24)}: must make names of at most 64 characters (a virtual network), got "${name(40)}-${name(24)}"; use a shorter key or site name (line 6)`,
      ]),
    );
  });

  it("takes an Azure connection's name of 80 characters", () => {
    expect(refusal(azureSite(name(40), "z", name(39)))).toBe("");
  });

  it("refuses an Azure connection's name of 81 characters", () => {
    expect(refusal(azureSite(name(40), "z", name(40)))).toBe(
      refusalOf([
        `connections.${name(40)}: must make names of at most 80 characters (a connection), got "${name(40)}-${name(40)}"; use a shorter key or site name (line 8)`,
      ]),
    );
  });

  it.each(["aws", "oracle"] as const)("no name on %s can be too long: keys are short enough", (cloud) => {
    for (const { most, suffix } of Object.values(NAME_LIMITS[cloud])) {
      const longest = name(MAX_KEY_LENGTH);
      expect(longestName(longest, longest, suffix).length).toBeLessThanOrEqual(most);
      expect(`${longestName(longest, longest, "")}-${longest}`.length).toBeLessThanOrEqual(most);
    }
  });
});
