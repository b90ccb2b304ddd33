import { Testing } from "cdktf";
import type { Cidr } from "../../../config/values/cidr";
import { OciVcNodeSecurity } from "../../../modules/oci/vc-node-security";

type Json = any;

function synth(sitePrefixes: string[]) {
  const { resource }: Json = JSON.parse(
    Testing.synthScope((scope) => {
      new OciVcNodeSecurity(scope, "vc-nodes", {
        compartmentId: "ocid1.compartment.oc1..aaaa",
        name: "demo-tokyo",
        vcnId: "ocid1.vcn.oc1..aaaa",
        cidr: "10.10.0.0/16" as Cidr,
        sitePrefixes: sitePrefixes as Cidr[],
      });
    }),
  );
  const list: Json = Object.values(resource.oci_core_security_list)[0];
  const rules: Json = resource.oci_core_network_security_group_security_rule;
  return { list, rules, groupIds: Object.keys(resource.oci_core_network_security_group) };
}

const portsOf = ({ min, max }: Json) => (min === max ? `${min}` : `${min}-${max}`);

/** `6 22 from 10.0.2.0/24`, whichever of the two ways the rule is written. */
const toText = ({ source, protocol, tcp_options, udp_options }: Json): string => {
  const options = tcp_options ?? udp_options;
  const ports = options && portsOf(options.destination_port_range ?? options);
  return [protocol, ports, "from", source].filter(Boolean).join(" ");
};

const FROM_SITE = [
  "1 from 10.0.2.0/24",
  "6 22 from 10.0.2.0/24",
  "6 20022 from 10.0.2.0/24",
  "6 2375 from 10.0.2.0/24",
  "6 7373 from 10.0.2.0/24",
  "6 7946-7947 from 10.0.2.0/24",
  "17 7946-7947 from 10.0.2.0/24",
  "17 5353 from 10.0.2.0/24",
  "6 9100 from 10.0.2.0/24",
  "6 9400 from 10.0.2.0/24",
  "6 9445 from 10.0.2.0/24",
  "6 18083 from 10.0.2.0/24",
];

test("lets in ping and the VC controller's ports from the site, everything within the VCN, and nothing else", () => {
  const { list } = synth(["10.0.2.0/24"]);
  expect(list.ingress_security_rules.map(toText)).toEqual(["all from 10.10.0.0/16", ...FROM_SITE]);
});

test("has the same rules in the security list and in the network security group", () => {
  const { list, rules, groupIds } = synth(["10.0.2.0/24", "10.0.20.0/24"]);
  const group = Object.values(rules) as Json[];
  expect(group.map(toText).sort()).toEqual(list.ingress_security_rules.map(toText).sort());
  expect(group).toHaveLength(1 + 2 * FROM_SITE.length);
  for (const rule of group) {
    expect(rule).toMatchObject({
      direction: "INGRESS",
      network_security_group_id: `\${oci_core_network_security_group.${groupIds[0]}.id}`,
    });
  }
});

test("lets nothing in from everywhere", () => {
  const { list, rules } = synth(["10.0.2.0/24"]);
  const sources = [...list.ingress_security_rules, ...Object.values(rules)].map((rule: Json) => rule.source);
  expect(new Set(sources)).toEqual(new Set(["10.10.0.0/16", "10.0.2.0/24"]));
});

test("lets everything out by the security list", () => {
  expect(synth(["10.0.2.0/24"]).list.egress_security_rules).toEqual([
    {
      destination: "0.0.0.0/0",
      destination_type: "CIDR_BLOCK",
      protocol: "all",
      description: "answers, and images from registries",
    },
  ]);
});

test("keeps prefixes apart that differ by a dot only, and a rule's address when prefixes are added", () => {
  const before = Object.keys(synth(["10.1.10.0/24"]).rules);
  const after = Object.keys(synth(["10.11.0.0/24", "10.1.10.0/24"]).rules);
  expect(after).toEqual(expect.arrayContaining(before));
  expect(after).toHaveLength(2 * before.length - 1);
});
