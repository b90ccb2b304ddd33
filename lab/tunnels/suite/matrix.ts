import type { Boot, Case } from "./boot";
import type { SiteVariant } from "./site-variant";

const VERSIONS = [
  { libreswan: "4.10", suite: "bookworm" },
  { libreswan: "5.2", suite: "trixie" },
] as const;
const CLOUDS = ["aws", "oracle", "azure"] as const;
const CONNECTION = { aws: "tokyo-aws", oracle: "tokyo-oracle", azure: "tokyo-azure" } as const;
const SAID = { aws: "AWS", oracle: "OCI", azure: "Azure" } as const;

/** Every cloud × routing × Libreswan × NAT, the three clouds of one such site in one boot, and what only needs to be seen once a version. */
export function matrix(): Boot[] {
  return VERSIONS.flatMap(({ libreswan, suite }) =>
    (["bgp", "static"] as const).flatMap((routing) =>
      [true, false].map((isBehindNat): Boot => {
        const name = `${libreswan}/${isBehindNat ? "nat" : "direct"}/${routing}`;
        const variant: SiteVariant = { libreswan, routing, isBehindNat, clouds: CLOUDS };
        return { name, suite, variant, cases: [...standardCases(name, variant)] };
      }),
    ),
  );
}

export function standardCases(name: string, { clouds, routing, libreswan, isBehindNat }: SiteVariant): Case[] {
  const place = isBehindNat ? "behind NAT" : "with a public address of its own";
  return [
    {
      id: `${name}/install`,
      proves: `install.sh on a fresh Debian, Libreswan ${libreswan} ${place}: ${clouds.length === 1 ? "both tunnels" : "all tunnels of three clouds at once"} come up by ${routing === "bgp" ? "BGP" : "static routes"}`,
      seconds: 240,
      call: "case_install",
    },
    ...clouds.map((cloud) => ({
      id: `${name}/${cloud}`,
      proves: `${SAID[cloud]}: both tunnels, one carrying and one standing by; traffic both ways, in ESP alone; full-size TCP at the clamped MSS`,
      seconds: 120,
      call: `case_connection ${CONNECTION[cloud]}`,
    })),
    {
      id: `${name}/status`,
      proves: "kakehashi-status finds all well, exit status 0",
      seconds: 60,
      call: "case_status_well",
    },
  ];
}
