import type { Problem } from "../problems";
import { type CloudEnd, cloudEnds, type Draft } from "./draft";

/**
 * ASNs that Amazon keeps for itself in one region, or in all.
 * @see https://docs.aws.amazon.com/vpn/latest/s2svpn/cgw-options.html
 */
const AWS_RESERVED: readonly { readonly asn: number; readonly region?: string }[] = [
  { asn: 7_224 },
  { asn: 9_059, region: "eu-west-1" },
  { asn: 10_124, region: "ap-northeast-1" },
  { asn: 17_943, region: "ap-southeast-1" },
];

/** @see https://docs.oracle.com/en-us/iaas/Content/Network/Concepts/fastconnectrequirements.htm (65534 isn't available) */
const ORACLE_RESERVED: readonly number[] = [14_544, 31_898, 65_534];

/** @see https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-vpn-faq (Azure's own, and those for on-premises) */
const AZURE_RESERVED: readonly number[] = [8_074, 8_075, 12_076, 65_517, 65_518, 65_519, 65_520];
const AZURE_DEFAULT = 65_515;

/** The two ends of a connection have different ASNs, and the site's is none that the cloud keeps for itself. */
export function asnsFit(draft: Draft): Problem[] {
  const ends = new Map(cloudEnds(draft).map((end) => [end.id, end]));
  const told = new Set<string>();
  return [...draft.connections.values()].flatMap(({ controller: name, network }): Problem[] => {
    const asn = draft.controllers.get(name)?.asn;
    const end = ends.get(network);
    const broken = asn !== undefined && end && brokenRule(asn, end);
    if (!broken || told.has(`${name} ${broken.rule}`)) return [];
    told.add(`${name} ${broken.rule}`);
    return [{ path: ["controllers", name, "asn"], got: asn as number, ...broken }];
  });
}

const RESERVED_FIX = "use for example 65010";

function brokenRule(asn: number, end: CloudEnd): Pick<Problem, "rule" | "fix"> | undefined {
  if (asn === end.asn && end.cloud !== "oracle") {
    const example = asn === 65_010 ? 65_020 : 65_010;
    return {
      rule: `must differ from ${end.path.join(".")}.asn`,
      fix: `give each side its own ASN, for example ${example}`,
    };
  }
  switch (end.cloud) {
    case "aws": {
      const reserved = AWS_RESERVED.find((one) => one.asn === asn && (one.region ?? end.region) === end.region);
      const where = reserved?.region ? ` in ${reserved.region}` : "";
      return reserved && { rule: `must not be reserved by AWS${where}`, fix: RESERVED_FIX };
    }
    case "oracle":
      return ORACLE_RESERVED.includes(asn) ? { rule: "must not be reserved by Oracle", fix: RESERVED_FIX } : undefined;
    case "azure":
      return AZURE_RESERVED.includes(asn) || asn === AZURE_DEFAULT
        ? { rule: "must not be reserved by Azure", fix: RESERVED_FIX }
        : undefined;
  }
}

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpnGateway.html (AmazonSideAsn) */
const AWS_SIDE_RANGES = [
  [64_512, 65_534],
  [4_200_000_000, 4_294_967_294],
] as const;

/** ASNs that the cloud's own side can't have. */
export function cloudAsnsFit(draft: Draft): Problem[] {
  const aws = [...draft.aws].flatMap(([key, { asn, region, existing }]) => {
    if (AWS_SIDE_RANGES.some(([first, last]) => first <= asn && asn <= last)) return [];
    // Virtual private gateways made before July 2018 have Amazon's public ASN of their region.
    if (existing && AWS_RESERVED.some((one) => one.asn === asn && (one.region ?? region) === region)) return [];
    const rule = "must be from 64512 to 65534 or from 4200000000 to 4294967294";
    return [{ path: ["networks", "aws", key, "asn"], rule, got: asn as number, fix: "use for example 64512" }];
  });
  const azure = [...draft.azure].flatMap(([key, { asn }]) =>
    AZURE_RESERVED.includes(asn)
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
