import { type Cloud, PROPOSALS } from "../../config/proposals";
import type { LibreswanVersion } from "../../config/schema/controllers";
import { toEspProposals, toIkeProposals } from "../libreswan-proposal";
import { fromStrongSwan, type Phase, toGroupNumber } from "./algorithm-table";
import { checkProposals } from "./check-proposals";
import type { ConnFacts } from "./describe-conn";
import { parseProposals } from "./parse-proposals";
import { isFatal } from "./verdict";

export interface ProposalPlan {
  /** Missing: Libreswan's own defaults, as before. */
  readonly ike?: string;
  readonly esp?: string;
  /** Whether the other end has to allow something that it may not allow yet. */
  readonly isNew: boolean;
}

/** For a peer that is none of the three clouds: what every IKEv2 gateway has. */
const COMMON = { ike: "aes256-sha2_256;dh14", esp: "aes256-sha2_256;dh14" };

/**
 * The old proposals where the target takes them, in Libreswan's spelling; else the ones that Kakehashi sets at that
 * cloud. Both lines change together, so that IKE and PFS keep one group.
 */
export function planProposals({ conn, cloud }: ConnFacts, target: LibreswanVersion, wasIkev1: boolean): ProposalPlan {
  const value = (...keywords: string[]) =>
    keywords.map((keyword) => conn.settings.get(keyword)?.value).find((value) => value !== undefined && value !== "");
  const oldIke = value("ike");
  const oldEsp = value("esp", "phase2alg");
  const ike = oldIke && usable("ike", oldIke, target);
  const esp = oldEsp && usable("esp", oldEsp, target);
  const isUsable = (oldIke === undefined || ike) && (oldEsp === undefined || esp);
  if (isUsable && !wasIkev1 && (groupsAgree(oldIke, oldEsp) || target.startsWith("5."))) {
    return { ike: ike || undefined, esp: esp || undefined, isNew: false };
  }
  const withIkeGroup = isUsable && !wasIkev1 && !cloud ? sameGroup(ike || undefined, esp || undefined) : undefined;
  return { ...(withIkeGroup ?? strongProposals(cloud)), isNew: true };
}

export function strongProposals(cloud: Cloud | undefined): { ike: string; esp: string } {
  if (!cloud) return COMMON;
  return { ike: toIkeProposals(PROPOSALS[cloud]), esp: toEspProposals(PROPOSALS[cloud]) };
}

/** Whether PFS uses a group that IKE has too. Without a group in `esp=` it uses IKE's. */
export function groupsAgree(ike: string | undefined, esp: string | undefined): boolean {
  const [ikeGroups, espGroups] = [groups(ike), groups(esp)];
  return ikeGroups.length === 0 || espGroups.every((group) => ikeGroups.includes(group) || group === "none");
}

/** Only the PFS group changes: IKE's first one everywhere. */
function sameGroup(ike: string | undefined, esp: string | undefined): { ike: string; esp: string } | undefined {
  const [group] = groups(ike);
  if (!ike || !esp || !group) return undefined;
  const changed = parseProposals(esp).map(({ encryptions, hashes }) => {
    return `${[encryptions.join("+"), hashes.join("+")].filter((part) => part !== "").join("-")};${group}`;
  });
  return { ike, esp: changed.join(",") };
}

function groups(value: string | undefined): string[] {
  return parseProposals((value ?? "").replace(/[!\s]/g, "")).flatMap(({ groups }) =>
    groups.map((name) => toGroupNumber(name) ?? name),
  );
}

function usable(phase: Phase, value: string, target: LibreswanVersion): string | undefined {
  const isTaken = (text: string) => !checkProposals(phase, text).some(({ verdicts }) => isFatal(verdicts[target]));
  const text = value.replace(/\s+/g, "");
  return [text, translate(text)].find((candidate) => /^[\w;,+-]+$/.test(candidate) && isTaken(candidate));
}

/** strongSwan's spelling into Libreswan's. */
function translate(value: string): string {
  return parseProposals(value.replace(/!/g, ""))
    .map(({ encryptions, hashes, groups, extra }) => {
      const names = (list: readonly string[]) => list.map((name) => fromStrongSwan(name) ?? name).join("+");
      const isPrf = (name: string) => name.startsWith("prf");
      const hash = [...hashes, ...extra].filter((name) => !isPrf(name));
      const prf = [...hashes, ...extra].filter(isPrf).map((name) => name.replace(/^prf_?/, ""));
      const all = [names(encryptions), names(hash.length > 0 ? hash.slice(0, 1) : prf.slice(0, 1))];
      return `${all.filter((part) => part !== "").join("-")}${groups.length > 0 ? `;${names(groups)}` : ""}`;
    })
    .join(",");
}
