import type { ProbeAnswer, ProbeRequest } from "../common/appliance/probe-contract";
import type { ServiceCheck } from "../common/appliance/settings";

export interface Senses {
  /** Undefined: it answers; else why not. */
  readonly ask: (host: string, service: ServiceCheck) => Promise<string | undefined>;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly now: () => number;
}

/** Asks again and again, until so many answers in a row fail or the time is up. */
export async function probe(senses: Senses, request: ProbeRequest): Promise<ProbeAnswer> {
  const { host, service, intervalSeconds, failures, forSeconds } = request;
  const untilMs = senses.now() + forSeconds * 1000;
  let [asked, failed, inARow] = [0, 0, 0];
  let why: string | undefined;
  for (;;) {
    const begunMs = senses.now();
    const failure = await senses.ask(host, service);
    asked += 1;
    failed += Number(failure !== undefined);
    inARow = failure === undefined ? 0 : inARow + 1;
    why = failure ?? why;
    if (inARow >= failures) return { isUp: false, asked, failed, why };
    // What began to fail is asked to its end, though the time be up.
    if (inARow === 0 && senses.now() + intervalSeconds * 1000 > untilMs) return { isUp: true, asked, failed, why };
    await senses.sleep(Math.max(0, begunMs + intervalSeconds * 1000 - senses.now()));
  }
}
