import type { KeyForm } from "./key-form";

export interface CatalogKey {
  readonly isRequired: boolean;
  readonly form: KeyForm;
}

/** The keys of one provider's networks. */
export interface ProviderKeys {
  readonly keys: Readonly<Record<string, CatalogKey>>;
  /** Keys of which one must be there: the documents disagree about the name. */
  readonly oneOf?: readonly string[];
  /** Keys that together name the subnet: two entries that agree in all of them are the same. */
  readonly subnet: readonly string[];
  /** Keys that hold an address on the subnet. */
  readonly gateway?: string;
}

const text = (what: string, pattern: RegExp, example: string): KeyForm => ({ kind: "text", what, pattern, example });
const name = (what: string, example: string): KeyForm => text(what, /^[^\s*?<>]+( [^\s*?<>]+)*$/, example);
const required = (form: KeyForm): CatalogKey => ({ isRequired: true, form });
const optional = (form: KeyForm): CatalogKey => ({ isRequired: false, form });
const ocid = (kind: string, place = ""): KeyForm =>
  text(
    `the OCID of a ${kind}`,
    new RegExp(
      `^ocid1\\.${kind === "compartment" ? "(compartment|tenancy)" : kind}\\.[a-z0-9]+\\.[a-z0-9-]*\\.[a-z0-9]+$`,
    ),
    `ocid1.${kind}.oc1.${place}.aaaaexample`,
  );

/** Keys that every provider's networks may have. */
export const COMMON_KEYS: Readonly<Record<string, CatalogKey>> = {
  private_network_ipmask: optional({ kind: "prefix" }),
  ntp_servers: optional({ kind: "list", orText: false, example: "ntp.nict.jp" }),
  cloud_instance_dns_servers: optional({ kind: "list", orText: false, example: "192.168.3.53" }),
};

const AWS: ProviderKeys = {
  keys: {
    aws_availability_zone: optional(
      text("an AWS availability zone", /^[a-z]{2}(-[a-z]+)+-\d[a-z0-9-]*[a-z]$/, "ap-northeast-1a"),
    ),
    aws_region: required(text("an AWS region", /^[a-z]{2}(-[a-z]+)+-\d$/, "ap-northeast-1")),
    aws_vpc_subnet_id: required(text("the id of a subnet", /^subnet-[0-9a-f]{8,17}$/, "subnet-0123456789abcdef0")),
    aws_vpc_security_group_id: required(
      text("the id of a security group", /^sg-[0-9a-f]{8,17}$/, "sg-0123456789abcdef0"),
    ),
  },
  subnet: ["aws_vpc_subnet_id"],
};

/**
 * What NII documents for each provider of vpn_catalog.yml. A name that is not here may be an OpenStack cloud's: those are
 * free, and so are their keys.
 * @see https://github.com/nii-gakunin-cloud/ocs-vcp-portable/blob/feature/vcc2610-volume/docs/references/vpncatalog.md (keys and which are required; `aws_vpc_*`)
 * @see https://github.com/nii-gakunin-cloud/ocs-vcp-portable/blob/6846e32c95242c5d9f35329debf2896ca3e64e8e/config/vpn_catalog.yml.sample
 * @see https://github.com/nii-gakunin-cloud/ocs-vcp-portable/blob/7044cadfb00b1a9c38e6b9f1e7e012de39b1126f/manual.md (its table misspells two keys as `aws_vcp_*`; free OpenStack names)
 */
export const CATALOG_PROVIDERS: Readonly<Record<string, ProviderKeys>> = {
  aws: AWS,
  aws_spot: AWS,
  azure: {
    keys: {
      azure_resource_group_name: required(name("the name of a resource group", "example-resource-group")),
      azure_vnet_name: required(name("the name of a VNet", "example-vnet")),
      azure_subnet_name: required(name("the name of a subnet", "example-subnet")),
      azure_security_group_name: required(name("the name of a network security group", "example-nsg")),
      azure_location: required(text("an Azure location's short name", /^[a-z]+\d?$/, "japaneast")),
      azure_zone: optional(text("an availability zone", /^[123]?$/, "1")),
    },
    subnet: ["azure_resource_group_name", "azure_vnet_name", "azure_subnet_name"],
  },
  oracle: {
    keys: {
      oracle_tenancy_ocid: required(ocid("tenancy")),
      oracle_compartment_id: required(ocid("compartment")),
      oracle_subnet_id: required(ocid("subnet", "ap-tokyo-1")),
      oracle_region: required(text("an OCI region", /^[a-z]{2,3}(-[a-z]+)+-\d$/, "ap-tokyo-1")),
      oracle_availability_domain: required(
        text(
          "an availability domain as the console shows it for your tenancy",
          /^[A-Za-z0-9]{4}:[A-Z0-9-]+-AD-\d$/,
          "mkro:AP-TOKYO-1-AD-1",
        ),
      ),
    },
    subnet: ["oracle_subnet_id"],
  },
  sakura: {
    keys: {
      sakura_local_switch_id: required(text("the id of a switch", /^\d{9,14}$/, "113000000001")),
      sakura_private_subnet_gateway_ip: required({ kind: "address", example: "172.23.1.1" }),
      sakura_zone: required(text("a zone of Sakura Cloud", /^(is|tk)1[a-z]$/, "tk1a")),
    },
    subnet: ["sakura_local_switch_id"],
    gateway: "sakura_private_subnet_gateway_ip",
  },
  gcp: {
    keys: {
      gcp_project: required(text("the id of a project", /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, "sample-project")),
      gcp_subnetwork: required(text("the name of a subnetwork", /^[a-z][a-z0-9-]{0,62}$/, "sample-project-priv-nw")),
      gcp_region: required(text("a Google Cloud region", /^[a-z]+(-[a-z]+)+\d+$/, "asia-northeast1")),
      gcp_zone: required(text("a Google Cloud zone", /^[a-z]+(-[a-z]+)+\d+-[a-z]$/, "asia-northeast1-c")),
    },
    subnet: ["gcp_project", "gcp_subnetwork"],
  },
  vmware: {
    keys: {
      vmware_vsphere_server: required(name("a server's name or address", "vcenter.example.com")),
      vmware_allow_unverified_ssl: required({ kind: "boolean" }),
      vmware_vsphere_datacenter_name: required(name("the name of a data center", "dc1")),
      vmware_vsphere_resource_pool_name: required(name("the name of a resource pool", "pool1")),
      vmware_vsphere_network_name: required(name("the name of a network", "VM Network")),
      vmware_vsphere_network_mask: required({ kind: "whole-number", most: 32, example: 24 }),
      vmware_template_virtual_machine_name: required(name("the name of a template", "vcp-ubuntu24")),
      vmware_ipv4_gateway: required({ kind: "address", example: "192.168.3.1" }),
      vmware_virtual_machine_domain: optional(name("a domain", "machinea.example.com")),
    },
    subnet: ["vmware_vsphere_server", "vmware_vsphere_datacenter_name", "vmware_vsphere_network_name"],
    gateway: "vmware_ipv4_gateway",
  },
  mdx2: {
    keys: {
      tenant_name: required(name("the name of a tenant", "example-tenant")),
      network_name: required(name("the name of a network", "example-network")),
      security_group: required(name("the name of a security group", "default")),
      domain_id: optional(name("a domain", "default")),
      region: optional(name("a region", "regionOne")),
    },
    subnet: ["tenant_name", "network_name"],
  },
  proxmox: {
    keys: {
      // The table has the plural, the sample the singular.
      proxmox_target_node: optional({ kind: "list", orText: true, example: "vmconsole" }),
      proxmox_target_nodes: optional({ kind: "list", orText: true, example: "vmconsole" }),
      proxmox_template_virtual_machine_name: required(name("the name of a template", "vcp-ubuntu24")),
      proxmox_pm_api_url: required(
        text("the URL of the API", /^https?:\/\/[^\s/]+(\/\S*)?$/, "http://192.168.3.39:8006/api2/json"),
      ),
      proxmox_ipv4_gateway: required({ kind: "address", example: "192.168.3.1" }),
      proxmox_bridge: required(name("a bridge", "vmbr0")),
      proxmox_storage: required(name("a storage", "local-lvm")),
      proxmox_pm_tls_insecure: optional({ kind: "boolean" }),
      pm_parallel: optional({ kind: "whole-number", most: 1_000, example: 2 }),
    },
    oneOf: ["proxmox_target_node", "proxmox_target_nodes"],
    subnet: ["proxmox_pm_api_url", "proxmox_bridge"],
    gateway: "proxmox_ipv4_gateway",
  },
  onpremises: { keys: {}, subnet: [] },
};
