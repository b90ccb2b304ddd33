/** Says what became of something that AWS took away, where a file still asks for it. */
interface Advice {
  readonly rule: string;
  readonly fix: string;
}

/** @see https://aws.amazon.com/blogs/aws/ec2-classic-is-retiring-heres-how-to-prepare/ */
export const CLASSIC_LINK_ADVICE: Advice = {
  rule: "must not ask for ClassicLink: AWS ended it with EC2-Classic in 2022",
  fix: "move servers step by step between two VPCs that reach each other: peerings with type: vpc, network and peerNetwork",
};

/** `classicLink`, `classic-link-vpc`, `allowClassicLinkToRemoteVpc`, `ec2-classic` … */
export function isClassicLink(word: string): boolean {
  return word.length <= 64 && /classic[-_ ]?link|ec2[-_ ]?classic/i.test(word);
}
