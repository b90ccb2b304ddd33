import { ConfigError } from "../config/problems";
import type { Controller, Site, VcController } from "../config/site";
import type { TreeFile } from "../config/tree-file";
import { doesCidrContainAddress, prefixLength } from "../config/values/cidr";

/**
 * The lines of `.env` that depend on the site. Not a whole `.env`: 25.x has further lines in its repository, 26.10 makes
 * passwords and tokens on the host.
 * @throws ConfigError if no prefix behind the controller holds its private address
 */
export function renderEnvironment(site: Site, controller: Controller, vc: VcController): TreeFile[] {
  const { privateIp, key } = controller;
  const content = [
    `# Lines for the .env of the portable VC controller ${key}, site ${site.name}. Made by Kakehashi: change the site file.`,
    "# Put them in place of the lines of the same names in its own .env, and leave its other lines (25.x: TAG, CONSUL_BASE_URL).",
    "# 26.10: run init.sh first. It makes an .env only where there is none, and takes the first address of the machine, which",
    "# is the wrong one where there are several interfaces.",
    "",
    "# The controller's own address with its prefix length, as `ip -4 address` shows it",
    `VCP_VCC_PRIVATE_IPMASK=${privateIp}/${privatePrefixLength(controller)}`,
    "",
    "# 25.x",
    `VCP_OFFICIAL_REGISTRY_ADDRESS=${vc.registryAddress}`,
    "",
    "# 26.10",
    `SERF_ADVERTISE=${privateIp}`,
    `BC_REGISTRY_HOST=${privateIp}`,
    "",
  ];
  return [{ path: `catalog/${key}/.env`, content: content.join("\n"), mode: 0o644 }];
}

function privatePrefixLength({ key, privateIp, subnets }: Controller): number {
  const lengths = subnets.filter((subnet) => doesCidrContainAddress(subnet, privateIp)).map(prefixLength);
  if (lengths.length > 0) return Math.max(...lengths);
  const problem = {
    path: ["controllers", key, "privateIp"],
    rule: "must lie in one of the controller's subnets, so that VC nodes reach it",
    got: privateIp,
    fix: "add its subnet to subnets",
  };
  throw new ConfigError("site file", [problem]);
}
