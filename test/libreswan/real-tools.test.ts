import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIBRESWAN_VERSIONS, type LibreswanVersion } from "../../config/schema/controllers";
import type { TreeFile } from "../../config/tree-file";
import { renderController } from "../../libreswan/render-controller";
import { writeTree } from "../../libreswan/write-tree";
import {
  addToPluto,
  algparse,
  checkFrr,
  checkNftables,
  countDropped,
  hasXfrmInterface,
  installedLibreswan,
  whyMissing,
  whyNoNamespace,
} from "../helpers/ipsec-tools";
import { CASE_NAMES, planCase } from "../helpers/load-case";

const installed = LIBRESWAN_VERSIONS.find((version) => version === installedLibreswan());
const version: LibreswanVersion = installed ?? "4.10";

/** A test that can't run is skipped under a name that says why. */
function itUnless(reason: string | undefined): (name: string, test: () => void) => void {
  return reason === undefined ? it : (name, test) => it.skip(`${name} (skipped: ${reason})`, test);
}

const noPluto =
  whyNoNamespace() ?? (installed ? undefined : `Libreswan ${installedLibreswan()} is none that a dialect is known for`);
const noInterfaces = noPluto ?? (hasXfrmInterface() ? undefined : "this kernel has no xfrm_interface");

describe.each(CASE_NAMES)("%s, read by the real programs", (name) => {
  const folder = mkdtempSync(join(tmpdir(), "kakehashi-case-"));
  const trees = planCase(name, version).map((plan) => ({
    plan,
    dir: join(folder, plan.controller),
    names: plan.connections.flatMap(({ tunnels }) => tunnels.map((tunnel) => tunnel.name)),
    files: renderController(plan),
  }));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const expectAdded = (change: (file: TreeFile) => TreeFile): void => {
    for (const { dir, files, names } of trees) {
      writeTree(
        dir,
        files.map(change).map((file) => including(dir, file)),
      );
      expect(names.length).toBeGreaterThan(0);
      expect(addToPluto(join(dir, "etc/ipsec.conf"), names)).toEqual({ exitCode: 0, output: "" });
    }
  };

  const hasInterfaces = trees.some(({ files }) =>
    files.some((file) => file.content !== withoutInterface(file).content),
  );

  itUnless(hasInterfaces ? noInterfaces : noPluto)(`is added to a pluto ${version}`, () => expectAdded((file) => file));

  if (hasInterfaces) {
    itUnless(noPluto)(`is added to a pluto ${version} without the line ipsec-interface=`, () =>
      expectAdded(withoutInterface),
    );
  }

  itUnless(whyMissing("ipsec"))("has proposals that ipsec algparse knows", () => {
    const settings = trees.flatMap(({ plan }) =>
      plan.connections.flatMap(({ tunnels }) => tunnels.flatMap((tunnel) => tunnel.settings)),
    );
    for (const kind of ["ike", "esp"] as const) {
      const values = new Set(settings.filter(([key]) => key === kind).map(([, value]) => value));
      expect(values.size).toBeGreaterThan(0);
      for (const value of values) expect([value, algparse(kind, value).exitCode]).toEqual([value, 0]);
    }
  });

  itUnless(whyMissing("vtysh"))("has an frr.conf that vtysh reads without a word", () => {
    for (const { files, plan } of trees) {
      const conf = files.find(({ path }) => path === "etc/frr/frr.conf");
      expect(conf !== undefined).toBe(plan.bgp !== undefined);
      if (!conf) continue;
      const file = join(folder, `${plan.controller}-frr.conf`);
      writeFileSync(file, conf.content);
      chmodSync(folder, 0o755);
      expect(checkFrr(file)).toEqual({ exitCode: 0, output: "" });
    }
  });

  itUnless(whyMissing("nft"))("has an nftables file that nft reads without a word, twice", () => {
    for (const { files, plan } of trees) {
      const file = join(folder, `${plan.controller}.nft`);
      writeFileSync(file, files.find(({ path }) => path === "etc/nftables.d/kakehashi.nft")?.content ?? "");
      expect(checkNftables(file)).toEqual({ exitCode: 0, output: "" });
    }
  });
});

/** The file's folder is where the test put it. */
function including(dir: string, file: TreeFile): TreeFile {
  return file.path === "etc/ipsec.conf"
    ? { ...file, content: file.content.replace("/etc/ipsec.d/", `${dir}/etc/ipsec.d/`) }
    : file;
}

function withoutInterface(file: TreeFile): TreeFile {
  return file.path.endsWith(".conf")
    ? { ...file, content: file.content.replace(/^ {4}ipsec-interface=.*\n/gm, "") }
    : file;
}

describe("the nftables file of a policy-based connection", () => {
  const folder = mkdtempSync(join(tmpdir(), "kakehashi-nft-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const nftFile = (name: string): string => {
    const file = join(folder, `${name}.nft`);
    const tree = planCase(name).flatMap((plan) => renderController(plan));
    writeFileSync(file, tree.find(({ path }) => path === "etc/nftables.d/kakehashi.nft")?.content ?? "");
    return file;
  };
  const noNft = whyMissing("nft") ?? whyNoNamespace();

  itUnless(noNft)("drops what no policy would encrypt, and nothing else", () => {
    expect(countDropped(nftFile("policy-based"), "172.30.2.9")).toBe(1);
    expect(countDropped(nftFile("policy-based"), "192.0.2.77")).toBe(0);
  });

  itUnless(noNft)("is needed there alone: a route-based one drops nothing", () => {
    expect(countDropped(nftFile("aws-static"), "172.30.2.9")).toBe(0);
  });
});

describe("a VTI of 3.32", () => {
  const folder = mkdtempSync(join(tmpdir(), "kakehashi-vti-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  itUnless(noPluto)(`is added to a pluto ${version} too, which still knows VTIs`, () => {
    for (const plan of planCase("aws-bgp-vti", "3.32")) {
      writeTree(
        folder,
        renderController(plan).map((file) => including(folder, file)),
      );
      const names = plan.connections.flatMap(({ tunnels }) => tunnels.map(({ name }) => name));
      expect(addToPluto(join(folder, "etc/ipsec.conf"), names)).toEqual({ exitCode: 0, output: "" });
    }
  });
});

describe("the checks themselves", () => {
  const folder = mkdtempSync(join(tmpdir(), "kakehashi-check-"));
  const conf = (text: string): string => {
    const file = join(folder, "ipsec.conf");
    writeFileSync(
      file,
      `config setup\n\nconn bad-1\n    left=%defaultroute\n    right=203.0.113.1\n    authby=secret\n    auto=start\n${text}`,
    );
    return file;
  };
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  itUnless(noPluto)("refuse what only pluto sees: a group that is not built in", () => {
    expect(addToPluto(conf("    ike=aes256-sha2_256;modp1024\n"), ["bad-1"])).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining("modp1024"),
    });
  });

  itUnless(noPluto)("refuse what only prints a line and exits 0: a prefix of 99 bits", () => {
    expect(addToPluto(conf("    rightsubnet=172.30.0.0/99\n"), ["bad-1"])).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining("checkconfig (0)"),
    });
  });

  itUnless(noPluto)("refuse a keyword of another version", () => {
    expect(addToPluto(conf("    nosuchkeyword=1\n"), ["bad-1"])).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining("nosuchkeyword"),
    });
  });

  itUnless(whyMissing("ipsec"))("refuse strongSwan's spelling of a proposal", () => {
    expect(algparse("esp", "aes256gcm16;dh20").exitCode).not.toBe(0);
  });
});
