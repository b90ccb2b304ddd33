import fc from "fast-check";
import { lintCatalog } from "../../catalog/lint-catalog";
import { formatProblem } from "../../config/problems";

const lint = (text: string) => lintCatalog(text, "vpn_catalog.yml").map(formatProblem);

const GOOD = `cci_version: '1.0'

aws:
  default: &tokyo
    aws_availability_zone: ap-northeast-1a
    aws_region: ap-northeast-1
    aws_vpc_subnet_id: subnet-0123456789abcdef0
    aws_vpc_security_group_id: sg-0123456789abcdef0
    private_network_ipmask: 172.30.2.0/24
aws_spot:
  default: *tokyo
azure:
  default:
    azure_resource_group_name: example-resource-group
    azure_vnet_name: example-vnet
    azure_subnet_name: example-subnet
    azure_security_group_name: example-nsg
    azure_location: japaneast
    private_network_ipmask: 10.20.2.0/24
oracle:
  default:
    oracle_tenancy_ocid: ocid1.tenancy.oc1..aaaaexample
    oracle_compartment_id: ocid1.compartment.oc1..aaaaexample
    oracle_subnet_id: ocid1.subnet.oc1.ap-tokyo-1.aaaaexample
    oracle_region: ap-tokyo-1
    oracle_availability_domain: mkro:AP-TOKYO-1-AD-1
    private_network_ipmask: 172.24.2.0/24
sakura:
  default:
    sakura_local_switch_id: '113000000001'
    sakura_private_subnet_gateway_ip: 172.23.1.1
    sakura_zone: tk1a
    private_network_ipmask: 172.23.1.0/24
gcp:
  default:
    gcp_project: sample-project
    gcp_subnetwork: sample-project-priv-nw
    gcp_region: asia-northeast1
    gcp_zone: asia-northeast1-c
    private_network_ipmask: 172.29.2.0/24
    ntp_servers: [ntp.example.ac.jp]
vmware:
  default:
    vmware_vsphere_server: vcenter.example.com
    vmware_allow_unverified_ssl: true
    vmware_vsphere_datacenter_name: dc1
    vmware_vsphere_resource_pool_name: pool1
    vmware_vsphere_network_name: VM Network
    vmware_vsphere_network_mask: 24
    vmware_template_virtual_machine_name: vcp-ubuntu24
    vmware_ipv4_gateway: 192.168.7.1
    private_network_ipmask: 192.168.7.0/24
mdx2:
  default:
    tenant_name: tenantname
    network_name: vcp
    security_group: securitygroup
    private_network_ipmask: 172.20.2.0/24
    region: regionOne
proxmox:
  default:
    proxmox_pm_api_url: http://192.168.3.39:8006/api2/json
    proxmox_bridge: vmbr0
    proxmox_ipv4_gateway: 192.168.3.1
    proxmox_target_node: ["vmconsole"]
    proxmox_template_virtual_machine_name: vcp-ubuntu24
    proxmox_storage: local-lvm
    private_network_ipmask: 192.168.3.0/24
own-openstack:
  default:
    network_uuid: ffffffff
    tenant_name: mytenant
    region: RegionOne
    private_network_ipmask: 10.0.1.0/24
onpremises:
  default: {}
`;

describe("lintCatalog", () => {
  it("finds nothing wrong in a catalog with every provider", () => {
    expect(lint(GOOD)).toEqual([]);
  });

  it("takes the smallest catalog, as 26.10 brings it", () => {
    expect(lint("cci_version: '1.0'\nonpremises:\n  default: {}\n")).toEqual([]);
  });

  it("names the file in each problem", () => {
    expect(lintCatalog("aws: null\n", "old.yml").map(({ file }) => file)).toEqual(["old.yml", "old.yml"]);
  });

  it.each<[string, string, string, string[]]>([
    [
      "the manual's misspelt keys, and does not also miss the right ones",
      "aws_vpc_subnet_id: subnet-0123456789abcdef0\n    aws_vpc_s",
      "aws_vcp_subnet_id: subnet-0123456789abcdef0\n    aws_vcp_s",
      [
        "aws.default.aws_vcp_subnet_id: is not a known key; did you mean aws_vpc_subnet_id? (line 7)",
        "aws.default.aws_vcp_security_group_id: is not a known key; did you mean aws_vpc_security_group_id? (line 8)",
        "aws_spot.default.aws_vcp_subnet_id: is not a known key; did you mean aws_vpc_subnet_id? (line 11)",
        "aws_spot.default.aws_vcp_security_group_id: is not a known key; did you mean aws_vpc_security_group_id? (line 11)",
      ],
    ],
    [
      "a missing key",
      "    azure_location: japaneast\n",
      "",
      ["azure.default.azure_location: is required; add for example azure_location: japaneast (line 13)"],
    ],
    [
      "another provider's key",
      "    azure_location: japaneast\n",
      "    azure_location: japaneast\n    sakura_zone: tk1a\n",
      ["azure.default.sakura_zone: is not a known key; it is a key of sakura; remove it (line 19)"],
    ],
    [
      "a key that is like no other",
      "    gcp_zone: asia-northeast1-c\n",
      "    gcp_zone: asia-northeast1-c\n    color: red\n",
      [
        "gcp.default.color: is not a known key; known are private_network_ipmask, ntp_servers, cloud_instance_dns_servers, gcp_project, gcp_subnetwork, gcp_region, gcp_zone (line 40)",
      ],
    ],
    [
      "host bits in a prefix, the form that .env wants",
      "private_network_ipmask: 10.20.2.0/24",
      "private_network_ipmask: 10.20.2.15/24",
      [
        'azure.default.private_network_ipmask: must have no host bits set, got "10.20.2.15/24"; use 10.20.2.0/24 (line 19)',
      ],
    ],
    [
      "a prefix without a length",
      "private_network_ipmask: 10.20.2.0/24",
      "private_network_ipmask: 10.20.2.0",
      [
        'azure.default.private_network_ipmask: must be an IPv4 prefix, got "10.20.2.0"; use for example 192.168.3.0/24 (line 19)',
      ],
    ],
    [
      "a display name for an Azure location's own",
      "azure_location: japaneast",
      "azure_location: Japan East",
      [
        'azure.default.azure_location: must be an Azure location\'s short name, got "Japan East"; write for example japaneast (line 18)',
      ],
    ],
    [
      "a subnet's OCID for a compartment's",
      "oracle_compartment_id: ocid1.compartment.oc1",
      "oracle_compartment_id: ocid1.subnet.oc1",
      [
        'oracle.default.oracle_compartment_id: must be the OCID of a compartment, got "ocid1.subnet.oc1..aaaaexample"; write for example ocid1.compartment.oc1..aaaaexample (line 23)',
      ],
    ],
    [
      "an availability domain without the tenancy's prefix",
      "mkro:AP-TOKYO-1-AD-1",
      "AP-TOKYO-1-AD-1",
      [
        'oracle.default.oracle_availability_domain: must be an availability domain as the console shows it for your tenancy, got "AP-TOKYO-1-AD-1"; write for example mkro:AP-TOKYO-1-AD-1 (line 26)',
      ],
    ],
    [
      "a switch's id that YAML reads as a number",
      "'113000000001'",
      "113000000001",
      [
        "sakura.default.sakura_local_switch_id: must be the id of a switch as text, and YAML reads a number; put it in quotes, for example '113000000001' (line 30)",
      ],
    ],
    [
      "a switch's id whose leading zero YAML drops",
      "'113000000001'",
      "012345670123",
      [
        "sakura.default.sakura_local_switch_id: must be the id of a switch as text, and YAML reads a number; put it in quotes, for example '113000000001' (line 30)",
      ],
    ],
    [
      "the sample's stars, an alias to YAML",
      "'113000000001'",
      "******",
      [
        "sakura.default.sakura_local_switch_id: must name an anchor that stands before it and does not hold it; write the value out, or put text that begins with * in quotes (line 30)",
      ],
    ],
    [
      "a key without a value",
      "sakura_zone: tk1a",
      "sakura_zone:",
      ["sakura.default.sakura_zone: must have a value; write for example tk1a (line 32)"],
    ],
    [
      "a gateway outside its network",
      "gateway_ip: 172.23.1.1",
      "gateway_ip: 172.23.2.1",
      [
        'sakura.default.sakura_private_subnet_gateway_ip: must lie in private_network_ipmask, 172.23.1.0/24, got "172.23.2.1"; use the gateway\'s address on that network (line 31)',
      ],
    ],
    [
      "a zone of another region",
      "gcp_zone: asia-northeast1-c",
      "gcp_zone: us-central1-c",
      [
        'gcp.default.gcp_zone: must lie in region asia-northeast1, got "us-central1-c"; correct the zone or the region (line 39)',
      ],
    ],
    [
      "text for true",
      "vmware_allow_unverified_ssl: true",
      "vmware_allow_unverified_ssl: 'yes'",
      [
        'vmware.default.vmware_allow_unverified_ssl: must be true or false, got "yes"; write true or false, without quotes (line 45)',
      ],
    ],
    [
      "a dotted mask for its length",
      "vmware_vsphere_network_mask: 24",
      "vmware_vsphere_network_mask: 255.255.255.0",
      [
        'vmware.default.vmware_vsphere_network_mask: must be a whole number from 0 to 32, got "255.255.255.0"; write for example 24 (line 49)',
      ],
    ],
    [
      "one server where a list should be",
      "ntp_servers: [ntp.example.ac.jp]",
      "ntp_servers: ntp.example.ac.jp",
      [
        'gcp.default.ntp_servers: must be a list of texts, got "ntp.example.ac.jp"; write for example [ntp.nict.jp] (line 41)',
      ],
    ],
    [
      "neither of Proxmox's two names for its nodes",
      '    proxmox_target_node: ["vmconsole"]\n',
      "",
      ["proxmox.default.proxmox_target_node: is required; add for example proxmox_target_node: [vmconsole] (line 61)"],
    ],
    [
      "prefixes that overlap, whatever their providers",
      "private_network_ipmask: 10.0.1.0/24",
      "private_network_ipmask: 10.0.0.0/8",
      [
        'own-openstack.default.private_network_ipmask: must not overlap with azure.default, 10.20.2.0/24, got "10.0.0.0/8"; the controller can route a prefix to one place only; correct one of the two (line 74)',
      ],
    ],
    [
      "a key that is there twice",
      "sakura_zone: tk1a",
      "sakura_zone: tk1a\n    sakura_zone: tk1b",
      ["sakura.default.sakura_zone: must not be there twice; remove one, or rename it (line 33)"],
    ],
    [
      "a version that YAML reads as a number",
      "cci_version: '1.0'",
      "cci_version: 1.0",
      ["cci_version: must be the text '1.0', got 1; put it in quotes: '1.0' (line 1)"],
    ],
    [
      "another version",
      "cci_version: '1.0'",
      "cci_version: '2.0'",
      ["cci_version: must be the text '1.0', got \"2.0\"; write '1.0' (line 1)"],
    ],
    ["no version", "cci_version: '1.0'\n", "", ["cci_version: is required; add cci_version: '1.0' (line 2)"]],
    [
      "a provider's name with a slip",
      "oracle:\n",
      "orcale:\n",
      ["orcale: is not a known provider; did you mean oracle? (line 20)"],
    ],
    [
      "a provider under a name of one's own",
      "oracle:\n",
      "oci:\n",
      ["oci: is not a known provider; did you mean oracle? (line 20)"],
    ],
    [
      "onpremises with a slip",
      "onpremises:\n",
      "onpremise:\n",
      ["onpremise: is not a known provider; did you mean onpremises? (line 75)"],
    ],
    [
      "an empty provider",
      "onpremises:\n  default: {}\n",
      "onpremises:\n",
      ["onpremises: must hold networks by name; write default: {} below it (line 75)"],
    ],
    [
      "an empty network",
      "onpremises:\n  default: {}\n",
      "onpremises:\n  default:\n",
      ["onpremises.default: must be a mapping of keys to values; write default: {} (line 76)"],
    ],
    [
      "merge keys",
      "    azure_location: japaneast\n",
      "    azure_location: japaneast\n    <<: {}\n",
      ['azure.default."<<": is not a known key; write the values out instead of merging them (line 19)'],
    ],
  ])("finds %s", (_, from, to, expected) => {
    const text = GOOD.replace(from, () => to);
    expect(text).not.toBe(GOOD);
    expect(lint(text)).toEqual(expected);
  });

  it("finds networks that stand at the margin, as in an example of the documents", () => {
    expect(lint("cci_version: '1.0'\naws:\ndefault:\n  aws_region: ap-northeast-1\n")).toEqual([
      "aws: must hold networks by name; indent its networks below it, or remove it (line 2)",
      "default: must be a provider, and default is a network's name; indent it below aws (line 3)",
    ]);
  });

  it("lets an OpenStack have any name and any keys, and holds only its common ones to their form", () => {
    const text =
      "cci_version: '1.0'\nmdx1-like:\n  default:\n    network_uuid: 1\n    anything: [a, { b: c }]\n    private_network_ipmask: 10.0.1.5/24\n";
    expect(lint(text)).toEqual([
      'mdx1-like.default.private_network_ipmask: must have no host bits set, got "10.0.1.5/24"; use 10.0.1.0/24 (line 6)',
    ]);
  });

  it("wants aws_spot to be as aws, and one subnet to have one prefix", () => {
    const spot = `  default:\n    aws_region: ap-northeast-1\n    aws_vpc_subnet_id: subnet-0123456789abcdef0\n    aws_vpc_security_group_id: sg-0123456789abcdef0\n    private_network_ipmask: 172.30.3.0/24\n`;
    expect(lint(GOOD.replace("  default: *tokyo\n", spot))).toEqual([
      "aws_spot.default.aws_availability_zone: must be as in aws.default; give aws and aws_spot the same content (line 11)",
      'aws_spot.default.private_network_ipmask: must be as in aws.default, which is the same subnet, got "172.30.3.0/24"; write 172.30.2.0/24, or correct the subnet (line 15)',
      'aws_spot.default.private_network_ipmask: must be as in aws.default, got "172.30.3.0/24"; give aws and aws_spot the same content (line 15)',
    ]);
  });

  it("finds every network that lies in a larger one", () => {
    const network = (name: string, mask: string) => `  ${name}: { private_network_ipmask: ${mask} }\n`;
    const text = `cci_version: '1.0'\nown:\n${network("a", "10.0.0.0/8")}${network("b", "10.1.0.0/16")}${network("c", "10.2.0.0/16")}${network("d", "11.0.0.0/8")}${network("e", "10.0.0.0/8")}`;
    const advice = "the controller can route a prefix to one place only; correct one of the two";
    expect(lint(text)).toEqual([
      `own.b.private_network_ipmask: must not overlap with own.a, 10.0.0.0/8, got "10.1.0.0/16"; ${advice} (line 4)`,
      `own.c.private_network_ipmask: must not overlap with own.a, 10.0.0.0/8, got "10.2.0.0/16"; ${advice} (line 5)`,
      `own.e.private_network_ipmask: must not overlap with own.a, 10.0.0.0/8, got "10.0.0.0/8"; ${advice} (line 7)`,
    ]);
  });

  it.each([
    ["nothing", "", ["must be a mapping of providers; begin with cci_version: '1.0' (line 1)"]],
    ["a list", "- aws\n", ["must be a mapping of providers; begin with cci_version: '1.0' (line 1)"]],
    [
      "a prototype's name as provider",
      "cci_version: '1.0'\nconstructor: 1\n",
      ["constructor: must hold networks by name, got 1; indent its networks below it, or remove it (line 2)"],
    ],
  ])("answers %s", (_, text, expected) => {
    expect(lint(text)).toEqual(expected);
  });

  it("answers any text with problems that have a rule, a fix and a line", () => {
    const damage = fc.record({
      at: fc.nat(GOOD.length),
      length: fc.nat(40),
      insert: fc.oneof(
        fc.string(),
        fc.constantFrom(
          "\t",
          "&a",
          "*a",
          "<<: *tokyo",
          "{",
          "[",
          "- ",
          "? ",
          "!!python/object:x ",
          "null",
          "__proto__:",
        ),
      ),
    });
    const damaged = damage.map(({ at, length, insert }) => GOOD.slice(0, at) + insert + GOOD.slice(at + length));
    fc.assert(
      fc.property(fc.oneof(damaged, fc.string({ unit: "binary" })), (text) => {
        for (const line of lint(text)) expect(line).toMatch(/^[^\n]+; [^\n]+ \(line \d+\)$/);
      }),
      { numRuns: 500 },
    );
  });
});
