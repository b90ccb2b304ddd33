export const MACHINE_PATTERN = "^[A-Za-z0-9._:-]{1,128}$";
export const ATTEMPT_PATTERN = "^[A-Za-z0-9-]{1,64}$";
/** @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteActivation.html */
export const ACTIVATION_ID_PATTERN = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$";

/**
 * The body of `POST /activations`, as the gateway's validator reads it. Draft 4 is the one that API Gateway knows.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings.html
 */
export const REQUEST_MODEL = {
  $schema: "http://json-schema.org/draft-04/schema#",
  title: "Registration",
  type: "object",
  required: ["machine", "attempt"],
  properties: {
    machine: { type: "string", pattern: MACHINE_PATTERN },
    attempt: { type: "string", pattern: ATTEMPT_PATTERN },
    rejectedActivationId: { type: "string", pattern: ACTIVATION_ID_PATTERN },
  },
  additionalProperties: false,
} as const;
