import type { ApiModel, MethodSettings, Route } from "./api-model";

/** A token bucket a setting: its burst at once, its rate a second. */
export class Throttle {
  private readonly buckets = new Map<MethodSettings, { tokens: number; atMs: number }>();

  constructor(
    private readonly api: ApiModel,
    private readonly now: () => number,
  ) {}

  /** Takes a token. @returns false where there is none */
  admit({ path, httpMethod }: Route): boolean {
    const own = `${path.replace(/^\//, "").replaceAll("/", "~1")}/${httpMethod}`;
    const setting =
      this.api.methodSettings.find(({ methodPath }) => methodPath === own) ??
      this.api.methodSettings.find(({ methodPath }) => methodPath === "*/*");
    // -1 is Terraform's word for no limit.
    if (!setting || setting.throttlingRateLimit === undefined || setting.throttlingRateLimit < 0) return true;
    const burst = setting.throttlingBurstLimit ?? setting.throttlingRateLimit;
    const { tokens, atMs } = this.buckets.get(setting) ?? { tokens: burst, atMs: this.now() };
    const filled = Math.min(burst, tokens + ((this.now() - atMs) / 1000) * setting.throttlingRateLimit);
    const isAdmitted = filled >= 1;
    this.buckets.set(setting, { tokens: isAdmitted ? filled - 1 : filled, atMs: this.now() });
    return isAdmitted;
  }
}
