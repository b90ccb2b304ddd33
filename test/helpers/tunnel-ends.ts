import { Testing } from "cdktf";
import type { AwsNetwork, AzureNetwork, Controller, OracleNetwork, Site } from "../../config/site";
import type { ConnectionFacts } from "../../config/tunnel-facts";
import { planController } from "../../libreswan/plan-controller";
import { renderController } from "../../libreswan/render-controller";
import { AwsNetworkStack } from "../../stacks/aws-network-stack";
import { AzureNetworkStack } from "../../stacks/azure-network-stack";
import { OracleNetworkStack } from "../../stacks/oracle-network-stack";

/** What one end of a tunnel was told, in words of neither: read back from the files that each end gets. */
export interface TunnelEnd {
  readonly ike: readonly string[];
  readonly esp: readonly string[];
  /** Undefined where the cloud has it fixed. */
  readonly ikeLifetimeSeconds?: number;
  readonly childLifetimeSeconds: number;
  readonly isIkev2Only: boolean;
  /** Seconds before the child's end in which this end begins a rekey, where it is told. */
  readonly rekeyWindow?: readonly [latest: number, earliest: number];
  /** Seconds of silence after which this end gives the other up. */
  readonly deadAfterSeconds: number;
  readonly controllerId: string;
  readonly mayCloudInitiate: boolean;
  readonly doesControllerInitiate?: boolean;
  readonly inside?: { readonly controller: string; readonly cloud: string };
  readonly selectors: { readonly controller: string; readonly cloud: string };
  readonly bgp?: { readonly controllerAsn: number; readonly cloudAsn?: number; readonly peerOfCloud?: string };
  /** Prefixes for which the cloud has static routes to the controller. */
  readonly staticPrefixes?: readonly string[];
}

const ANY = { controller: "0.0.0.0/0", cloud: "0.0.0.0/0" };

// ---- The controller's end, from the files that render writes

export function controllerEnds(
  site: Site,
  controller: Controller,
  facts: ReadonlyMap<string, ConnectionFacts>,
): Map<string, TunnelEnd> {
  const files = new Map(
    renderController(planController(site, controller, facts)).map(({ path, content }) => [path, content]),
  );
  const conns = [...files]
    .filter(([path]) => path.startsWith("etc/ipsec.d/") && path.endsWith(".conf"))
    .flatMap(([, text]) => parseConns(text));
  const rows = parseRows(files.get("etc/kakehashi/tunnels") ?? "");
  const frr = files.get("etc/frr/frr.conf") ?? "";
  return new Map(
    conns.map(([name, conn]) => [name, controllerEnd(conn, rows.get(name) as Record<string, string>, frr)]),
  );
}

function controllerEnd(
  conn: Readonly<Record<string, string>>,
  row: Readonly<Record<string, string>>,
  frr: string,
): TunnelEnd {
  const seconds = (key: string) => Number.parseInt(conn[key] ?? "", 10);
  const margin = seconds("rekeymargin");
  const hasInside = row.cloud_inside !== "-";
  return {
    ike: (conn.ike ?? "").split(",").map((one) => readLibreswan(one, "ike")),
    esp: (conn.esp ?? "").split(",").map((one) => readLibreswan(one, "esp")),
    ikeLifetimeSeconds: seconds("ikelifetime"),
    childLifetimeSeconds: conn["ipsec-lifetime"] === undefined ? seconds("salifetime") : seconds("ipsec-lifetime"),
    isIkev2Only: conn.ikev2 === "insist" || conn.keyexchange === "ikev2",
    rekeyWindow: [margin, (margin * (100 + seconds("rekeyfuzz"))) / 100],
    deadAfterSeconds: seconds("dpddelay") + seconds("retransmit-timeout"),
    controllerId: conn.leftid as string,
    mayCloudInitiate: true,
    doesControllerInitiate: conn.auto === "start",
    inside: hasInside ? { controller: row.controller_inside as string, cloud: row.cloud_inside as string } : undefined,
    selectors: { controller: conn.leftsubnet as string, cloud: conn.rightsubnet as string },
    bgp: row.routing === "bgp" ? readFrr(frr, row.cloud_inside as string) : undefined,
    staticPrefixes: row.routing === "static" ? (row.local_prefixes ?? "").split(",") : undefined,
  };
}

function parseConns(text: string): [string, Record<string, string>][] {
  return text
    .split(/^conn /m)
    .slice(1)
    .map((block) => {
      const [name = "", ...lines] = block.split("\n");
      return [
        name,
        Object.fromEntries(
          lines.filter((line) => line.includes("=")).map((line) => line.trim().split(/=(.*)/s) as [string, string]),
        ),
      ];
    });
}

function parseRows(text: string): Map<string, Record<string, string>> {
  const [head = "", ...lines] = text.trim().split("\n");
  const columns = head.replace(/^# /, "").split(" ");
  return new Map(
    lines.map((line) => [
      line.split(" ")[0] as string,
      Object.fromEntries(line.split(" ").map((cell, at) => [columns[at], cell])),
    ]),
  );
}

/** `aes_gcm256-sha2_384;dh20` → `gcm256 sha384 dh20`; an ESP proposal without a group of its own has IKE's. */
function readLibreswan(text: string, kind: "ike" | "esp"): string {
  const [algorithms = "", group] = text.split(";");
  const [encryption = "", hash] = algorithms.split("-");
  const words = { aes_gcm256: "gcm256", aes256: "cbc256", sha2_256: "sha256", sha2_384: "sha384" } as Record<
    string,
    string
  >;
  return [
    words[encryption],
    ...(hash === undefined ? [] : [words[hash]]),
    `${kind === "esp" ? "pfs" : "dh"}${group?.replace("dh", "")}`,
  ].join(" ");
}

function readFrr(frr: string, peer: string): TunnelEnd["bgp"] {
  const own = /^router bgp (\d+)$/m.exec(frr)?.[1];
  const remote = new RegExp(`^ neighbor ${peer.replaceAll(".", "\\.")} remote-as (\\d+)$`, "m").exec(frr)?.[1];
  const source = new RegExp(`^ neighbor ${peer.replaceAll(".", "\\.")} update-source (\\S+)$`, "m").exec(frr)?.[1];
  return { controllerAsn: Number(own), cloudAsn: Number(remote), peerOfCloud: source };
}

// ---- The cloud's end, from the synthesised Terraform JSON, in each vendor's own words

export function cloudEnds(site: Site): Map<string, TunnelEnd> {
  const [connection] = site.connections;
  if (!connection) throw new Error("a case has a connection");
  const common = {
    site: site.name,
    connections: site.connections,
    tags: {},
    backend: { type: "local", directory: "." } as const,
  };
  const { network } = connection;
  const app = Testing.app();
  const stack =
    network.provider === "aws"
      ? new AwsNetworkStack(app, "stack", { ...common, network: network as AwsNetwork })
      : network.provider === "oracle"
        ? new OracleNetworkStack(app, "stack", { ...common, network: network as OracleNetwork })
        : new AzureNetworkStack(app, "stack", { ...common, network: network as AzureNetwork });
  const { resource } = JSON.parse(Testing.synth(stack));
  const read = { aws: readAws, oracle: readOracle, azure: readAzure }[network.provider];
  return new Map(([1, 2] as const).map((number) => [`${connection.key}-${number}`, read(resource, number)]));
}

const only = (resources: any): any => {
  const all = Object.values(resources);
  if (all.length !== 1) throw new Error(`expected one resource, found ${all.length}`);
  return all[0];
};

function addressIn(cidr: string, offset: number): string {
  const [address = ""] = cidr.split("/");
  const parts = address.split(".").map(Number);
  return [...parts.slice(0, 3), (parts[3] as number) + offset].join(".");
}

function readAws(resource: any, number: 1 | 2): TunnelEnd {
  const vpn = only(resource.aws_vpn_connection);
  const option = (name: string) => vpn[`tunnel${number}_${name}`];
  const words = { "AES256-GCM-16": "gcm256", AES256: "cbc256", "SHA2-256": "sha256", "SHA2-384": "sha384" } as Record<
    string,
    string
  >;
  const cross = (...lists: string[][]) =>
    lists.reduce<string[]>((all, list) => all.flatMap((start) => list.map((end) => `${start} ${end}`.trim())), [""]);
  const named = (name: string) => ((option(name) ?? []) as string[]).map((word) => words[word] as string);
  const gateway = only(resource.aws_customer_gateway);
  const hash = named("phase2_integrity_algorithms");
  return {
    ike: cross(
      named("phase1_encryption_algorithms"),
      named("phase1_integrity_algorithms"),
      option("phase1_dh_group_numbers").map((group: number) => `dh${group}`),
    ),
    esp: cross(
      named("phase2_encryption_algorithms"),
      hash.length > 0 ? hash : [""],
      option("phase2_dh_group_numbers").map((group: number) => `pfs${group}`),
    ).map((one) => one.replace(/ {2,}/g, " ")),
    ikeLifetimeSeconds: option("phase1_lifetime_seconds"),
    childLifetimeSeconds: option("phase2_lifetime_seconds"),
    isIkev2Only: String(option("ike_versions")) === "ikev2",
    rekeyWindow: [
      option("rekey_margin_time_seconds"),
      (option("rekey_margin_time_seconds") * (100 + option("rekey_fuzz_percentage"))) / 100,
    ],
    deadAfterSeconds: option("dpd_timeout_seconds"),
    controllerId: gateway.ip_address,
    mayCloudInitiate: option("startup_action") === "start",
    // AWS has the first address of the /30, the customer gateway the second.
    inside: { controller: addressIn(option("inside_cidr"), 2), cloud: addressIn(option("inside_cidr"), 1) },
    selectors: vpn.local_ipv4_network_cidr
      ? { controller: vpn.local_ipv4_network_cidr, cloud: vpn.remote_ipv4_network_cidr }
      : ANY,
    bgp: vpn.static_routes_only
      ? undefined
      : { controllerAsn: Number(gateway.bgp_asn), cloudAsn: Number(only(resource.aws_vpn_gateway).amazon_side_asn) },
    staticPrefixes: vpn.static_routes_only
      ? Object.values<any>(resource.aws_vpn_connection_route).map((route) => route.destination_cidr_block)
      : undefined,
  };
}

function readOracle(resource: any, number: 1 | 2): TunnelEnd {
  const tunnels = Object.entries<any>(resource.oci_core_ipsec_connection_tunnel_management);
  const tunnel = tunnels.find(([id]) => id.includes(`tunnel-${number}`))?.[1];
  const connection = only(resource.oci_core_ipsec);
  const [phase1, phase2, bgp] = [tunnel.phase_one_details, tunnel.phase_two_details, tunnel.bgp_session_info];
  const words = {
    AES_256_CBC: "cbc256",
    AES_256_GCM: "gcm256",
    SHA2_384: "sha384",
    SHA2_256: "sha256",
    HMAC_SHA2_256_128: "sha256",
  } as Record<string, string>;
  const group = (text: string) => text.replace("GROUP", "");
  const domains = tunnel.encryption_domain_config;
  return {
    ike: phase1.is_custom_phase_one_config
      ? [
          [
            words[phase1.custom_encryption_algorithm],
            words[phase1.custom_authentication_algorithm],
            `dh${group(phase1.custom_dh_group)}`,
          ].join(" "),
        ]
      : [],
    esp:
      phase2.is_custom_phase_two_config && phase2.is_pfs_enabled
        ? [
            [
              words[phase2.custom_encryption_algorithm],
              ...(phase2.custom_authentication_algorithm ? [words[phase2.custom_authentication_algorithm]] : []),
              `pfs${group(phase2.dh_group)}`,
            ].join(" "),
          ]
        : [],
    ikeLifetimeSeconds: phase1.lifetime,
    childLifetimeSeconds: phase2.lifetime,
    isIkev2Only: tunnel.ike_version === "V2",
    deadAfterSeconds: tunnel.dpd_config[0].dpd_timeout_in_sec,
    controllerId: connection.cpe_local_identifier,
    mayCloudInitiate: tunnel.oracle_can_initiate === "INITIATOR_OR_RESPONDER",
    inside: bgp && {
      controller: bgp.customer_interface_ip.split("/")[0],
      cloud: bgp.oracle_interface_ip.split("/")[0],
    },
    selectors: domains
      ? { controller: String(domains.cpe_traffic_selector), cloud: String(domains.oracle_traffic_selector) }
      : ANY,
    bgp: tunnel.routing === "BGP" ? { controllerAsn: Number(bgp.customer_bgp_asn) } : undefined,
    staticPrefixes: tunnel.routing === "BGP" ? undefined : connection.static_routes,
  };
}

function readAzure(resource: any, number: 1 | 2): TunnelEnd {
  const connection = only(resource.azurerm_virtual_network_gateway_connection);
  const gateway = only(resource.azurerm_virtual_network_gateway);
  const peer = only(resource.azurerm_local_network_gateway);
  const policy = connection.ipsec_policy;
  const encryption = { GCMAES256: "gcm256", AES256: "cbc256" } as Record<string, string>;
  const hash = { SHA256: "sha256", SHA384: "sha384" } as Record<string, string>;
  const group = { ECP384: "20", ECP256: "19", DHGroup14: "14", PFS14: "14", PFS2048: "14" } as Record<string, string>;
  const isGcm = policy.ipsec_encryption.startsWith("GCM");
  if (isGcm && policy.ipsec_integrity !== policy.ipsec_encryption)
    throw new Error("with GCM Azure wants the same word for integrity");
  const selectors = connection.traffic_selector_policy?.[0];
  return {
    ike: [`${encryption[policy.ike_encryption]} ${hash[policy.ike_integrity]} dh${group[policy.dh_group]}`],
    esp: [
      [
        encryption[policy.ipsec_encryption],
        ...(isGcm ? [] : [hash[policy.ipsec_integrity]]),
        `pfs${group[policy.pfs_group]}`,
      ].join(" "),
    ],
    childLifetimeSeconds: policy.sa_lifetime,
    isIkev2Only: connection.connection_protocol === "IKEv2",
    deadAfterSeconds: connection.dpd_timeout_seconds,
    controllerId: peer.gateway_address,
    mayCloudInitiate: connection.connection_mode !== "ResponderOnly",
    inside: connection.enable_bgp
      ? {
          controller: peer.bgp_settings.bgp_peering_address,
          cloud: number === 1 ? connection.custom_bgp_addresses.primary : connection.custom_bgp_addresses.secondary,
        }
      : undefined,
    selectors: selectors
      ? { controller: String(selectors.remote_address_cidrs), cloud: String(selectors.local_address_cidrs) }
      : ANY,
    bgp: connection.enable_bgp
      ? {
          controllerAsn: peer.bgp_settings.asn,
          cloudAsn: gateway.bgp_settings.asn,
          peerOfCloud: peer.bgp_settings.bgp_peering_address,
        }
      : undefined,
    staticPrefixes: connection.enable_bgp ? undefined : peer.address_space,
  };
}
