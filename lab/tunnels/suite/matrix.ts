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
        return {
          name,
          suite,
          variant,
          cases: [
            ...standardCases(name, variant),
            // NAT has no part in it: each routing's fail-over is tried once a version.
            ...(isBehindNat === (routing === "bgp") ? CLOUDS.map((cloud) => failover(name, routing, cloud)) : []),
          ],
        };
      }),
    ),
  );
}

/**
 * Far from what is measured by bench:tunnel, as other jobs may run beside, and still less than pluto's liveness (15 s) and BGP's hold time
 * (30 s) take. With static routes what the cloud sends waits for the cloud's own dead peer detection: the controller can't
 * hasten that.
 */
function failover(name: string, routing: "bgp" | "static", cloud: (typeof CLOUDS)[number]): Case {
  const most = routing === "bgp" ? { out: 9_000, in: 20_000 } : { out: 9_000, in: 60_000 };
  return {
    id: `${name}/${cloud}/failover`,
    proves: `${SAID[cloud]}: the path that carries is black-holed: traffic goes on by the other tunnel, out within ${most.out / 1000} s, in within ${most.in / 1000} s`,
    seconds: 200,
    call: `case_failover ${CONNECTION[cloud]} ${most.out} ${most.in}`,
  };
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
