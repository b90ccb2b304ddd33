// One row for each edge of each field: a table is long by nature.
import { describe, expect, it } from "@jest/globals";
import { exchange, refusal } from "../../helpers/whole-site";

/** One line of a sound site, what stands there instead, and the problems that it makes. */
const REFUSED: readonly (readonly [line: string, instead: string, ...problems: string[]])[] = [
  ["site: demo", "site:", "site: must be text, got null; fill it in or remove it (line 1)"],
  ["site: demo", "site: 5", 'site: must be text, got 5; put it in quotes, as in "demo" (line 1)'],
  ["site: demo", "site: [demo]", 'site: must be text, not a list; use for example "demo" (line 1)'],
  ["site: demo", "site: a-", 'site: must not end in a hyphen, got "a-"; use for example a (line 1)'],
  [
    "site: demo",
    "sit: demo",
    'site: is required; add for example site: "demo" (line 1)',
    "sit: is not a known key; did you mean site? (line 1)",
  ],
  [
    "description: a whole site",
    'description: "a\\nb"',
    'description: must not hold quotes, backslashes, control or invisible characters, any of <>|;&$ or the sequences %{ ../, got "a\\nb"; use plain words on one line (line 2)',
  ],
  [
    "description: a whole site",
    "description: $(reboot)",
    'description: must not hold quotes, backslashes, control or invisible characters, any of <>|;&$ or the sequences %{ ../, got "$(reboot)"; use plain words on one line (line 2)',
  ],
  [
    "description: a whole site",
    "description: {a: b}",
    "description: must be text, not a mapping; write plain text (line 2)",
  ],
  [
    "type: local",
    "type: lokal",
    'backend.type: must have a type that is one of local, s3, azurerm, oci, http, got "lokal"; use for example { type: local } (line 4)',
  ],
  ["type: local", "tpye: local", 'backend.type: is required; add for example type: "local" (line 3)'],
  ["type: local", "type: local\nbucket: x", "backend.bucket: is not a known key; known are type (line 5)"],
  [
    "type: local",
    "type: s3",
    'backend.bucket: is required; add for example bucket: "demo-terraform-state" (line 3)',
    'backend.region: is required; add for example region: "ap-northeast-1" (line 3)',
  ],
  [
    "type: local",
    "type: s3\nbucket: UPPER\nregion: tokyo\nkmsKeyId: key\nprefix: ../x",
    'backend.bucket: must be an S3 bucket name, got "UPPER"; use for example demo-terraform-state (line 5)',
    'backend.region: must be an AWS region, got "tokyo"; use for example ap-northeast-1 (line 6)',
    'backend.kmsKeyId: must be the ARN of a KMS key, got "key"; use for example arn:aws:kms:ap-northeast-1:111122223333:key/0a1b (line 7)',
    'backend.prefix: must be words of letters, digits, dots, hyphens and underscores, with slashes between them, got "../x"; use for example kakehashi (line 8)',
  ],
  [
    "type: local",
    "type: s3\nbucket: ab\nregion: ap-northeast-1",
    'backend.bucket: must be an S3 bucket name, got "ab"; use for example demo-terraform-state (line 5)',
  ],
  [
    "type: local",
    "type: s3\nbucket: abc\nregion: ap-northeast-1\nprefix: a/",
    'backend.prefix: must be words of letters, digits, dots, hyphens and underscores, with slashes between them, got "a/"; use for example kakehashi (line 7)',
  ],
  [
    "type: local",
    "type: s3\nbucket: abc\nregion: ap-northeast-1\nprefix: a..b",
    'backend.prefix: must be words of letters, digits, dots, hyphens and underscores, with slashes between them, got "a..b"; use for example kakehashi (line 7)',
  ],
  [
    "type: local",
    "type: azurerm\nresourceGroup: a.\nstorageAccount: ab\ncontainer: a--b",
    'backend.resourceGroup: must be an Azure resource group name, got "a."; use for example terraform (line 5)',
    'backend.storageAccount: must be an Azure storage account name, got "ab"; use for example demoterraform (line 6)',
    'backend.container: must be an Azure blob container name, got "a--b"; use for example tfstate (line 7)',
  ],
  [
    "type: local",
    "type: oci\nbucket: ..\nnamespace: A\nregion: Tokyo",
    'backend.bucket: must be an OCI bucket name, got ".."; use for example terraform-state (line 5)',
    'backend.namespace: must be an Object Storage namespace, got "A"; use for example axexample (line 6)',
    'backend.region: must be an OCI region, got "Tokyo"; use for example ap-tokyo-1 (line 7)',
  ],
  [
    "type: local",
    "type: http\naddress: ftp://x\nlocking: maybe",
    'backend.address: must be an http(s) URL, to which each stack is appended, got "ftp://x"; use for example https://gitlab.example.ac.jp/api/v4/projects/1/terraform/state (line 5)',
    'backend.locking: must be one of gitlab, none, got "maybe"; use for example gitlab (line 6)',
  ],
  [
    "type: local",
    "type: http\naddress: https://user:hunter2@example.ac.jp/state",
    "backend.address: must be an http(s) URL, to which each stack is appended; use for example https://gitlab.example.ac.jp/api/v4/projects/1/terraform/state (line 5)",
  ],
  [
    "type: local",
    "type: http\naddress: https://example.ac.jp/state?private_token=hunter2",
    "backend.address: must be an http(s) URL, to which each stack is appended; use for example https://gitlab.example.ac.jp/api/v4/projects/1/terraform/state (line 5)",
  ],
  [
    "type: local",
    "type: http\naddress: https://example.ac.jp/a/../b",
    'backend.address: must be an http(s) URL, to which each stack is appended, got "https://example.ac.jp/a/../b"; use for example https://gitlab.example.ac.jp/api/v4/projects/1/terraform/state (line 5)',
  ],
  [
    "type: local",
    "[]",
    "backend: must be a mapping of keys to values, not a list; write key: value below it, or { key: value } (line 3)",
  ],
  [
    "owner: network-team",
    "Owner group: x",
    'tags."Owner group": must be up to 100 letters, digits and _ . : - with a letter first; use for example cost-center (line 6)',
  ],
  ["owner: network-team", "owner: [x]", "tags.owner: must be text, not a list; write plain text (line 6)"],
  ["owner: network-team", "owner: 5", "tags.owner: must be text, got 5; put it in quotes (line 6)"],
  [
    "owner: network-team",
    "owner: a`b",
    'tags.owner: must not hold quotes, backslashes, control or invisible characters, any of <>|;&$ or the sequences %{ ../, got "a`b"; use plain words on one line (line 6)',
  ],
  [
    "owner: network-team",
    "a1: x\na2: x\na3: x\na4: x\na5: x\na6: x\na7: x\na8: x\na9: x",
    "tags: must have at most 8 entries: OCI takes 10, and two are Kakehashi's own; remove some (line 5)",
  ],
  [
    "tokyo-kept:",
    "Tokyo_Kept:",
    "connections.Tokyo_Kept: must be lower-case letters, digits and hyphens, a letter first; use for example tokyo-aws (line 156)",
  ],
  [
    "description: main campus",
    "descripton: main campus",
    "controllers.tokyo.descripton: is not a known key; did you mean description? (line 9)",
  ],
  [
    "publicIp: 198.51.100.10",
    "publicIp: 198.51.100",
    'controllers.tokyo.publicIp: must be an IPv4 address, got "198.51.100"; use for example 198.51.100.10 (line 10)',
  ],
  [
    "publicIp: 198.51.100.10",
    "publicIp: 10",
    'controllers.tokyo.publicIp: must be text, got 10; put it in quotes, as in "198.51.100.10" (line 10)',
  ],
  [
    "publicIp: 198.51.100.10",
    "privateIP: 10.0.0.1",
    'controllers.tokyo.publicIp: is required; add for example publicIp: "198.51.100.10" (line 8)',
    "controllers.tokyo.privateIP: is not a known key; did you mean privateIp? (line 10)",
  ],
  [
    "privateIp: 10.0.2.15",
    "privateIp: fd00::1",
    'controllers.tokyo.privateIp: must be an IPv4 address, got "fd00::1"; use for example 10.0.2.15 (line 11)',
  ],
  [
    "- 10.0.2.0/24",
    "- 10.0.2.1/24",
    'controllers.tokyo.subnets.0: must have no host bits set, got "10.0.2.1/24"; use 10.0.2.0/24 (line 13)',
  ],
  [
    "- 10.0.2.0/24",
    "- 10.0.2.0",
    'controllers.tokyo.subnets.0: must be an IPv4 prefix, got "10.0.2.0"; use for example 10.0.2.0/24 (line 13)',
  ],
  ["- 10.0.2.0/24", "- ", "controllers.tokyo.subnets.0: must be text, got null; fill it in or remove it (line 13)"],
  ["- 10.0.2.0/24", "[]", "controllers.tokyo.subnets: must have at least 1 entry; add what is missing (line 12)"],
  [
    "asn: 65010",
    "asn: 0",
    "controllers.tokyo.asn: must be an ASN from 1 to 4294967294, got 0; use for example 65010 (line 14)",
  ],
  [
    "asn: 65010",
    "asn: 4294967295",
    "controllers.tokyo.asn: must be an ASN from 1 to 4294967294, got 4294967295; use for example 65010 (line 14)",
  ],
  ["asn: 65010", 'asn: "65010"', 'controllers.tokyo.asn: must be a number, got "65010"; remove the quotes (line 14)'],
  ["asn: 65010", "asn: sixty", 'controllers.tokyo.asn: must be a number, got "sixty"; use for example 65010 (line 14)'],
  ["asn: 65010", "asn: .nan", "controllers.tokyo.asn: must be a number, got NaN; use for example 65010 (line 14)"],
  [
    "asn: 65010",
    "asn: AS65010",
    'controllers.tokyo.asn: must be a number, got "AS65010"; use for example 65010 (line 14)',
  ],
  [
    "asn: 65010",
    "asn: 64496",
    "controllers.tokyo.asn: must not be reserved by IANA (documentation, RFC 5398), got 64496; use for example 65010 (line 14)",
  ],
  [
    "behindNat: true",
    "behindNat: yes",
    'controllers.tokyo.behindNat: must be true or false, got "yes"; write true or false, without quotes (line 15)',
  ],
  [
    "behindNat: true",
    "behindNat: 1",
    "controllers.tokyo.behindNat: must be true or false, got 1; write true or false, without quotes (line 15)",
  ],
  [
    "behindNat: true",
    "behindNat:",
    "controllers.tokyo.behindNat: must be true or false, got null; fill it in or remove it (line 15)",
  ],
  [
    'libreswan: "4.10"',
    "libreswan: 4.10",
    'controllers.tokyo.libreswan: must be in quotes, or YAML reads it as a number, got 4.1; write "4.10" (line 16)',
  ],
  [
    'libreswan: "4.10"',
    "libreswan: 5.2",
    'controllers.tokyo.libreswan: must be in quotes, or YAML reads it as a number, got 5.2; write "5.2" (line 16)',
  ],
  [
    'libreswan: "4.10"',
    "libreswan: 3.32",
    'controllers.tokyo.libreswan: must be in quotes, or YAML reads it as a number, got 3.32; write "3.32" (line 16)',
  ],
  [
    'libreswan: "4.10"',
    "libreswan: 4",
    'controllers.tokyo.libreswan: must be one of "3.32" (Ubuntu 22.04), "4.10" (Debian 12), "4.14" (Ubuntu 24.04), "5.2" (Debian 13), in quotes, got 4; write what `ipsec --version` prints on the controller, for example "4.10" (line 16)',
  ],
  [
    'libreswan: "4.10"',
    'libreswan: "4.12"',
    'controllers.tokyo.libreswan: must be one of "3.32" (Ubuntu 22.04), "4.10" (Debian 12), "4.14" (Ubuntu 24.04), "5.2" (Debian 13), in quotes, got "4.12"; write what `ipsec --version` prints on the controller, for example "4.10" (line 16)',
  ],
  [
    'libreswan: "4.10"',
    "libreswan: Libreswan 4.10",
    'controllers.tokyo.libreswan: must be one of "3.32" (Ubuntu 22.04), "4.10" (Debian 12), "4.14" (Ubuntu 24.04), "5.2" (Debian 13), in quotes, got "Libreswan 4.10"; write what `ipsec --version` prints on the controller, for example "4.10" (line 16)',
  ],
  [
    'libreswan: "4.10"',
    "libreswan: [4.10]",
    'controllers.tokyo.libreswan: must be one of "3.32" (Ubuntu 22.04), "4.10" (Debian 12), "4.14" (Ubuntu 24.04), "5.2" (Debian 13), in quotes; write what `ipsec --version` prints on the controller, for example "4.10" (line 16)',
  ],
  [
    'libreswan: "4.10"',
    'libreswn: "4.10"',
    'controllers.tokyo.libreswan: is required; add for example libreswan: "4.10" (line 8)',
    "controllers.tokyo.libreswn: is not a known key; did you mean libreswan? (line 16)",
  ],
  [
    "language: ja",
    "language: jp",
    'controllers.tokyo.language: must be one of en, ja, got "jp"; use for example en (line 17)',
  ],
  [
    "language: ja",
    "language: true",
    "controllers.tokyo.language: must be one of en, ja, got true; use for example en (line 17)",
  ],
  [
    "vcController:",
    "vcControler:",
    "controllers.tokyo.vcControler: is not a known key; did you mean vcController? (line 18)",
  ],
  [
    "dnsName: vcc.example.ac.jp",
    "dnsName: vcc",
    'controllers.tokyo.vcController.dnsName: must be a DNS name, got "vcc"; use for example vcc.example.ac.jp (line 19)',
  ],
  [
    "dnsName: vcc.example.ac.jp",
    "dnsName: VCC.example.ac.jp",
    'controllers.tokyo.vcController.dnsName: must be a DNS name, got "VCC.example.ac.jp"; use for example vcc.example.ac.jp (line 19)',
  ],
  [
    "dnsName: vcc.example.ac.jp",
    "dnsName: -a.example",
    'controllers.tokyo.vcController.dnsName: must be a DNS name, got "-a.example"; use for example vcc.example.ac.jp (line 19)',
  ],
  [
    "registryAddress: harbor.example.ac.jp",
    "registryAddress: harbor;reboot",
    'controllers.tokyo.vcController.registryAddress: must be the address of the base images\' registry, got "harbor;reboot"; use for example harbor.vcloud.nii.ac.jp (line 20)',
  ],
  [
    "certificates: true",
    "certificates: please",
    'controllers.tokyo.vcController.certificates: must be true or false, got "please"; write true or false, without quotes (line 21)',
  ],
  [
    "certificates: true",
    "certificate: true",
    "controllers.tokyo.vcController.certificate: is not a known key; did you mean certificates? (line 21)",
  ],
  [
    "aws:",
    "amazon:",
    "networks.amazon: is not a known key; known are aws, oracle, azure, sakura, openstack, onpremises (line 23)",
    'connections.tokyo-aws.network: must name a network of this file, got "aws/tokyo"; known are oracle/tokyo, azure/japan, azure/kept (line 117)',
    'connections.tokyo-old.network: must name a network of this file, got "aws/old"; known are oracle/tokyo, azure/japan, azure/kept (line 131)',
  ],
  [
    "azure:",
    "azur:",
    "networks.azur: is not a known key; did you mean azure? (line 65)",
    'connections.tokyo-azure.network: must name a network of this file, got "azure/japan"; known are aws/tokyo, aws/old, oracle/tokyo (line 149)',
    'connections.tokyo-kept.network: must name a network of this file, got "azure/kept"; known are aws/tokyo, aws/old, oracle/tokyo (line 158)',
  ],
  [
    "region: ap-northeast-1",
    "region: tokyo",
    'networks.aws.tokyo.region: must be an AWS region, got "tokyo"; use for example ap-northeast-1 (line 26)',
  ],
  [
    "region: ap-northeast-1",
    "region: ap-northeast-1a",
    'networks.aws.tokyo.region: must be an AWS region, got "ap-northeast-1a"; use for example ap-northeast-1 (line 26)',
  ],
  [
    "cidr: 172.30.0.0/16",
    "cidr: 172.30.0.0",
    'networks.aws.tokyo.cidr: must be an IPv4 prefix, got "172.30.0.0"; use for example 172.30.0.0/16 (line 27)',
  ],
  [
    "gateway: vpn",
    "gateway: vgw",
    'networks.aws.tokyo.gateway: must be one of vpn, transit, got "vgw"; use for example vpn (line 29)',
  ],
  [
    "natGateway: public",
    "natGateway: Public",
    'networks.aws.tokyo.natGateway: must be lower-case letters, digits and hyphens, a letter first, got "Public"; use for example tokyo-aws (line 30)',
  ],
  [
    "asn: 64512",
    "asn: 64511",
    "networks.aws.tokyo.asn: must not be reserved by IANA (documentation, RFC 5398), got 64511; use for example 64512 (line 28)",
  ],
  [
    "availabilityZone: ap-northeast-1c",
    "availabilityZone: ap-northeast-1",
    'networks.aws.tokyo.subnets.private.availabilityZone: must be an AWS availability zone, got "ap-northeast-1"; use for example ap-northeast-1a (line 38)',
  ],
  [
    "public: true",
    "public: on",
    'networks.aws.tokyo.subnets.public.public: must be true or false, got "on"; write true or false, without quotes (line 35)',
  ],
  [
    "subnetId: subnet-0123456789abcdef0",
    "subnetId: subnet-xyz",
    'networks.aws.old.subnets.old.subnetId: must be the id of an existing subnet, got "subnet-xyz"; use for example subnet-0123456789abcdef0 (line 48)',
  ],
  [
    "vpcId: vpc-0123456789abcdef0",
    "vpcId: 0123",
    'networks.aws.old.existing.vpcId: must be text, got 123; put it in quotes, as in "vpc-0123456789abcdef0" (line 50)',
  ],
  [
    "vpcId: vpc-0123456789abcdef0",
    "vpc: vpc-0123456789abcdef0",
    'networks.aws.old.existing.vpcId: is required; add for example vpcId: "vpc-0123456789abcdef0" (line 49)',
    "networks.aws.old.existing.vpc: is not a known key; did you mean vpcId? (line 50)",
  ],
  [
    "transitGatewayId: tgw-0123456789abcdef0",
    "transitGatewayId: vgw-0123456789abcdef0",
    'networks.aws.old.existing.transitGatewayId: must be the id of an existing Transit Gateway, got "vgw-0123456789abcdef0"; use for example tgw-0123456789abcdef0 (line 51)',
  ],
  [
    "- rtb-0123456789abcdef0",
    "- rtb-1",
    'networks.aws.old.existing.routeTableIds.0: must be the id of a route table, got "rtb-1"; use for example rtb-0123456789abcdef0 (line 53)',
  ],
  [
    "securityGroupId: sg-0123456789abcdef0",
    "securityGroupId: default",
    'networks.aws.old.existing.securityGroupId: must be the id of an existing security group, got "default"; use for example sg-0123456789abcdef0 (line 54)',
  ],
  [
    "region: ap-tokyo-1",
    "region: nrt",
    'networks.oracle.tokyo.region: must be an OCI region, got "nrt"; use for example ap-tokyo-1 (line 57)',
  ],
  [
    "tenancyId: ocid1.tenancy.oc1..aaaaexample",
    "tenancyId: ocid1.user.oc1..aaaaexample",
    'networks.oracle.tokyo.tenancyId: must be the OCID of a tenancy, got "ocid1.user.oc1..aaaaexample"; use for example ocid1.tenancy.oc1..aaaaexample (line 58)',
  ],
  [
    "compartmentId: ocid1.compartment.oc1..aaaaexample",
    "compartmentId: root",
    'networks.oracle.tokyo.compartmentId: must be the OCID of a compartment (or of the tenancy), got "root"; use for example ocid1.compartment.oc1..aaaaexample (line 59)',
  ],
  [
    "availabilityDomain: aBCD:AP-TOKYO-1-AD-1",
    "availabilityDomain: AP-TOKYO-1-AD-1",
    'networks.oracle.tokyo.subnets.oracle-default.availabilityDomain: must be an OCI availability domain as the console shows it for your tenancy, got "AP-TOKYO-1-AD-1"; use for example aBCD:AP-TOKYO-1-AD-1 (line 64)',
  ],
  [
    "location: japaneast",
    "location: Japan East",
    'networks.azure.japan.location: must be an Azure location, got "Japan East"; use for example japaneast (line 67)',
  ],
  [
    "gatewaySubnet: 10.20.255.0/27",
    "gatewaySubnet: 27",
    'networks.azure.japan.gatewaySubnet: must be text, got 27; put it in quotes, as in "10.20.255.0/27" (line 69)',
  ],
  [
    "sku: VpnGw1AZ",
    "sku: VpnGw1",
    'networks.azure.japan.sku: must be one of VpnGw1AZ, VpnGw2AZ, VpnGw3AZ, VpnGw4AZ, VpnGw5AZ, got "VpnGw1"; use for example VpnGw1AZ (line 71)',
  ],
  [
    "subnetName: default",
    "subnetName: default.",
    'networks.azure.kept.subnets.kept-default.subnetName: must be the name of an existing subnet, got "default."; use for example default (line 82)',
  ],
  [
    "resourceGroup: network",
    "resourceGroup: network.",
    'networks.azure.kept.existing.resourceGroup: must be the name of an existing resource group, got "network."; use for example network (line 84)',
  ],
  [
    "vnetName: research",
    "vnetName: 研究",
    'networks.azure.kept.existing.vnetName: must be the name of an existing VNet, got "研究"; use for example research (line 85)',
  ],
  [
    "- research-ip-2",
    "- research-ip-2\n- research-ip-3",
    "networks.azure.kept.existing.publicIpNames: must have at most 2 entries; remove some (line 88)",
  ],
  [
    "- research-ip-2",
    "- -ip",
    'networks.azure.kept.existing.publicIpNames.1: must be the name of the second instance\'s public IP, got "-ip"; use for example research-ip-2 (line 90)',
  ],
  [
    "gatewayName: research-gateway",
    "gatewayName: ../x",
    'networks.azure.kept.existing.gatewayName: must be the name of an existing active-active VPN gateway, got "../x"; use for example research-gateway (line 87)',
  ],
  [
    "zone: tk1a",
    "zone: tk2a",
    'networks.sakura.isk.subnets.switch.zone: must be one of is1a, is1b, is1c, tk1a, tk1b, tk1v, got "tk2a"; use for example is1a (line 95)',
  ],
  [
    'localSwitchId: "113000000001"',
    "localSwitchId: 113000000001",
    'networks.sakura.isk.subnets.switch.localSwitchId: must be text, got 113000000001; put it in quotes, as in "113000000001" (line 97)',
  ],
  [
    'localSwitchId: "113000000001"',
    'localSwitchId: "12345678"',
    'networks.sakura.isk.subnets.switch.localSwitchId: must be the id of a Sakura Cloud switch, got "12345678"; use for example 113000000001 (line 97)',
  ],
  [
    "- 172.23.1.2-172.23.1.6",
    "- 172.23.1.6-172.23.1.2",
    'networks.sakura.isk.subnets.switch.addressPool.0: must be a range from the lower to the higher address, got "172.23.1.6-172.23.1.2"; swap the two (line 100)',
  ],
  [
    "- 172.23.1.2-172.23.1.6",
    "- [172.23.1.2]",
    'networks.sakura.isk.subnets.switch.addressPool.0: must be text, not a list; use for example "172.23.1.2-172.23.1.6" (line 100)',
  ],
  [
    "- 172.23.1.2-172.23.1.6",
    "- 172.23.1.2-6",
    'networks.sakura.isk.subnets.switch.addressPool.0: must be an IPv4 address, got "172.23.1.2-6"; use for example 198.51.100.10 (line 100)',
  ],
  [
    "os_network_name: vcp-net",
    "osNetworkName: vcp-net",
    "networks.openstack.campus.subnets.own-openstack.values.osNetworkName: must be lower-case letters, digits and underscores; use for example os_network_id (line 107)",
  ],
  [
    "os_network_name: vcp-net",
    "os_network_name: [a]",
    "networks.openstack.campus.subnets.own-openstack.values.os_network_name: must be text, a number, or true or false, not a list; use a plain value (line 107)",
  ],
  [
    "os_network_name: vcp-net",
    "os_network_name:",
    "networks.openstack.campus.subnets.own-openstack.values.os_network_name: must be text, a number, or true or false, not nothing; use a plain value (line 107)",
  ],
  [
    "os_network_name: vcp-net",
    'os_network_name: "${x}"',
    'networks.openstack.campus.subnets.own-openstack.values.os_network_name: must not hold quotes, backslashes, control or invisible characters, any of <>|;&$ or the sequences %{ ../, got "${x}"; use plain words on one line (line 107)',
  ],
  [
    "os_network_name: vcp-net",
    "os_network_name: .inf",
    "networks.openstack.campus.subnets.own-openstack.values.os_network_name: must be text, a number, or true or false, not infinity or nothing; use a plain value (line 107)",
  ],
  [
    "network: aws/tokyo",
    "network: tokyo",
    'connections.tokyo-aws.network: must be provider/key of a network, got "tokyo"; use for example aws/tokyo (line 117)',
  ],
  [
    "network: aws/tokyo",
    "network: gcp/tokyo",
    'connections.tokyo-aws.network: must be provider/key of a network, got "gcp/tokyo"; use for example aws/tokyo (line 117)',
  ],
  [
    "network: aws/tokyo",
    "network: aws/Tokyo",
    'connections.tokyo-aws.network: must be provider/key of a network, got "aws/Tokyo"; use for example aws/tokyo (line 117)',
  ],
  [
    "mode: route-based",
    "mode: routed",
    'connections.tokyo-aws.mode: must be one of route-based, policy-based, got "routed"; use for example route-based (line 119)',
  ],
  [
    "balance: active-standby",
    "balance: both",
    'connections.tokyo-aws.balance: must be one of active-standby, active-active, got "both"; use for example active-standby (line 120)',
  ],
  [
    "probe: 172.30.2.10",
    "probe: host.example",
    'connections.tokyo-aws.probe: must be an IPv4 address, got "host.example"; use for example 10.20.2.4 (line 121)',
  ],
  [
    "pskEpoch: 2",
    "pskEpoch: 0",
    "connections.tokyo-aws.tunnels.1.pskEpoch: must be at least 1, got 0; use 1 or more (line 126)",
  ],
  [
    "pskEpoch: 2",
    "pskEpoch: 1000001",
    "connections.tokyo-aws.tunnels.1.pskEpoch: must be at most 1000000, got 1000001; use 1000000 or less (line 126)",
  ],
  [
    "pskEpoch: 2",
    "pskEpoch: 1.5",
    "connections.tokyo-aws.tunnels.1.pskEpoch: must be a whole number, got 1.5; use a whole number (line 126)",
  ],
  [
    "pskEpoch: 2",
    "pskEpoch: two",
    'connections.tokyo-aws.tunnels.1.pskEpoch: must be a number, got "two"; use a number (line 126)',
  ],
  [
    "insideCidr: 169.254.64.0/30",
    "insideCidr: 169.254.64.1/30",
    'connections.tokyo-aws.tunnels.1.insideCidr: must have no host bits set, got "169.254.64.1/30"; use 169.254.64.0/30 (line 124)',
  ],
  [
    "insideCidr: 169.254.64.0/30",
    "insideCird: 169.254.64.0/30",
    "connections.tokyo-aws.tunnels.1.insideCird: is not a known key; did you mean insideCidr? (line 124)",
  ],
];

const TAKEN: readonly (readonly [line: string, instead: string])[] = [
  ["type: local", "type: s3\nbucket: abc\nregion: ap-northeast-1\nprefix: a/b.c/d_e-f"],
  ["type: local", "type: azurerm\nresourceGroup: terraform\nstorageAccount: abc\ncontainer: tfstate"],
  ["type: local", "type: oci\nbucket: state\nnamespace: axexample\nregion: ap-tokyo-1"],
  ["type: local", "type: http\naddress: https://gitlab.example.ac.jp:8443/api/v4/projects/1/terraform/state"],
  ["owner: network-team", "a1: x\na2: x\na3: x\na4: x\na5: x\na6: x\na7: x\na8: x"],
  ["compartmentId: ocid1.compartment.oc1..aaaaexample", "compartmentId: ocid1.tenancy.oc1..aaaaexample"],
  ["resourceGroup: network", "resourceGroup: 研究(東京)"],
  ["os_network_name: vcp-net", "os_network_name: 5\nflag: true"],
  ["pskEpoch: 2", "pskEpoch: 1000000"],
];

describe("the schema", () => {
  it.each(REFUSED)("refuses instead of %j: %j", (line, instead, ...problems) => {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    expect(refusal(exchange(line, instead).text)).toBe(
      [`site.yaml: ${count}`, ...problems.map((one) => `  ${one}`)].join("\n"),
    );
  });

  it.each(TAKEN)("takes instead of %j: %j", (line, instead) => {
    expect(refusal(exchange(line, instead).text)).toBe("");
  });
});
