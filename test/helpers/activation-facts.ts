import type { ActivationFacts } from "../../config/activation-facts";

/** What a deployed API without a resolver endpoint publishes. */
export const ACTIVATION_FACTS: ActivationFacts = {
  version: 1,
  region: "ap-northeast-1",
  apiId: "a1b2c3d4e5",
  stage: "v1",
  aliasHost: "a1b2c3d4e5-vpce-0123456789abcdef0.execute-api.ap-northeast-1.amazonaws.com",
  endpointHost: "vpce-0123456789abcdef0-abcdefgh.execute-api.ap-northeast-1.vpce.amazonaws.com",
  privateHost: "a1b2c3d4e5.execute-api.ap-northeast-1.amazonaws.com",
  resolverAddresses: [],
};
