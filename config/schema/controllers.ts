import * as z from "zod";
import { asn, cidr, ipAddress, oneOf, plainText, vendorId } from "./fields";

/** Libreswan versions whose dialect is known, with the distribution that ships each. */
export const LIBRESWAN_VERSIONS = ["3.32", "4.10", "4.14", "5.2"] as const;
export type LibreswanVersion = (typeof LIBRESWAN_VERSIONS)[number];

const VERSION_FIX = 'write what `ipsec --version` prints on the controller, for example "4.10"';

/** Without quotes YAML reads 4.10 as the number 4.1. */
function adviseVersion(value: unknown): string {
  const meant = LIBRESWAN_VERSIONS.find((version) => Number(version) === value);
  if (meant) return `must be in quotes, or YAML reads it as a number; write "${meant}"`;
  const known = '"3.32" (Ubuntu 22.04), "4.10" (Debian 12), "4.14" (Ubuntu 24.04), "5.2" (Debian 13)';
  return `must be one of ${known}, in quotes; ${VERSION_FIX}`;
}

const libreswan = z
  .enum(LIBRESWAN_VERSIONS, { error: (issue) => adviseVersion(issue.input) })
  .meta({ description: "What `ipsec --version` prints on the controller, in quotes.", examples: ["4.10"] });

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/;

const vcController = z
  .strictObject({
    dnsName: vendorId("a DNS name", HOST_NAME, "vcc.example.ac.jp").optional(),
    registryAddress: vendorId("the address of the base images' registry", HOST_NAME, "harbor.vcloud.nii.ac.jp").default(
      "harbor.vcloud.nii.ac.jp",
    ),
    certificates: z
      .boolean()
      .default(false)
      .meta({ description: "Make a private CA and a server certificate for the VC controller." }),
  })
  .meta({ description: "Set where this controller also runs NII's portable VC controller." });

export const controller = z
  .strictObject({
    description: plainText("For people; appears in comments.", "main campus").optional(),
    publicIp: ipAddress("The address that the clouds see."),
    privateIp: ipAddress("The controller's own address on the interface that leads to the Internet.", "10.0.2.15"),
    subnets: z
      .array(cidr("A prefix behind the controller."))
      .min(1)
      .max(200)
      .meta({ description: "On-premises prefixes that the clouds may reach." }),
    asn: asn("The site's BGP ASN, a private one as a rule."),
    behindNat: z.boolean().optional().meta({
      description:
        "Whether NAT stands between the controller and the clouds. Default: publicIp differs from privateIp.",
    }),
    libreswan,
    language: oneOf(["en", "ja"], "The language in which kakehashi-status speaks on this controller.").default("en"),
    vcController: vcController.optional(),
  })
  .meta({ description: "An on-premises Debian or Ubuntu machine that runs Libreswan." });

export type ControllerInput = z.output<typeof controller>;
