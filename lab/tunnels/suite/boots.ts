import type { Boot, Case } from "./boot";
import { matrix, standardCases } from "./matrix";
import type { SiteVariant } from "./site-variant";

/** What cannot be run here, by name. */
export const SKIPPED: readonly string[] = [
  "Libreswan 3.32 and 4.14 (Ubuntu 22.04, 24.04): no Ubuntu packages in this lab; test/libreswan's tables stand in for them",
];

const VERSIONS = [
  { libreswan: "4.10", suite: "bookworm" },
  { libreswan: "5.2", suite: "trixie" },
] as const;
type Version = (typeof VERSIONS)[number];

/** Every start of a VM that the suite makes, the longest first. */
export function allBoots(): Boot[] {
  return [
    ...VERSIONS.flatMap((version) => [negative(version), lifecycle(version)]),
    ...matrix(),
    ...VERSIONS.flatMap((version) => [policyBased(version), ...twoControllers(version)]),
  ];
}

/** One boot stands for the others of its kind. */
const QUICK: ReadonlySet<string> = new Set([
  "5.2/life",
  "4.10/wrong",
  "4.10/nat/bgp",
  "5.2/direct/static",
  "4.10/policy",
  "5.2/two/osaka",
]);

/** Every kind of case, each routing, each Libreswan, NAT and no NAT, within 25 minutes; and what is left out. */
export function quickBoots(): { readonly chosen: Boot[]; readonly left: Boot[] } {
  const boots = allBoots();
  return {
    chosen: boots.filter(({ name }) => QUICK.has(name)),
    left: boots.filter(({ name }) => !QUICK.has(name)),
  };
}

/** Two clouds, so that there is always another connection to be left alone. */
const TWO = ["aws", "oracle"] as const;

function lifecycle({ libreswan, suite }: Version): Boot {
  const name = `${libreswan}/life`;
  const variant: SiteVariant = { libreswan, routing: "bgp", isBehindNat: true, clouds: TWO };
  const one = (word: string, proves: string, seconds: number, call: string, needs: readonly string[] = []): Case => ({
    id: `${name}/${word}`,
    proves,
    seconds,
    call,
    needs: needs.map((needed) => `${name}/${needed}`),
  });
  return {
    name,
    suite,
    variant,
    isRebooted: true,
    laterTrees: {
      "rotated-2": { ...variant, pskEpochs: { aws: { 2: 2 } } },
      "rotated-1": { ...variant, pskEpochs: { aws: { 1: 2, 2: 2 } } },
      changed: { ...variant, pskEpochs: { aws: { 1: 2, 2: 2 } }, balanceOf: { oracle: "active-active" } },
    },
    cases: [
      installCase(name, variant),
      one(
        "rekey",
        "IKE and child rekeys, three of each by either side, under traffic: no packet lost",
        200,
        "case_rekey tokyo-aws",
      ),
      one(
        "rekey-both",
        "both ends rekey the child SA at the same moment: the tunnel stands by itself afterwards",
        120,
        "case_rekey_both tokyo-oracle",
      ),
      one("twice", "install.sh a second time: nothing to do, no SA touched", 120, "case_twice"),
      one("broken", "install.sh refuses a damaged tree, four kinds, before anything changes", 200, "case_broken"),
      one(
        "rotate",
        "new keys, tunnel by tunnel (pskEpoch raised, rendered, installed, the cloud's end changed): no packet lost, others untouched",
        240,
        "case_rotate tokyo-aws",
      ),
      one(
        "changed",
        "install.sh with one connection changed: its tunnels alone are touched",
        150,
        "case_changed tokyo-oracle",
        ["rotate"],
      ),
      one("rollback", "install.sh --rollback: what was before is in force again", 150, "case_rollback tokyo-oracle", [
        "changed",
      ]),
      one(
        "return",
        "after a cut has healed, traffic goes back to tunnel 1 after the default hold-down of 30 s and without a gap",
        240,
        "case_return tokyo-aws",
      ),
      one(
        "kill-pluto",
        "kill -9 of pluto: all tunnels come back, interfaces and addresses stay",
        150,
        "case_kill_pluto",
      ),
      one(
        "clear",
        "both tunnels of a connection dead: nothing leaves in clear; it comes back by itself",
        240,
        "case_clear tokyo-aws",
      ),
      one("reboot", "the machine reboots: tunnels and traffic come back by themselves", 240, "case_reboot"),
    ],
  };
}

function negative({ libreswan, suite }: Version): Boot {
  const name = `${libreswan}/wrong`;
  const variant: SiteVariant = { libreswan, routing: "bgp", isBehindNat: true, clouds: TWO };
  const wrong = (word: string, what: string, call: string): Case => ({
    id: `${name}/${word}`,
    proves: `${what} at the cloud's end: the tunnel stays down, nothing else is touched, kakehashi-status names the layer`,
    seconds: 260,
    call,
  });
  return {
    name,
    suite,
    variant,
    cases: [
      installCase(name, variant),
      wrong(
        "psk",
        "another key",
        "case_negative tokyo-aws-1 ike auth-refused|key-differs psk=AnotherKeyThanTheOneThatWasRendered012345678901",
      ),
      wrong(
        "ike-proposal",
        "another IKE proposal",
        "case_negative tokyo-oracle-1 ike ike-proposal|dh-group ike_proposal=aes128-sha256-modp2048",
      ),
      wrong(
        "dh-group",
        "another DH group",
        "case_negative tokyo-aws-1 ike dh-group|ike-proposal ike_proposal=aes256gcm16-prfsha384-ecp256",
      ),
      wrong(
        "esp-proposal",
        "another ESP proposal",
        "case_negative tokyo-oracle-1 child esp-proposal esp_proposal=aes128-sha256",
      ),
      wrong(
        "id",
        "another identity than its address",
        "case_negative tokyo-aws-1 ike peer-id|auth-refused local_id=192.0.2.99",
      ),
      wrong(
        "our-id",
        "another identity expected of the controller",
        "case_negative tokyo-oracle-1 ike auth-refused remote_id=198.51.100.99",
      ),
      wrong(
        "ikev1",
        "IKEv1 alone",
        "case_negative tokyo-aws-1 ike|reach ikev1-peer|ike-proposal|no-answer ike_version=1",
      ),
      {
        id: `${name}/pfs`,
        proves:
          "another PFS group at the cloud's end: up at first, the forced rekey is refused, kakehashi-status says so",
        seconds: 260,
        call: "case_pfs tokyo-oracle-1 aes256gcm16-ecp256",
      },
    ],
  };
}

function policyBased({ libreswan, suite }: Version): Boot {
  const name = `${libreswan}/policy`;
  const variant: SiteVariant = {
    libreswan,
    routing: "static",
    mode: "policy-based",
    isBehindNat: true,
    clouds: ["aws"],
  };
  return {
    name,
    suite,
    variant,
    cases: [
      ...standardCases(name, variant).filter(({ id }) => !id.endsWith("/status")),
      {
        id: `${name}/takeover`,
        proves: "policy-based: tunnel 1 up, tunnel 2 idle and loaded; it takes over when tunnel 1's path is cut",
        seconds: 260,
        call: "case_policy_based tokyo-aws",
      },
    ],
  };
}

/** One VM is one controller: the two are started one after the other, each with its own tree of the same site and its own gateways. */
function twoControllers({ libreswan, suite }: Version): Boot[] {
  const variant: SiteVariant = {
    libreswan,
    routing: "bgp",
    isBehindNat: true,
    clouds: ["aws"],
    hasSecondController: true,
  };
  return (["tokyo", "osaka"] as const).map((controller) => {
    const name = `${libreswan}/two/${controller}`;
    return {
      name,
      suite,
      variant,
      controller,
      cases: [
        {
          ...installCase(name, variant),
          proves: `a site with two controllers: ${controller}'s tree brings up ${controller}'s two tunnels`,
        },
        {
          id: `${name}/aws`,
          proves: `a site with two controllers: ${controller}'s traffic both ways, in ESP alone, full-size`,
          seconds: 120,
          call: `case_connection ${controller}-aws`,
        },
      ],
    };
  });
}

function installCase(name: string, variant: SiteVariant): Case {
  return standardCases(name, variant)[0] as Case;
}
