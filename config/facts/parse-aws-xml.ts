import { XMLParser, XMLValidator } from "fast-xml-parser";
import * as z from "zod";
import type { Problem } from "../problems";
import { ipAddress } from "../schema/fields";
import type { Cidr } from "../values/cidr";
import { addressAt, toRange } from "../values/cidr";
import { type IpAddress, toIpAddress, toNumber } from "../values/ip-address";
import { at, factProblem, type Place, toFactProblems } from "./fact-problem";

/** What an AWS customer_gateway_configuration says about its connection. Its ciphers are a sample's and are left out. */
export interface AwsConfiguration {
  readonly vpnConnectionId: string;
  readonly isStatic: boolean;
  /** In the file's order, which means nothing. */
  readonly tunnels: readonly AwsTunnel[];
}

export interface AwsTunnel {
  readonly place: Place;
  readonly insideCidr: Cidr;
  readonly controllerAddress: IpAddress;
  readonly controllerInsideAddress: IpAddress;
  readonly cloudAddress: IpAddress;
  readonly cloudInsideAddress: IpAddress;
  readonly presharedKey: string;
  readonly controllerAsn?: number;
  readonly cloudAsn?: number;
}

/** A connection's XML is about 4 kB. */
const MAX_XML_LENGTH = 256 * 1024;
const MAX_NESTED_TAGS = 16;
const DOWNLOAD_AGAIN = "download it again, and change nothing in it";

/** AWS also takes periods and underscores, and puts them in the keys that it makes. @see https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html */
const AWS_KEY_PATTERN = /^[1-9A-Za-z._][0-9A-Za-z._]{7,63}$/;

const address = z.object({ ip_address: ipAddress("An address.") });
const asnText = z
  .string()
  .regex(/^\d{1,10}$/)
  .transform(Number);
const end = z.object({
  tunnel_outside_address: address,
  tunnel_inside_address: address.extend({
    network_cidr: z.literal("30", { error: () => "must be 30; this is not an AWS connection's file" }),
  }),
  bgp: z.object({ asn: asnText }).optional(),
});
const ipsecTunnel = z.object({
  customer_gateway: end,
  vpn_gateway: end,
  ike: z.object({
    pre_shared_key: z.string().regex(AWS_KEY_PATTERN, {
      error: () => "must be 8 to 64 letters, digits, periods and underscores, not beginning with 0",
    }),
  }),
});
const vpnConnection = z.object({
  id: z.string().regex(/^vpn-[0-9a-z]{8,20}$/, { error: () => "must be the id of a VPN connection" }),
  vpn_connection_attributes: z.string().optional(),
  ipsec_tunnel: z.array(ipsecTunnel).length(2, { error: () => "must be two" }),
});

/** Reads one XML text. Never throws: without a configuration, `problems` says why. */
export function parseAwsXml(
  place: Place,
  xml: string,
): { configuration?: AwsConfiguration; problems: readonly Problem[] } {
  const refuse = (rule: string) => ({ problems: [factProblem(place, rule, DOWNLOAD_AGAIN)] });
  if (xml.length > MAX_XML_LENGTH) return refuse(`must be at most ${MAX_XML_LENGTH / 1024} KiB of XML`);
  if (/<!\s*(DOCTYPE|ENTITY)/i.test(xml)) return refuse("must have no DOCTYPE");
  const root = parseXml(xml);
  if (typeof root === "string") return refuse(root);
  if (typeof root.vpn_connection !== "object")
    return refuse("must be AWS's customer_gateway_configuration, whose root is vpn_connection");
  const here = at(place, "vpn_connection");
  const parsed = vpnConnection.safeParse(root.vpn_connection);
  if (!parsed.success)
    return { problems: toFactProblems(here, vpnConnection, parsed.error.issues, root.vpn_connection, DOWNLOAD_AGAIN) };
  const { id, vpn_connection_attributes, ipsec_tunnel } = parsed.data;
  const tunnels = ipsec_tunnel.map((tunnel, index) => toTunnel(at(here, "ipsec_tunnel", index), tunnel));
  const problems = tunnels.flatMap(checkTunnel);
  if (problems.length > 0) return { problems };
  return {
    configuration: { vpnConnectionId: id, isStatic: vpn_connection_attributes === "NoBGPVPNConnection", tunnels },
    problems,
  };
}

/** The root as plain objects, or the rule that it breaks. The libraries' messages quote the text, so they are not shown. */
function parseXml(xml: string): Record<string, unknown> | string {
  const verdict = XMLValidator.validate(xml);
  if (verdict !== true) return `must be well-formed XML (line ${verdict.err.line})`;
  try {
    const parser = new XMLParser({
      processEntities: false,
      ignoreAttributes: false,
      attributeNamePrefix: "",
      parseTagValue: false,
      parseAttributeValue: false,
      maxNestedTags: MAX_NESTED_TAGS,
      isArray: (name) => name === "ipsec_tunnel",
    });
    return parser.parse(xml) as Record<string, unknown>;
  } catch {
    return "must be well-formed XML";
  }
}

function toTunnel(place: Place, tunnel: z.output<typeof ipsecTunnel>): AwsTunnel {
  const cloudInsideAddress = tunnel.vpn_gateway.tunnel_inside_address.ip_address;
  const network = toIpAddress(toNumber(cloudInsideAddress) - (toNumber(cloudInsideAddress) % 4));
  return {
    place,
    insideCidr: `${network}/30` as Cidr,
    controllerAddress: tunnel.customer_gateway.tunnel_outside_address.ip_address,
    controllerInsideAddress: tunnel.customer_gateway.tunnel_inside_address.ip_address,
    cloudAddress: tunnel.vpn_gateway.tunnel_outside_address.ip_address,
    cloudInsideAddress,
    presharedKey: tunnel.ike.pre_shared_key,
    controllerAsn: tunnel.customer_gateway.bgp?.asn,
    cloudAsn: tunnel.vpn_gateway.bgp?.asn,
  };
}

/** AWS has the first address of a tunnel's /30, the customer the second. */
function checkTunnel({ place, insideCidr, cloudInsideAddress, controllerInsideAddress }: AwsTunnel): Problem[] {
  const wanted = [
    ["vpn_gateway", addressAt(insideCidr, 1), cloudInsideAddress],
    ["customer_gateway", addressAt(insideCidr, 2), controllerInsideAddress],
  ] as const;
  return wanted
    .filter(([, expected, got]) => toRange(`${expected}/32` as Cidr).first !== toNumber(got))
    .map(([side, expected, got]) =>
      factProblem(at(place, side, "tunnel_inside_address", "ip_address"), `must be ${expected}`, DOWNLOAD_AGAIN, got),
    );
}
