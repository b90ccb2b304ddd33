import * as z from "zod";
import { parsePlainText } from "../values/plain-text";
import { asn, cidr, ipAddress, key, oneOf, plainText, text, vendorId } from "./fields";

const DESCRIPTION = plainText("For people; appears in comments and in the picture.", "research").optional();

const SUBNETS = "Subnets by key; each is an entry of the VPN catalog, under its key.";

// ---- AWS

const awsSubnet = z.strictObject({
  cidr: cidr("The subnet's prefix, inside the network's.", "172.30.2.0/24"),
  availabilityZone: vendorId("an AWS availability zone", /^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, "ap-northeast-1a"),
  public: z.boolean().default(false).meta({ description: "Routes to an internet gateway." }),
  subnetId: vendorId("the id of an existing subnet", /^subnet-[0-9a-f]{8,17}$/, "subnet-0123456789abcdef0").optional(),
});

export const awsNetwork = z
  .strictObject({
    description: DESCRIPTION,
    region: vendorId("an AWS region", /^[a-z]{2}(-[a-z]+)+-\d$/, "ap-northeast-1"),
    cidr: cidr("The VPC's prefix.", "172.30.0.0/16"),
    asn: asn("The AWS side's BGP ASN.", 64512).prefault(64512),
    gateway: oneOf(
      ["vpn", "transit"],
      "vpn: a virtual private gateway. transit: a Transit Gateway (needed for ECMP, and for many networks).",
    ).default("vpn"),
    natGateway: key.optional().meta({
      description: "Key of the public subnet that a NAT gateway stands in, for the private ones. Default: none.",
    }),
    subnets: z.record(key, awsSubnet).meta({ description: SUBNETS }),
    existing: z
      .strictObject({
        vpcId: vendorId("the id of an existing VPC", /^vpc-[0-9a-f]{8,17}$/, "vpc-0123456789abcdef0"),
        vpnGatewayId: vendorId(
          "the id of an existing virtual private gateway",
          /^vgw-[0-9a-f]{8,17}$/,
          "vgw-0123456789abcdef0",
        ).optional(),
        transitGatewayId: vendorId(
          "the id of an existing Transit Gateway",
          /^tgw-[0-9a-f]{8,17}$/,
          "tgw-0123456789abcdef0",
        ).optional(),
        routeTableIds: z
          .array(vendorId("the id of a route table", /^rtb-[0-9a-f]{8,17}$/, "rtb-0123456789abcdef0"))
          .default([])
          .meta({ description: "Route tables that shall learn the site's prefixes. Default: none is touched." }),
        securityGroupId: vendorId(
          "the id of an existing security group",
          /^sg-[0-9a-f]{8,17}$/,
          "sg-0123456789abcdef0",
        ),
      })
      .optional()
      .meta({ description: "A VPC that exists: the connection is added, nothing of the VPC's own is managed." }),
  })
  .meta({ description: "A VPC." });

// ---- OCI

/** @see https://docs.oracle.com/en-us/iaas/Content/General/Concepts/identifiers.htm */
const ocidPattern = (types: string) =>
  new RegExp(`^ocid1\\.(${types})\\.[a-z0-9]+\\.[a-z0-9-]*(\\.[a-z0-9-]*)?\\.[a-z0-9]{1,200}$`);

const ocid = (kind: string) =>
  vendorId(`the OCID of a ${kind}`, ocidPattern(kind.toLowerCase()), `ocid1.${kind.toLowerCase()}.oc1..aaaaexample`);

const oracleSubnet = z.strictObject({
  cidr: cidr("The subnet's prefix, inside the network's.", "10.10.2.0/24"),
  availabilityDomain: vendorId(
    "an OCI availability domain as the console shows it for your tenancy",
    /^[A-Za-z0-9]{4}:[A-Z0-9-]+-AD-\d$/,
    "aBCD:AP-TOKYO-1-AD-1",
  ),
  subnetId: ocid("subnet").optional(),
});

export const oracleNetwork = z
  .strictObject({
    description: DESCRIPTION,
    region: vendorId("an OCI region", /^[a-z]{2,3}(-[a-z]+)+-\d$/, "ap-tokyo-1"),
    tenancyId: ocid("tenancy"),
    compartmentId: vendorId(
      "the OCID of a compartment (or of the tenancy)",
      ocidPattern("compartment|tenancy"),
      "ocid1.compartment.oc1..aaaaexample",
    ),
    cidr: cidr("The VCN's prefix.", "10.10.0.0/16"),
    subnets: z.record(key, oracleSubnet).meta({ description: SUBNETS }),
    existing: z
      .strictObject({
        vcnId: ocid("VCN"),
        drgId: ocid("drg").meta({ description: "The DRG that the VCN is attached to." }),
      })
      .optional()
      .meta({
        description: "A VCN that exists: the connection is added to its DRG, nothing of the VCN's own is managed.",
      }),
  })
  .meta({ description: "A VCN." });

// ---- Azure

/** @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules */
const azureName = (what: string, maxLength: number, example: string) =>
  vendorId(`the name of ${what}`, new RegExp(`^[A-Za-z0-9]([\\w.-]{0,${maxLength - 2}}\\w)?$`), example);

/** Azure takes letters of any script here. */
const RESOURCE_GROUP_NAME = /^[\p{L}\p{N}_().-]{0,89}[\p{L}\p{N}_()-]$/u;

const azureSubnet = z.strictObject({
  cidr: cidr("The subnet's prefix, inside the network's.", "10.20.2.0/24"),
  subnetName: azureName("an existing subnet", 80, "default").optional(),
});

export const azureNetwork = z
  .strictObject({
    description: DESCRIPTION,
    location: vendorId("an Azure location", /^[a-z]+\d?$/, "japaneast"),
    cidr: cidr("The VNet's prefix.", "10.20.0.0/16"),
    gatewaySubnet: cidr(
      "The GatewaySubnet's prefix, /27 or larger, inside the network's.",
      "10.20.255.0/27",
    ).optional(),
    asn: asn("The Azure side's BGP ASN.", 65515).prefault(65515),
    sku: oneOf(
      ["VpnGw1AZ", "VpnGw2AZ", "VpnGw3AZ", "VpnGw4AZ", "VpnGw5AZ"],
      "The gateway's size. Only zone-redundant ones can still be made.",
    ).default("VpnGw1AZ"),
    subnets: z.record(key, azureSubnet).meta({ description: SUBNETS }),
    existing: z
      .strictObject({
        resourceGroup: vendorId("the name of an existing resource group", RESOURCE_GROUP_NAME, "network"),
        vnetName: azureName("an existing VNet", 64, "research"),
        securityGroupName: azureName("an existing network security group", 80, "research-nsg"),
        gatewayName: azureName("an existing active-active VPN gateway", 80, "research-gateway"),
        publicIpNames: z
          .tuple([
            azureName("the first instance's public IP", 80, "research-ip-1"),
            azureName("the second instance's public IP", 80, "research-ip-2"),
          ])
          .meta({ description: "The names of its two public IPs, the first instance's first." }),
      })
      .optional()
      .meta({
        description: "A VNet that exists with its VPN gateway: the connection is added, nothing else is managed.",
      }),
  })
  .meta({ description: "A VNet." });

// ---- Entries of the VPN catalog for networks that exist

const sakuraSubnet = z.strictObject({
  zone: oneOf(["is1a", "is1b", "is1c", "tk1a", "tk1b", "tk1v"], "A zone of Sakura Cloud."),
  cidr: cidr("The switch's prefix.", "172.23.1.0/24"),
  localSwitchId: vendorId("the id of a Sakura Cloud switch", /^\d{9,14}$/, "113000000001"),
  gatewayIp: ipAddress("The router on that switch.", "172.23.1.1"),
  addressPool: z
    .array(
      z
        .string()
        .meta({ description: "An address or a range of addresses for VC nodes.", examples: ["172.23.1.2-172.23.1.6"] }),
    )
    .min(1)
    .max(64)
    .meta({ description: "Addresses that VC nodes may get." }),
});

export const sakuraNetwork = z
  .strictObject({ description: DESCRIPTION, subnets: z.record(key, sakuraSubnet).meta({ description: SUBNETS }) })
  .meta({ description: "Switches of Sakura Cloud that exist." });

const catalogValue = z.union([text(parsePlainText, { description: "Any text." }), z.number(), z.boolean()]);

const freeSubnet = z
  .strictObject({
    cidr: cidr("The network's prefix (private_network_ipmask in the catalog).", "192.168.10.0/24").optional(),
    values: z
      .record(
        z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, {
          error: () => "must be lower-case letters, digits and underscores; use for example os_network_id",
        }),
        catalogValue,
      )
      .default({})
      .meta({ description: "Further keys of the catalog entry, as the VC controller's plug-in names them." }),
  })
  .meta({ description: "An entry of the VPN catalog." });

export const freeNetwork = z
  .strictObject({ description: DESCRIPTION, subnets: z.record(key, freeSubnet).meta({ description: SUBNETS }) })
  .meta({ description: "A network that exists, as entries of the VPN catalog with keys of your own." });
