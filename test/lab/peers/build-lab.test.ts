import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildLab, readDeployed } from "../../../lab/tunnels/peers/build-lab";
import type { StackJson } from "../../../lab/tunnels/peers/stack-json";

const ROOT = join(__dirname, "../../..");
const stack = (name: string): StackJson =>
  JSON.parse(readFileSync(join(ROOT, `test/stacks/expected/three-clouds/${name}.golden.json`), "utf8"));
const outputs = readFileSync(join(ROOT, "examples/three-clouds/facts/outputs.json"), "utf8");
const controller = {
  wanAddress: "10.0.2.15/24",
  wanGateway: "10.0.2.1",
  lanHost: "10.0.2.20/24",
  publicIp: "198.51.100.10",
  nat: true,
};
const lab = (change: (name: string, json: any) => void = () => {}) => {
  const stacks = Object.fromEntries(
    ["aws-tokyo", "oracle-tokyo", "azure-japan"].map((name) => {
      const json = structuredClone(stack(name));
      change(name, json);
      return [name, json];
    }),
  );
  return buildLab(stacks, readDeployed(outputs), { controller });
};
const only = (json: any, type: string): any => Object.values(json.resource[type])[0];

describe("the clouds of the lab, read from the synthesised stacks", () => {
  it("gives each tunnel of each stack a gateway with the deployment's address and key", () => {
    const deployed = readDeployed(outputs);
    const { endpoints } = lab();
    expect(Object.keys(endpoints).sort()).toEqual([
      "tokyo-aws-1",
      "tokyo-aws-2",
      "tokyo-azure-1",
      "tokyo-azure-2",
      "tokyo-oracle-1",
      "tokyo-oracle-2",
    ]);
    for (const connection of ["tokyo-aws", "tokyo-oracle"]) {
      for (const number of [1, 2] as const) {
        expect(endpoints[`${connection}-${number}`]).toMatchObject({
          outsideIp: deployed.get(connection)?.[number].cloudAddress,
          localId: deployed.get(connection)?.[number].cloudAddress,
          psk: deployed.get(connection)?.[number].presharedKey,
          remoteId: "198.51.100.10",
        });
      }
    }
  });

  it("translates AWS's words", () => {
    expect(lab().endpoints["tokyo-aws-1"]).toMatchObject({
      ikeProposal: "aes256gcm16-prfsha384-ecp384",
      espProposal: "aes256gcm16-ecp384",
      ikeVersion: 2,
      ikeLifetimeSeconds: 28_800,
      espLifetimeSeconds: 3_600,
      rekeyMarginSeconds: 270,
      rekeyFuzzPercent: 100,
      routing: "bgp",
      localAsn: 64_512,
      remoteAsn: 65_010,
      sendMed: 100,
      localSelectors: ["0.0.0.0/0"],
    });
  });

  it("translates OCI's words", () => {
    expect(lab().endpoints["tokyo-oracle-2"]).toMatchObject({
      ikeProposal: "aes256-sha384-ecp384",
      espProposal: "aes256gcm16-ecp384",
      localAsn: 31_898,
      remoteAsn: 65_010,
      insideLength: 30,
      bgpPassive: false,
    });
    expect(lab().networks["oracle-tokyo"]?.returnPaths).toBe(2);
  });

  it("translates Azure's words, gives both instances one key and no inside address where routing is static", () => {
    const { endpoints } = lab();
    expect(endpoints["tokyo-azure-1"]).toMatchObject({
      ikeProposal: "aes256gcm16-prfsha384-ecp384",
      espProposal: "aes256gcm16-ecp384",
      routing: "static",
      sitePrefixes: ["10.0.2.0/24"],
      bgpPassive: true,
      cloudInside: "192.0.0.8",
    });
    expect(endpoints["tokyo-azure-2"]?.psk).toBe(endpoints["tokyo-azure-1"]?.psk);
  });

  it("takes Azure's group-2 proposals where a connection has no policy", () => {
    const { endpoints } = lab((name, json) => {
      if (name === "azure-japan") delete only(json, "azurerm_virtual_network_gateway_connection").ipsec_policy;
    });
    expect(endpoints["tokyo-azure-1"]?.ikeProposal).toMatch(/^aes256-sha1-modp1024,/);
  });

  it("allows everything, IKEv1 and group 2 too, where an AWS option is left out", () => {
    const { endpoints } = lab((name, json) => {
      if (name !== "aws-tokyo") return;
      const vpn = only(json, "aws_vpn_connection");
      for (const option of ["ike_versions", "phase1_encryption_algorithms", "phase1_dh_group_numbers"])
        delete vpn[`tunnel1_${option}`];
    });
    expect(endpoints["tokyo-aws-1"]).toMatchObject({ ikeVersion: 0 });
    expect(endpoints["tokyo-aws-1"]?.ikeProposal).toMatch(
      /^aes128-aes256-sha384-modp1024-.*,aes128gcm16-aes256gcm16-prfsha384-/,
    );
  });

  it.each([
    [
      "aws-tokyo",
      "aws_vpn_connection",
      "tunnel1_phase1_encryption_algorithms",
      ["AES256-GCM"],
      '"AES256-GCM" is not an algorithm that this cloud has',
    ],
    [
      "aws-tokyo",
      "aws_vpn_connection",
      "tunnel1_phase1_dh_group_numbers",
      [5],
      "5 is not a DH group that this cloud has",
    ],
    [
      "azure-japan",
      "azurerm_virtual_network_gateway_connection",
      "ipsec_policy",
      { dh_group: "PFS14" },
      '"PFS14" is not a DH group that this cloud has',
    ],
    [
      "azure-japan",
      "azurerm_virtual_network_gateway_connection",
      "ipsec_policy",
      { ipsec_integrity: "SHA256" },
      "Azure refuses GCMAES256 with SHA256",
    ],
  ])("refuses what %s would refuse: %s %s", (name, type, option, value, message) => {
    const change = (at: string, json: any) => {
      if (at !== name) return;
      const resource = only(json, type);
      resource[option] = Array.isArray(value) ? value : { ...resource[option], ...value };
    };
    expect(() => lab(change)).toThrow(new Error(message));
  });

  it("refuses a PFS group that Oracle does not know", () => {
    const change = (name: string, json: any) => {
      if (name === "oracle-tokyo")
        only(json, "oci_core_ipsec_connection_tunnel_management").phase_two_details.dh_group = "ECP384";
    };
    expect(() => lab(change)).toThrow(new Error('"ECP384" is not a DH group that this cloud has'));
  });

  it("refuses a tunnel whose output refers to nothing that the stack has", () => {
    const change = (name: string, json: any) => {
      if (name === "aws-tokyo")
        json.output.tunnel_facts.value.connections["tokyo-aws"].tunnels[1].cloudAddress =
          "${aws_vpn_connection.other.id}";
    };
    expect(() => lab(change)).toThrow(new Error("tokyo-aws: id is no tunnel's address"));
  });
});
