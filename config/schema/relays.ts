import * as z from "zod";
import { cidr, key, oneOf, plainText, tokenEpoch, vendorId } from "./fields";

/** A network that a relay may stand in. */
export const RELAY_NETWORK_PATTERN = /^(aws|oracle)\/[a-z][a-z0-9-]{0,39}$/;

/** An API in one cloud that carries alarms of the others home. */
export const relay = z
  .strictObject({
    description: plainText("For people.").optional(),
    network: vendorId("aws/key or oracle/key of a network", RELAY_NETWORK_PATTERN, "aws/tokyo"),
    connection: key.meta({ description: "The connection that carries the message home.", examples: ["tokyo-aws"] }),
    chat: key.meta({ description: "The entry of `chats` that is told.", examples: ["campus"] }),
    subnets: z
      .array(key)
      .default([])
      .meta({ description: "aws: private subnets of the network that the notifier stands in; two zones are better." }),
    gatewayCidr: cidr(
      "oracle: prefix of a public subnet that is made for the API gateway; a /28 is enough.",
      "10.10.250.0/28",
    ).optional(),
    functionCidr: cidr(
      "oracle: prefix of a private subnet that is made for the functions; a /28 is enough.",
      "10.10.250.16/28",
    ).optional(),
    wayOut: oneOf(
      ["endpoints", "nat"],
      "aws: how the notifier reaches AWS's own services. endpoints: made here, billed by the hour and zone. nat: a NAT gateway or endpoints that the VPC has.",
    ).default("endpoints"),
    allow: z.array(cidr("A prefix.", "192.0.2.10/32")).default([]).meta({
      description:
        "Who may call at all: the NAT addresses of the forwarders, which their stacks print. Default: anybody who has the token.",
    }),
    tokenEpoch,
    manageLogRole: z.boolean().default(true).meta({
      description:
        "aws: whether the role that API Gateway writes logs as is set by this site. An account has one a region: false where another site or team has set it.",
    }),
  })
  .meta({ description: "An API that carries alarms to a chat server over one cloud's VPN." });

export type RelayInput = z.output<typeof relay>;
