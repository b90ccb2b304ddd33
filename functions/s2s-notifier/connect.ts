import type { LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";
import { isIP } from "node:net";
import { Agent, buildConnector } from "undici";
import { bare, type DestinationRules, refusedRange } from "./destination";
import type { NotifierSettings } from "./env";
import { DestinationRefused } from "./errors";

/** The addresses of a name, both families. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

export interface GuardedAgentProps {
  readonly settings: DestinationRules & Pick<NotifierSettings, "perHost" | "connectTimeoutMs">;
  readonly resolve: Resolve;
  /** PEM certificates of authorities, public ones included. @default - Node's own */
  readonly authorities?: readonly string[];
}

/**
 * Keep-alive connections, a pool a host, that go nowhere but where they may: the address that was looked at is the one that
 * is connected to, so that a name that resolves to something else the second time gains nothing.
 */
export function makeGuardedAgent({ settings, resolve, authorities }: GuardedAgentProps): Agent {
  const connect = buildConnector({
    lookup: makeLookup(settings, cached(resolve)),
    timeout: settings.connectTimeoutMs,
    ...(authorities && { ca: [...authorities] }),
  } as buildConnector.BuildOptions);
  return new Agent({
    connections: settings.perHost,
    pipelining: 1,
    connect: (options, callback) => {
      // Node does not look an address up that stands in the URL itself.
      const refused = isIP(bare(options.hostname))
        ? refusedRange(bare(options.hostname), options.hostname, settings)
        : undefined;
      if (refused) return callback(refuse(refused), null);
      connect(options, callback);
    },
  });
}

function makeLookup(rules: DestinationRules, resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const allowed = addresses.filter(({ address }) => refusedRange(address, hostname, rules) === undefined);
        const [first] = allowed;
        if (!first) {
          const found = addresses[0] && refusedRange(addresses[0].address, hostname, rules);
          return callback(found ? refuse(found) : noAddress(hostname), "");
        }
        if (options.all)
          callback(
            null,
            allowed.map((one) => ({ ...one })),
          );
        else callback(null, first.address, first.family);
      },
      (error: Error) => callback(error, ""),
    );
  };
}

function refuse(range: string): DestinationRefused {
  return new DestinationRefused(`the address is ${range}`);
}

function noAddress(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`no address of ${hostname}`), { code: "ENOTFOUND" });
}

/** One question a name and agent, which lives for one batch; a failure is asked again. */
function cached(resolve: Resolve): Resolve {
  const known = new Map<string, ReturnType<Resolve>>();
  return (hostname) => {
    const asked = known.get(hostname);
    if (asked) return asked;
    const answer = resolve(hostname);
    known.set(hostname, answer);
    answer.catch(() => known.delete(hostname));
    return answer;
  };
}
