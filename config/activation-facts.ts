import * as z from "zod";

export const ACTIVATION_FACTS_OUTPUT = "activation_facts";
/** Sensitive. Absent where nobody is asked for a token. */
export const ACTIVATION_TOKEN_OUTPUT = "activation_token";

export const FACTS_VERSION = 1;

const host = z.string().regex(/^[a-z0-9.-]{1,253}$/);

/** What a deployed activation API publishes for the files of its clients. */
export const activationFacts = z.object({
  version: z.literal(FACTS_VERSION),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/),
  apiId: z.string().regex(/^[a-z0-9]{1,32}$/),
  stage: z.string().regex(/^\w{1,128}$/),
  /** Answered by public DNS with the endpoint's private addresses. */
  aliasHost: host,
  /** The endpoint's own name: the API is then named by the header `x-apigw-api-id`. */
  endpointHost: host,
  /** Answered so only by the VPC's own DNS, through a resolver endpoint. */
  privateHost: host,
  resolverAddresses: z.array(z.ipv4()).default([]),
});

export type ActivationFacts = z.output<typeof activationFacts>;
