/** A campus network's site: as many controllers and VPCs as there are tens of connections, each VPC joined to ten controllers. */
export function bigSite(connections: number): string {
  const networks = Math.ceil(connections / 10);
  const controllers = Math.max(10, networks);
  const numbers = (count: number) => Array.from({ length: count }, (_, at) => at);
  return `site: big
controllers:
${numbers(controllers)
  .map(
    (n) => `  site-${n}:
    publicIp: 20.0.${n >> 8}.${n & 255}
    privateIp: 192.168.0.10
    subnets: [10.${n >> 8}.${n & 255}.0/24]
    asn: 65010
    libreswan: "4.10"
`,
  )
  .join("")}networks:
  aws:
${numbers(networks)
  .map(
    (n) => `    net-${n}:
      region: ap-northeast-1
      cidr: 11.${n >> 4}.${(n & 15) * 16}.0/20
      gateway: transit
      subnets:
        net-${n}-default: { cidr: 11.${n >> 4}.${(n & 15) * 16}.0/24, availabilityZone: ap-northeast-1a }
`,
  )
  .join("")}connections:
${numbers(connections)
  .map((n) => {
    const slot = n % 4_000;
    const inside = `169.254.${32 + (slot >> 5)}.${(slot & 31) * 8}`;
    return `  c-${n}:
    controller: site-${(Math.floor(n / 10) + (n % 10)) % controllers}
    network: aws/net-${Math.floor(n / 10)}
    routing: bgp
    tunnels:
      1: { insideCidr: ${inside}/30 }
      2: { insideCidr: ${inside.replace(/\d+$/, (last) => String(Number(last) + 4))}/30 }
`;
  })
  .join("")}`;
}
