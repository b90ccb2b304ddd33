import { LIBRESWAN_VERSIONS, type LibreswanVersion } from "../../config/schema/controllers";

/**
 * What one version of Libreswan does with a line.
 * - `warning`: a message, and the line is ignored; the connection loads.
 * - `fails-to-load`: the whole file is refused.
 * - `refused-when-added`: the file loads, but pluto refuses or drops this connection.
 * - `loads-but-wrong`: nothing is said, and it doesn't do what was meant.
 */
export type Verdict = "ok" | "warning" | "fails-to-load" | "refused-when-added" | "loads-but-wrong";

export type Verdicts = Readonly<Record<LibreswanVersion, Verdict>>;

export const ALL_OK: Verdicts = onEvery("ok");

export function onEvery(verdict: Verdict): Verdicts {
  return byVersion(() => verdict);
}

/** One verdict for 3.32, 4.10 and 4.14, another for 5.2. */
export function beforeAndSinceFive(before: Verdict, since: Verdict): Verdicts {
  return byVersion((version) => (version.startsWith("5.") ? since : before));
}

export function byVersion(verdictAt: (version: LibreswanVersion) => Verdict): Verdicts {
  const entries = LIBRESWAN_VERSIONS.map((version) => [version, verdictAt(version)] as const);
  return Object.fromEntries(entries) as Record<LibreswanVersion, Verdict>;
}

export function mapVerdicts(
  verdicts: Verdicts,
  map: (verdict: Verdict, version: LibreswanVersion) => Verdict,
): Verdicts {
  return byVersion((version) => map(verdicts[version], version));
}

/** Whether the version doesn't bring the connection up because of it. */
export function isFatal(verdict: Verdict): boolean {
  return verdict === "fails-to-load" || verdict === "refused-when-added";
}
