import { ConfigError } from "../../config/problems";
import type { Connection } from "../../config/site";
import type { Cidr } from "../../config/values/cidr";
import { planController } from "../../libreswan/plan-controller";
import { loadCase, planCase } from "../helpers/load-case";

const [plan] = planCase("three-clouds");

describe("a controller's plan", () => {
  it("holds the controller's connections in the file's order", () => {
    expect(plan?.connections.map(({ key, network }) => [key, network])).toEqual([
      ["tokyo-aws", "aws/tokyo"],
      ["tokyo-oracle", "oracle/tokyo"],
      ["tokyo-azure", "azure/japan"],
    ]);
  });

  it("leaves out what belongs to another controller", () => {
    const [tokyo, osaka] = planCase("two-controllers");
    expect(tokyo?.connections.map(({ key }) => key)).toEqual(["tokyo-aws"]);
    expect(osaka?.connections.map(({ key }) => key)).toEqual(["osaka-aws"]);
    expect([tokyo?.libreswan, osaka?.libreswan]).toEqual(["4.10", "4.14"]);
  });

  it("takes addresses and keys from the facts", () => {
    const { site, facts } = loadCase("aws-bgp");
    const fact = facts.get("tokyo-aws")?.tunnels[2];
    const tunnel = planController(site, site.controllers[0] as never, facts).connections[0]?.tunnels[1];
    expect(tunnel).toMatchObject({
      name: "tokyo-aws-2",
      number: 2,
      cloudAddress: fact?.cloudAddress,
      device: { controllerInsideAddress: fact?.controllerInsideAddress, cloudInsideAddress: fact?.cloudInsideAddress },
      secret: { localId: "198.51.100.10", remoteId: fact?.cloudAddress, presharedKey: fact?.presharedKey },
      remotePrefixes: ["172.30.0.0/16"],
      cloudAsn: 64512,
    });
  });

  it("gives Azure's twins one inside address of the controller's and two of the cloud's", () => {
    const devices = plan?.connections[2]?.tunnels.map(({ device }) => device);
    expect(devices?.[0]?.controllerInsideAddress).toBe(devices?.[1]?.controllerInsideAddress);
    expect(devices?.[0]?.cloudInsideAddress).not.toBe(devices?.[1]?.cloudInsideAddress);
    expect(devices?.[0]?.name).not.toBe(devices?.[1]?.name);
  });

  it("names the peer's ASN only where BGP is spoken", () => {
    expect(plan?.connections.map(({ tunnels: [one] }) => one.cloudAsn)).toEqual([64512, 31898, undefined]);
  });

  it("uses the private address as source where the clouds know a way to it, and none otherwise", () => {
    expect(plan?.sourceIp).toBe("10.0.2.15");
    expect(planCase("oracle-static")[0]?.sourceIp).toBeUndefined();
  });

  it("writes a subnet that the site file repeats once", () => {
    const { site, facts } = loadCase("aws-bgp");
    const controller = {
      ...site.controllers[0],
      subnets: ["10.0.2.0/24", "10.0.2.0/24"] as Cidr[],
    } as Connection["controller"];
    const connections = site.connections.map((connection) => ({ ...connection, controller }));
    const repeated = planController({ ...site, controllers: [controller], connections }, controller, facts);
    expect(repeated.localPrefixes).toEqual(["10.0.2.0/24"]);
    expect(repeated.bgp?.localPrefixes).toEqual(["10.0.2.0/24"]);
  });

  it("says which stacks to deploy when facts are missing", () => {
    const { site } = loadCase("three-clouds");
    const failure = (): unknown => planController(site, site.controllers[0] as never, new Map());
    expect(failure).toThrow(ConfigError);
    expect(failure).toThrow(
      new Error(
        [
          "facts: 3 problems",
          "  connections.tokyo-aws: must be in the facts of a deployed stack; deploy aws-tokyo and give its outputs with --facts",
          "  connections.tokyo-oracle: must be in the facts of a deployed stack; deploy oracle-tokyo and give its outputs with --facts",
          "  connections.tokyo-azure: must be in the facts of a deployed stack; deploy azure-japan and give its outputs with --facts",
        ].join("\n"),
      ),
    );
  });
});
