import type { Controller, Site } from "../config/site";
import type { TreeFile } from "../config/tree-file";
import type { Certificates, CertificateWish } from "./certificates";
import { certificatesAreCurrent } from "./certificates-are-current";

/**
 * The names under which the two generations of the VC controller look for the same files in their folder `cert/`: 25.x, 26.10.
 * @see https://github.com/nii-gakunin-cloud/ocs-vcp-portable/blob/7044cadfb00b1a9c38e6b9f1e7e012de39b1126f/manual.md (3.2)
 * @see https://github.com/nii-gakunin-cloud/ocs-vcp-portable/blob/40694948d2559fce8eaf49a57cd93f44f5a65f98/tools/create_dummy_cert.sh
 */
const FILES: Readonly<Record<keyof Certificates, { names: readonly [string, string]; mode: number }>> = {
  ca: { names: ["ca.pem", "occtr_ca.crt"], mode: 0o644 },
  certificate: { names: ["occtr_cert.pem", "occtr.crt"], mode: 0o644 },
  key: { names: ["occtr_key.pem", "occtr.key"], mode: 0o600 },
};

/**
 * The certificates of every VC controller that asks for them, under `catalog/<controller>/cert/`. Those that are there
 * already stay as long as they are good, so that a second run changes nothing.
 * @param read the text of a file that an earlier run wrote, by the path that it has here; `undefined` where there is none
 */
export async function renderCertificates(
  site: Site,
  read: (path: string) => string | undefined,
  now: Date,
): Promise<TreeFile[]> {
  const wishing = site.controllers.filter(({ vcController }) => vcController?.certificates);
  const trees = await Promise.all(
    wishing.map(async (controller) => {
      const folder = `catalog/${controller.key}/cert`;
      return toFiles(folder, await keepOrMake(toWish(controller), readExisting(folder, read), now));
    }),
  );
  return trees.flat();
}

function toWish({ key, privateIp, vcController }: Controller): CertificateWish {
  return { name: key, privateIp, dnsName: vcController?.dnsName };
}

async function keepOrMake(wish: CertificateWish, existing: Partial<Certificates>, now: Date): Promise<Certificates> {
  if (certificatesAreCurrent(existing, wish, now)) return existing as Certificates;
  // Loaded only here: the library takes longer to load than everything else that a run without new certificates does.
  const { makeCertificates } = await import("./make-certificates");
  const { ca, certificate, key } = await makeCertificates({ ...wish, now });
  return { ca, certificate, key };
}

function readExisting(folder: string, read: (path: string) => string | undefined): Partial<Certificates> {
  const text = (part: keyof Certificates) => read(`${folder}/${FILES[part].names[0]}`);
  return { ca: text("ca"), certificate: text("certificate"), key: text("key") };
}

function toFiles(folder: string, certificates: Certificates): TreeFile[] {
  return (Object.keys(FILES) as (keyof Certificates)[]).flatMap((part) =>
    FILES[part].names.map((name) => ({
      path: `${folder}/${name}`,
      content: certificates[part],
      mode: FILES[part].mode,
    })),
  );
}
