import * as z from "zod";
import { cidr, ipAddress, key, oneOf, plainText, secretRef, vendorId } from "./fields";

/** `aws/tokyo` */
export const NETWORK_ID_PATTERN = /^(aws|oracle|azure)\/[a-z][a-z0-9-]{0,39}$/;

const tunnel = z
  .strictObject({
    insideCidr: cidr(
      "The /30 inside the tunnel: the cloud has its first address, the controller the second. Default: derived from the connection's name.",
      "169.254.64.0/30",
    ).optional(),
    psk: secretRef("A key of your own instead of one that Terraform makes.").optional(),
    pskEpoch: z
      .number()
      .int()
      .min(1)
      .max(1_000_000)
      .default(1)
      .meta({ description: "Raise it by one to make a new key for this tunnel." }),
  })
  .meta({ description: "One IPsec tunnel of a connection." });

const EMPTY_TUNNEL = { pskEpoch: 1 };

export const connection = z
  .strictObject({
    description: plainText("For people; appears in comments.").optional(),
    controller: key.meta({ description: "Key of a controller." }),
    network: vendorId("provider/key of a network", NETWORK_ID_PATTERN, "aws/tokyo"),
    routing: oneOf(["bgp", "static"], "How routes are learnt."),
    mode: oneOf(
      ["route-based", "policy-based"],
      "policy-based only for a peer that must have one prefix pair; it needs static routing.",
    ).default("route-based"),
    balance: oneOf(
      ["active-standby", "active-active"],
      "active-standby: tunnel 1 carries, tunnel 2 stands by, both up. active-active: both carry.",
    ).default("active-standby"),
    probe: ipAddress(
      "An address in the network that answers ping through both tunnels; static routing on Azure needs it for a fast fail-over.",
      "10.20.2.4",
    ).optional(),
    tunnels: z
      .strictObject({ 1: tunnel.default(EMPTY_TUNNEL), 2: tunnel.default(EMPTY_TUNNEL) })
      .default({ 1: EMPTY_TUNNEL, 2: EMPTY_TUNNEL })
      .meta({ description: "What is special about a tunnel." }),
  })
  .meta({ description: "A VPN between one controller and one network: two tunnels." });

export type ConnectionInput = z.output<typeof connection>;
