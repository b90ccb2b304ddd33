import type { Problem } from "../problems";
import type { Cloud } from "../proposals";
import { cloudEnds, type Draft } from "./draft";

/** An ASN that a cloud doesn't take from the site's side. */
const RESERVED_ON_SITE_SIDE: Readonly<Record<Cloud, { readonly asns: readonly number[]; readonly who: string }>> = {
  /** @see https://docs.aws.amazon.com/vpn/latest/s2svpn/cgw-options.html */
  aws: { asns: [7_224, 9_059, 10_124, 17_943], who: "AWS" },
  /** @see https://docs.oracle.com/en-us/iaas/Content/Network/Tasks/managingIPsec.htm */
  oracle: { asns: [31_898, 65_534], who: "Oracle" },
  /** @see https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-vpn-faq */
  azure: { asns: [8_074, 8_075, 12_076, 65_515, 65_517, 65_518, 65_519, 65_520], who: "Azure" },
};

/** The two ends of a connection have different ASNs, and the site's is none that the cloud keeps for itself. */
export function asnsFit(draft: Draft): Problem[] {
  const ends = new Map(cloudEnds(draft).map((end) => [end.id, end]));
  const told = new Set<string>();
  return [...draft.connections].flatMap(([, connection]) => {
    const controller = draft.controllers.get(connection.controller);
    const end = ends.get(connection.network);
    if (!controller || !end) return [];
    const path = ["controllers", connection.controller, "asn"];
    const { asns, who } = RESERVED_ON_SITE_SIDE[end.cloud];
    const rule =
      controller.asn === end.asn
        ? `must differ from ${end.path.join(".")}.asn`
        : asns.includes(controller.asn)
          ? `must not be reserved by ${who}`
          : undefined;
    if (rule === undefined || told.has(`${connection.controller} ${rule}`)) return [];
    told.add(`${connection.controller} ${rule}`);
    return [{ path, rule, got: controller.asn as number, fix: "give each side its own ASN, for example 65010" }];
  });
}

/** @see https://docs.aws.amazon.com/vpc/latest/tgw/tgw-transit-gateways.html (amazon side ASN) */
const AWS_SIDE_RANGES = [
  [64_512, 65_534],
  [4_200_000_000, 4_294_967_294],
] as const;

/** ASNs that the cloud's own side can't have. */
export function cloudAsnsFit(draft: Draft): Problem[] {
  const aws = [...draft.aws].flatMap(([key, { asn }]) =>
    AWS_SIDE_RANGES.some(([first, last]) => first <= asn && asn <= last)
      ? []
      : [
          {
            path: ["networks", "aws", key, "asn"],
            rule: "must be from 64512 to 65534 or from 4200000000 to 4294967294",
            got: asn as number,
            fix: "use for example 64512",
          },
        ],
  );
  const azureReserved = RESERVED_ON_SITE_SIDE.azure.asns.filter((asn) => asn !== 65_515);
  const azure = [...draft.azure].flatMap(([key, { asn }]) =>
    azureReserved.includes(asn)
      ? [
          {
            path: ["networks", "azure", key, "asn"],
            rule: "must not be reserved by Azure",
            got: asn as number,
            fix: "use 65515, Azure's own default",
          },
        ]
      : [],
  );
  return [...aws, ...azure];
}
