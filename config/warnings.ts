import { accountWarnings } from "./account-warnings";
import { activationWarnings } from "./activation-warnings";
import { applianceWarnings } from "./appliance-warnings";
import { notifierWarnings } from "./notifier-warnings";
import { peeringWarnings } from "./peering-warnings";
import { roadWarnings } from "./road-warnings";
import type { LibreswanVersion } from "./schema/controllers";
import { type AzureNetwork, type Connection, isCloudNetwork, type Network, type Site } from "./site";
import { doesCidrContainAddress } from "./values/cidr";
import type { Warning } from "./warning";

/** What a sound site should know about itself, in the order of the file. */
export function siteWarnings(site: Site): Warning[] {
  return [
    ...backendWarnings(site),
    ...singlePoints(site),
    ...controllerWarnings(site),
    ...networkWarnings(site),
    ...connectionWarnings(site),
    ...presharedKeyWarnings(site),
    ...roadWarnings(site),
    ...applianceWarnings(site),
    ...notifierWarnings(site),
    ...accountWarnings(site),
    ...peeringWarnings(site),
    ...activationWarnings(site.activations),
  ];
}

function backendWarnings({ backend }: Site): Warning[] {
  const path = ["backend"];
  switch (backend.type) {
    case "local":
      return [
        {
          path,
          text: "keeps the state on this machine only, and every pre-shared key in it in plain text",
          why: "a lost disk loses track of what is deployed; use s3, azurerm, oci or http once more than one person deploys",
        },
      ];
    case "oci":
      return [
        {
          path,
          text: "has no lock: OCI's S3-compatible API does not take Terraform's lock file",
          why: "two deployments at once can break the state; let one person or one pipeline deploy",
        },
      ];
    case "http":
      return [
        ...(backend.address.startsWith("http:")
          ? [
              {
                path: [...path, "address"],
                text: "carries the state, and the pre-shared keys in it, unencrypted",
                why: "who listens has the keys; use https",
              },
            ]
          : []),
        ...(backend.locking === "none"
          ? [
              {
                path: [...path, "locking"],
                text: "is none",
                why: "two deployments at once can break the state; let one person or one pipeline deploy",
              },
            ]
          : []),
      ];
    default:
      return [];
  }
}

/** What fails alone and takes everything, or a whole network, with it. */
function singlePoints({ controllers, networks, connections }: Site): Warning[] {
  const [only, ...others] = controllers;
  if (only && others.length === 0) {
    return [
      {
        path: ["controllers", only.key],
        text: `carries every connection, over one public address (${only.publicIp})`,
        why: "if it or its line fails no cloud is reachable; a second controller with an address of its own, on another line, carries on",
      },
    ];
  }
  const controllersOf = new Map<string, Set<string>>();
  for (const { controller, network } of connections) {
    controllersOf.set(network.id, (controllersOf.get(network.id) ?? new Set()).add(controller.key));
  }
  return networks.filter(isCloudNetwork).flatMap(({ id, provider, key }) => {
    const [first, ...more] = controllersOf.get(id) ?? [];
    if (first === undefined || more.length > 0) return [];
    return [
      {
        path: ["networks", provider, key],
        text: `is reached through controllers.${first} only`,
        why: "if that controller fails the network is not reachable; add a connection from another controller",
      },
    ];
  });
}

/**
 * What upstream fixed after a version (4.11 to 4.15, 5.1, 5.3.1 and 5.3.2).
 * @see https://libreswan.org/security/
 * @see https://github.com/libreswan/libreswan/blob/main/CHANGES
 */
const FIXED_SINCE: Readonly<Record<LibreswanVersion, { readonly cves: string; readonly hasRekeyRace: boolean }>> = {
  "3.32": {
    cves: "CVE-2023-30570, CVE-2023-38710, CVE-2024-2357, CVE-2024-3652 and CVE-2026-12413",
    hasRekeyRace: true,
  },
  "4.10": {
    cves: "CVE-2023-30570, CVE-2023-38710, CVE-2024-2357, CVE-2024-3652 and CVE-2026-12413",
    hasRekeyRace: true,
  },
  "4.14": { cves: "CVE-2024-3652 and CVE-2026-12413", hasRekeyRace: true },
  "5.2": { cves: "CVE-2026-12413, CVE-2026-14957, CVE-2026-50721 and CVE-2026-50722", hasRekeyRace: false },
};

function controllerWarnings({ controllers }: Site): Warning[] {
  return controllers.flatMap(({ key, libreswan, behindNat, privateIp, subnets, vcController }) => {
    const path = ["controllers", key];
    const { cves, hasRekeyRace } = FIXED_SINCE[libreswan];
    const warnings: Warning[] = [
      {
        path: [...path, "libreswan"],
        text: `upstream has fixed ${cves} since ${libreswan}`,
        why: "distributions carry such fixes back without a new version number: keep the package up to date",
      },
    ];
    if (hasRekeyRace) {
      warnings.push({
        path: [...path, "libreswan"],
        text: `${libreswan} loses a tunnel when both ends rekey at the same time (fixed in 5.1)`,
        why: "the files written here let the controller always go first; don't make the rekey margins equal by hand",
      });
    }
    if (behindNat) {
      warnings.push({
        path,
        text: "stands behind NAT",
        why: `pass UDP 500 and 4500 to ${privateIp} unchanged, and keep its outside address fixed: the clouds know no other`,
      });
    }
    if (vcController && !subnets.some((subnet) => doesCidrContainAddress(subnet, privateIp))) {
      warnings.push({
        path: [...path, "subnets"],
        text: `do not hold the VC controller's own address ${privateIp}`,
        why: "VC nodes in the clouds can't reach it; add the prefix that it lies in",
      });
    }
    return warnings;
  });
}

/** Oracle's government regions, whose ASN is another. @see https://docs.oracle.com/iaas/Content/gov-cloud/govinfo.htm */
const ORACLE_GOVERNMENT_REGION = /^(us-(langley|luke)-\d|(us|uk)-gov-.*)$/;

function networkWarnings({ networks, connections }: Site): Warning[] {
  return networks.flatMap((network): Warning[] => {
    const path = ["networks", network.provider, network.key];
    const bgp = connections.filter((one) => one.network === network && one.routing === "bgp");
    const tooMany = securityRules(path, network, connections);
    if (tooMany) return [tooMany];
    if (network.provider === "aws" && network.existing?.routeTableIds.length === 0) {
      return [
        {
          path: [...path, "existing", "routeTableIds"],
          text: "names no route table",
          why: "the VPC's hosts learn no way to the site: add the route tables' ids, or make the routes yourself",
        },
      ];
    }
    if (network.provider === "oracle" && bgp.length > 0 && ORACLE_GOVERNMENT_REGION.test(network.region)) {
      return [
        {
          path: [...path, "region"],
          text: `is a government region, and Oracle's ASN there is not ${network.asn}`,
          why: "BGP will not come up with it; use routing: static",
        },
      ];
    }
    return network.provider === "azure" && network.existing && bgp.length > 0
      ? [existingGateway(path, network, bgp)]
      : [];
  });
}

function existingGateway(path: readonly string[], { existing }: AzureNetwork, bgp: readonly Connection[]): Warning {
  const addresses = (at: 0 | 1) => bgp.map(({ tunnels }) => tunnels[at].cloudInsideAddress).join(", ");
  return {
    path: [...path, "existing", "gatewayName"],
    text: `must already have the custom BGP addresses ${addresses(0)} on its first instance and ${addresses(1)} on its second`,
    why: `nothing of ${existing?.gatewayName} is changed here, and Azure refuses a connection that names addresses it does not have`,
  };
}

function connectionWarnings({ connections }: Site): Warning[] {
  const probes = connections.filter(({ cloud, routing, probe }) => cloud === "azure" && routing === "static" && !probe);
  const aws = connections.filter(({ cloud, balance }) => cloud === "aws" && balance === "active-standby");
  const azure = connections.filter(({ cloud, routing }) => cloud === "azure" && routing === "bgp");
  return [
    ...probes.map(({ key }) => ({
      path: ["connections", key, "probe"],
      text: "is not given, and Azure has no address inside the tunnel that answers ping with static routing",
      why: "a path that is dead behind a living gateway is then not seen; name a host in the network that answers ping",
    })),
    ...onceForAll(aws, "balance", {
      text: "decides what the site sends; AWS decides for itself which tunnel it sends through",
      why: "answers may come through tunnel 2: a firewall between must not expect both directions in one tunnel",
    }),
    ...onceForAll(azure, "routing", {
      text: "is bgp, and Azure keeps to BGP timers of 60 s and 180 s",
      why: "the controller's own probes move its traffic sooner; Azure's own direction may take the 180 s",
    }),
  ];
}

/** Told at the first of the connections that it concerns. */
function onceForAll(
  [first, ...others]: readonly Connection[],
  field: string,
  { text, why }: Omit<Warning, "path">,
): Warning[] {
  if (!first) return [];
  const more =
    others.length === 0 ? "" : ` (so too in ${others.length} more connection${others.length === 1 ? "" : "s"})`;
  return [{ path: ["connections", first.key, field], text: `${text}${more}`, why }];
}

function presharedKeyWarnings({ connections }: Site): Warning[] {
  const firstUse = new Map<string, string>();
  return connections.flatMap(({ key, cloud, tunnels }) =>
    tunnels.flatMap(({ number, psk, pskEpoch }): Warning[] => {
      if (!psk) return [];
      const path = ["connections", key, "tunnels", String(number)];
      const name = path.join(".");
      const owner = firstUse.get(psk);
      if (owner === undefined) firstUse.set(psk, name);
      // Azure has one key for both tunnels of a connection.
      const isShared = owner !== undefined && !(cloud === "azure" && owner === `connections.${key}.tunnels.1`);
      return [
        ...(isShared
          ? [
              {
                path: [...path, "psk"],
                text: `is ${psk}, as in ${owner}`,
                why: "who learns one key then has two tunnels; give each its own",
              },
            ]
          : []),
        ...(pskEpoch > 1
          ? [
              {
                path: [...path, "pskEpoch"],
                text: `has no effect beside psk: ${psk}`,
                why: "only keys that Terraform makes are made anew by it; change the variable's value instead",
              },
            ]
          : []),
      ];
    }),
  );
}

/** What a security group or NSG of VC nodes has for each prefix: ping and the VC controller's ports. */
export const SECURITY_RULES_PER_PREFIX = 12;

/**
 * Default quotas of rules that let something in; both can be raised.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
 * @see https://docs.oracle.com/en-us/iaas/Content/Network/Concepts/networksecuritygroups.htm
 */
const SECURITY_RULE_QUOTAS = { aws: 60, oracle: 120 } as const;

function securityRules(path: string[], network: Network, connections: readonly Connection[]): Warning | undefined {
  if ((network.provider !== "aws" && network.provider !== "oracle") || network.existing) return undefined;
  const prefixes = new Set(
    connections.filter((one) => one.network === network).flatMap((one) => one.controller.subnets),
  );
  const rules = prefixes.size * SECURITY_RULES_PER_PREFIX + 1;
  const quota = SECURITY_RULE_QUOTAS[network.provider];
  if (rules <= quota) return undefined;
  return {
    path,
    text: `makes ${rules} security rules for ${prefixes.size} prefixes, and the cloud's default quota is ${quota}`,
    why: "the deployment stops half-way: have the quota raised first, or summarise the controllers' subnets",
  };
}
