import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { useFolder } from "../helpers/use-folder";
import { resetMoto } from "./moto";

const SITE = `site: demo
controllers:
  tokyo: { publicIp: 198.51.100.10, privateIp: 10.0.2.15, subnets: [10.0.2.0/24], asn: 65010, libreswan: "4.10" }
networks:
  aws:
    tokyo: { region: ap-northeast-1, cidr: 172.30.0.0/16, asn: 64512, subnets: { default: { cidr: 172.30.2.0/24, availabilityZone: ap-northeast-1a } } }
connections:
  tokyo-aws: { controller: tokyo, network: aws/tokyo, routing: bgp }
watches:
  web: { network: aws/tokyo, instances: [web-*] }
  db: { region: ap-northeast-1, instances: [db-*], dashboard: false }
`;
const folder = useFolder();
beforeEach(resetMoto);

/** The command line as \`npx kakehashi\` runs it: bundled, with what speaks to AWS in a bundle of its own. */
function kakehashi(...words: string[]) {
  const file = join(folder(), "site.yaml");
  writeFileSync(file, SITE);
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--no-warnings", "dist/cli.js", ...words, file], {
    encoding: "utf8",
  });
  return { code: status, stdout, stderr };
}

test("loads what speaks to AWS, and tells a failure outside from a bug", () => {
  expect(kakehashi("watch", "status", "--watch", "db")).toEqual({
    code: 0,
    stdout: "watches.db (simple, ap-northeast-1): 0 instances, 0 alarms, 0 raised, in step\n",
    stderr: "",
  });
  expect(kakehashi("watch", "status", "--watch", "web")).toEqual({
    code: 2,
    stdout: "",
    stderr: "there is no VPC demo-tokyo in ap-northeast-1: deploy its network's stack first\n",
  });
});
