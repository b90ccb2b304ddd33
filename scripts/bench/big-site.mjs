// A site of any size with nothing wrong in it: several controllers a network and several networks a controller, on three
// clouds, and the facts that its stacks would publish. The same size gives the same text.
import { createHash } from "node:crypto";
import { loadSource } from "./load-source.mjs";

const CONNECTIONS_PER_CONTROLLER = 4;
const CONNECTIONS_PER_NETWORK = 8;
const CLOUDS = ["aws", "oracle", "azure"];
const LIBRESWAN = ["4.10", "5.2", "4.14", "3.32"];

const { insideCidrPool, deriveInsideCidrs } = await loadSource("config/inside-cidrs.ts");
const { parseSite } = await loadSource("config/parse-site.ts");

/** `networks` overrides how many there are: for synth what counts is them. */
export function makeSite({ connections, networks = Math.max(3, Math.ceil(connections / CONNECTIONS_PER_NETWORK)) }) {
  const controllers = Math.max(1, Math.ceil(connections / CONNECTIONS_PER_CONTROLLER));
  const ids = Array.from({ length: networks }, (_, at) => `${CLOUDS[at % 3]}/n${at}`);
  const pairs = Array.from({ length: connections }, (_, at) => {
    const controller = at % controllers;
    // Each round over the controllers meets the networks shifted by one: no pair comes twice.
    return { controller, network: (controller + Math.floor(at / controllers)) % networks };
  });
  return [
    "site: big",
    "backend: { type: local }",
    "tags: { owner: network-team }",
    "controllers:",
    ...Array.from({ length: controllers }, (_, at) => controllerLines(at)).flat(),
    "networks:",
    ...CLOUDS.flatMap((cloud) => [
      `  ${cloud}:`,
      ...ids.flatMap((_, at) => (at % 3 === CLOUDS.indexOf(cloud) ? networkLines(cloud, at) : [])),
    ]),
    "connections:",
    ...connectionLines(pairs, ids),
    "",
  ].join("\n");
}

function controllerLines(at) {
  const [high, low] = [at >> 8, at & 255];
  return [
    `  c${at}:`,
    `    publicIp: 20.${high}.${low}.1`,
    `    privateIp: 10.${high}.${low}.10`,
    `    subnets: [10.${high}.${low}.0/24]`,
    `    asn: ${4_200_000_000 + at}`,
    "    behindNat: true",
    `    libreswan: "${LIBRESWAN[at % LIBRESWAN.length]}"`,
  ];
}

function networkLines(cloud, at) {
  const prefix = (third, length) => `10.${128 + (at >> 6)}.${((at & 63) << 2) + third}.0/${length}`;
  const subnets = {
    aws: `{ n${at}: { cidr: ${prefix(1, 24)}, availabilityZone: ap-northeast-1a } }`,
    oracle: `{ n${at}: { cidr: ${prefix(1, 24)}, availabilityDomain: "aBCD:AP-TOKYO-1-AD-1" } }`,
    azure: `{ n${at}: { cidr: ${prefix(1, 24)} } }`,
  }[cloud];
  const rest = {
    aws: ["    region: ap-northeast-1", "    asn: 64512", "    gateway: transit"],
    oracle: [
      "    region: ap-tokyo-1",
      "    tenancyId: ocid1.tenancy.oc1..aaaaexampletenancy",
      "    compartmentId: ocid1.compartment.oc1..aaaaexamplecompartment",
    ],
    azure: ["    location: japaneast", `    gatewaySubnet: ${prefix(3, 27)}`],
  }[cloud];
  return [
    `    n${at}:`,
    ...[...rest, `    cidr: ${prefix(0, 22)}`, `    subnets: ${subnets}`].map((line) => `  ${line}`),
  ];
}

/** Writes inside CIDRs down where what the key gives is taken already, as `check` asks for. */
function connectionLines(pairs, ids) {
  const taken = new Set();
  return pairs.map(({ controller, network }, at) => {
    const id = ids[network];
    const cloud = id.split("/")[0];
    const key = `c${controller}-n${network}`;
    const isFree = (cidr) => !taken.has(`c${controller} ${cidr}`) && !taken.has(`${id} ${cidr}`);
    const derived = deriveInsideCidrs(key, cloud);
    const isGiven = !derived.every(isFree);
    const cidrs = isGiven ? firstFree(cloud, isFree) : derived;
    for (const cidr of cidrs) taken.add(`c${controller} ${cidr}`).add(`${id} ${cidr}`);
    const tunnels = isGiven ? `, tunnels: { 1: { insideCidr: ${cidrs[0]} }, 2: { insideCidr: ${cidrs[1]} } }` : "";
    const routing = at % 2 === 0 ? "bgp" : "static";
    const probe =
      cloud === "azure" && routing === "static"
        ? `, probe: 10.${128 + (network >> 6)}.${((network & 63) << 2) + 1}.4`
        : "";
    return `  ${key}: { controller: c${controller}, network: ${id}, routing: ${routing}${probe}${tunnels} }`;
  });
}

function firstFree(cloud, isFree) {
  const found = [];
  for (const cidr of insideCidrPool(cloud)) {
    if (!isFree(cidr)) continue;
    found.push(cidr);
    if (found.length === 2) return found;
  }
  throw new Error(`no inside CIDR left for ${cloud}`);
}

/** What `cdktf deploy --outputs-file` would write for that site. */
export function makeFacts(text) {
  const site = parseSite(text, "site.yaml");
  const cloudNetworks = site.networks.filter(({ provider }) => CLOUDS.includes(provider));
  const factsOf = new Map(cloudNetworks.map(({ id }) => [id, {}]));
  site.connections.forEach((connection, at) => {
    factsOf.get(connection.network.id)[connection.key] = connectionFacts(connection, at);
  });
  return JSON.stringify(
    Object.fromEntries(
      cloudNetworks.map((network) => {
        const stack = `${network.provider}-${network.key}`;
        const connections = factsOf.get(network.id);
        return [stack, { network_facts: networkFacts(network), tunnel_facts: { version: 1, stack, connections } }];
      }),
    ),
    null,
    2,
  );
}

function networkFacts(network) {
  const names = { resourceGroup: `big-${network.key}`, virtualNetwork: `big-${network.key}` };
  return {
    version: 1,
    network: network.id,
    securityGroup: `group-${network.key}`,
    ...(network.provider === "azure" ? names : {}),
    subnets: Object.fromEntries(network.subnets.map(({ key }) => [key, `subnet-${network.key}-${key}`])),
  };
}

function connectionFacts({ key, cloud, controller, network, tunnels }, at) {
  const digest = createHash("sha256").update(key).digest("hex");
  return {
    controller: controller.key,
    network: network.id,
    tunnels: Object.fromEntries(
      tunnels.map(({ number, cloudInsideAddress, controllerInsideAddress, pskEpoch }) => [
        number,
        {
          cloudAddress: `52.${at >> 8}.${at & 255}.${number}`,
          cloudInsideAddress,
          controllerInsideAddress,
          presharedKey: `BenchOnly${cloud === "azure" ? "" : number}${digest.slice(0, 36)}`,
          pskEpoch,
        },
      ]),
    ),
  };
}
