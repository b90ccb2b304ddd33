import type { Controller, Site } from "../config/site";
import type { TreeFile } from "../config/tree-file";
import type { PlannedProvider } from "./plan-catalog";
import { toYaml } from "./to-yaml";

/**
 * What the SDK needs of each provider's account. It reads them from the VC controller's vault: no secret stands in the file.
 * OpenStack's depend on the plug-in, existing servers have none. The SDK refuses keys that it doesn't know.
 * @see https://github.com/nii-gakunin-cloud/ocs-docs/blob/61f9ae6/site-src/docs/sdk/docs/installation.md
 * @see https://github.com/nii-gakunin-cloud/ocs-templates/blob/0ce0436/HybridCloud/vcpsdk/config/vcp_config.yml.example
 */
const CREDENTIALS: Readonly<Record<string, readonly string[]>> = {
  aws: ["access_key", "secret_key"],
  azure: ["subscription_id", "client_id", "client_secret", "tenant_id"],
  oracle: ["user_ocid", "fingerprint", "private_key"],
  sakura: ["token", "secret"],
};

export function renderVcpConfig(
  site: Site,
  { key, privateIp }: Controller,
  providers: readonly PlannedProvider[],
): TreeFile[] {
  const accounts = providers.flatMap(({ name, networks }) => {
    const credentials = CREDENTIALS[name];
    const network = networks.find((planned) => planned.name === "default") ?? networks[0];
    if (!credentials || !network) return [];
    return [
      [
        name,
        {
          ...Object.fromEntries(
            credentials.map((credential) => [credential, `vault://cubbyhole/${name}/${credential}`]),
          ),
          private_network: network.name,
        },
      ] as const,
    ];
  });
  const value = { vcc: { host: privateIp as string, name: "pvcc" }, ...Object.fromEntries(accounts) };
  const header = [
    `Settings of the VCP SDK for the VC controller ${key}, site ${site.name}. Made by Kakehashi.`,
    "Jupyter reads it, not the controller: from the folder that VCPSDK_CONFIG_DIR names, else from ~/vcp_config.",
    "  25.x:   vcpsdk/config/vcp_config.yml",
    "  26.10:  volume/jupyter/work/setup/vcp_config.yml, with host: occtr in the Jupyter that it brings",
    "private_network is a network's name in vpn_catalog.yml. Write the credentials to the vault under the paths below.",
  ];
  return [{ path: `catalog/${key}/vcp_config.yml`, content: toYaml(value, header), mode: 0o644 }];
}
