import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { LabController } from "../peers/lab-file";

export interface SiteVariant {
  readonly libreswan: "4.10" | "5.2";
  readonly routing: "bgp" | "static";
  readonly isBehindNat: boolean;
  /** Cloud names; the order is the file's. */
  readonly clouds: readonly ("aws" | "oracle" | "azure")[];
  readonly mode?: "route-based" | "policy-based";
  readonly balance?: "active-standby" | "active-active";
  /** Where one cloud's differs. */
  readonly balanceOf?: Readonly<Partial<Record<"aws" | "oracle" | "azure", "active-standby" | "active-active">>>;
  readonly pskEpochs?: Readonly<Partial<Record<"aws" | "oracle" | "azure", Readonly<Partial<Record<1 | 2, number>>>>>>;
  /** A second controller, in Osaka, with connections of its own to the same networks. */
  readonly hasSecondController?: boolean;
}

const CONNECTIONS = {
  aws: ["tokyo-aws", "aws/tokyo"],
  oracle: ["tokyo-oracle", "oracle/tokyo"],
  azure: ["tokyo-azure", "azure/japan"],
};
/** Answers pings in each network: the lab's host, the fourth address of its first inner subnet. */
const HOSTS = { aws: "172.30.2.4", oracle: "10.10.2.4", azure: "10.20.2.4" };

/** `examples/three-clouds/site.yaml` with what a case varies, as YAML. */
export function siteVariant(root: string, variant: SiteVariant): string {
  const site = parse(readFileSync(join(root, "examples/three-clouds/site.yaml"), "utf8"));
  const { clouds, routing, mode = "route-based", balance = "active-standby", balanceOf = {}, pskEpochs = {} } = variant;
  const tokyo = { ...site.controllers.tokyo, libreswan: variant.libreswan, behindNat: variant.isBehindNat };
  delete tokyo.vcController;
  if (!variant.isBehindNat) tokyo.privateIp = tokyo.publicIp;
  const networks = Object.fromEntries(clouds.map((cloud) => [cloud, site.networks[cloud]]));
  const connect = (controller: string, cloud: SiteVariant["clouds"][number]) => {
    const [key, network] = CONNECTIONS[cloud] as [string, string];
    const connection = {
      controller,
      network,
      routing,
      ...(mode === "policy-based" ? { mode } : { balance: balanceOf[cloud] ?? balance }),
      ...(routing === "static" && { probe: HOSTS[cloud] }),
      tunnels: Object.fromEntries(
        ([1, 2] as const).map((n) => [n, { pskEpoch: pskEpochs[cloud]?.[cloud === "azure" ? 1 : n] ?? 1 }]),
      ),
    };
    return [key.replace("tokyo", controller), connection] as const;
  };
  const osaka = {
    ...tokyo,
    description: "second campus",
    publicIp: "198.51.100.20",
    privateIp: variant.isBehindNat ? "10.0.3.15" : "198.51.100.20",
    subnets: ["10.0.3.0/24"],
    asn: 65011,
  };
  const controllers = { tokyo, ...(variant.hasSecondController && { osaka }) };
  return stringify({
    site: "lab",
    backend: { type: "local" },
    controllers,
    networks,
    connections: Object.fromEntries(
      Object.keys(controllers).flatMap((controller) => clouds.map((cloud) => connect(controller, cloud))),
    ),
  });
}

/** One arm behind NAT; two arms where the controller has the public address itself. */
export function controllerWires(isBehindNat: boolean, controller: "tokyo" | "osaka" = "tokyo"): LabController {
  const [net, publicIp] = controller === "tokyo" ? ["10.0.2", "198.51.100.10"] : ["10.0.3", "198.51.100.20"];
  const lanHost = `${net}.20/24`;
  return isBehindNat
    ? { wanAddress: `${net}.15/24`, wanGateway: `${net}.1`, lanHost, publicIp, nat: true }
    : {
        wanAddress: `${publicIp}/24`,
        wanGateway: "198.51.100.1",
        lanInterface: "eth1",
        lanAddress: `${net}.1/24`,
        lanHost,
        publicIp,
        nat: false,
      };
}
