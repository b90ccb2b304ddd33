import * as z from "zod";
import { parsePortRange } from "../values/port-range";
import { awsAccountId, roleArn } from "./accounts";
import { asn, cidr, oneOf, text, vendorId } from "./fields";
import { CLASSIC_LINK_ADVICE, isClassicLink } from "./retired-words";

const networkId = vendorId("aws/key of a network", /^aws\/[a-z][a-z0-9-]{0,39}$/, "aws/tokyo");

const allow = z
  .array(
    z.strictObject({
      protocol: oneOf(["all", "tcp", "udp", "icmp"], "What may come in."),
      ports: text(parsePortRange, { description: "Port or range, for tcp and udp.", examples: ["22"] }).optional(),
    }),
  )
  .min(1)
  .max(20)
  .meta({ description: "What each side lets in from the other." });

const peerVpc = z
  .strictObject({
    vpcId: vendorId("the id of an existing VPC", /^vpc-[0-9a-f]{8,17}$/, "vpc-0123456789abcdef0"),
    cidrs: z
      .array(cidr("A prefix of the VPC.", "172.31.0.0/16"))
      .min(1)
      .max(5)
      .meta({ description: "All of its prefixes." }),
    region: vendorId("an AWS region", /^[a-z]{2}(-[a-z]+)+-\d$/, "ap-northeast-1"),
    accountId: awsAccountId("the AWS account that owns the VPC, 12 digits in quotes").optional(),
    roleArn: roleArn("the ARN of a role to take on in the peer's account").optional(),
    routeTableIds: z
      .array(vendorId("the id of a route table", /^rtb-[0-9a-f]{8,17}$/, "rtb-0123456789abcdef0"))
      .default([])
      .meta({ description: "Its route tables that shall know the way back." }),
    securityGroupId: vendorId(
      "the id of an existing security group",
      /^sg-[0-9a-f]{8,17}$/,
      "sg-0123456789abcdef0",
    ).optional(),
  })
  .meta({ description: "A VPC that no other part of this file knows." });

/** @see https://docs.aws.amazon.com/vpc/latest/peering/what-is-vpc-peering.html */
export const peering = z
  .discriminatedUnion(
    "type",
    [
      z.strictObject({
        type: z.literal("vpc").meta({ description: "Two VPCs, of any region and account.", examples: ["vpc"] }),
        network: networkId,
        peerNetwork: networkId.optional(),
        peerVpc: peerVpc.optional(),
        dns: z.boolean().default(true).meta({
          description: "Each side resolves the other's public host names to private addresses.",
        }),
        allow,
      }),
      z.strictObject({
        type: z.literal("transit").meta({ description: "Several VPCs of one region, around a Transit Gateway." }),
        networks: z
          .array(networkId)
          .min(2)
          .max(50)
          .meta({ description: "Who reaches whom: all of these, each other." }),
        asn: asn("The Transit Gateway's ASN.", 64600).prefault(64600),
        allow,
      }),
    ],
    {
      error: (issue) => {
        if (issue.code !== "invalid_union") return undefined;
        const { type } = issue.input as { type?: unknown };
        if (typeof type === "string" && isClassicLink(type))
          return `${CLASSIC_LINK_ADVICE.rule}; ${CLASSIC_LINK_ADVICE.fix}`;
        return "must have a type that is one of vpc, transit; use for example vpc";
      },
    },
  )
  .meta({ description: "Networks that reach each other as one LAN." });

export type PeeringInput = z.output<typeof peering>;
