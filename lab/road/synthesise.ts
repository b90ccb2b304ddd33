import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { Certificates } from "../../catalog/certificates";
import { makeCertificates } from "../../catalog/make-certificates";
import { readTerraformJson, type TerraformJson } from "../gateway/terraform-json";

export interface RoadTemplates {
  /** AWS: the API, the queue, the notifier. */
  readonly relay: TerraformJson;
  /** Oracle Cloud: the forwarder. */
  readonly forwarder: TerraformJson;
  /** Oracle Cloud: the connection and its alarms. */
  readonly network: TerraformJson;
}

/** What costs time and stays the same from one road to the next. */
export interface PreparedRoad {
  /** The chat server's, of a private authority. */
  readonly certificates: Certificates;
  readonly templates: RoadTemplates;
}

/** Has the product itself synthesise the lab's site. @param root of the repository, built */
export async function prepareRoad(root: string, language: "en" | "ja"): Promise<PreparedRoad> {
  const certificates = await makeCertificates({ name: "lab", privateIp: "127.0.0.1", now: new Date() });
  return { certificates, templates: synthesise(root, certificates.ca, language) };
}

function synthesise(root: string, ca: string, language: "en" | "ja"): RoadTemplates {
  const folder = mkdtempSync(join(tmpdir(), "road-"));
  try {
    const site = parse(readFileSync(join(root, "lab/road/site.yaml"), "utf8"));
    Object.assign(site.chats.campus, { ca, language });
    writeFileSync(join(folder, "site.yaml"), stringify(site));
    const synth = spawnSync(process.execPath, [join(root, "dist/cli.js"), "synth", "site.yaml", "--out", "cdktf.out"], {
      cwd: folder,
      encoding: "utf8",
    });
    if (synth.status !== 0) throw new Error(`synth failed:\n${synth.stdout}${synth.stderr}`);
    const template = (stack: string) => readTerraformJson(join(folder, "cdktf.out/stacks", stack, "cdk.tf.json"));
    return {
      relay: template("relay-by-aws"),
      forwarder: template("alarms-oracle-tokyo"),
      network: template("oracle-tokyo"),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
