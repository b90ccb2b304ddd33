// Prices of us-east-1, on demand, without the free tier.

/** https://aws.amazon.com/lambda/pricing/ (Arm) */
const LAMBDA_GIGABYTE_SECOND = 0.0000133334;
const LAMBDA_REQUEST = 0.2 / 1e6;
/** https://aws.amazon.com/sqs/pricing/ (standard queue) */
const SQS_REQUEST = 0.4 / 1e6;
/** https://aws.amazon.com/dynamodb/pricing/on-demand/ (a write of up to 1 KB) */
const DYNAMODB_WRITE = 0.625 / 1e6;
/** https://aws.amazon.com/s3/pricing/ */
const S3_PUT = 0.005 / 1e3;
/** https://aws.amazon.com/ec2/pricing/on-demand/ (m7g.large, Linux) */
const INSTANCE_HOUR = 0.0816;

/** Of each ten records: SendMessageBatch, ReceiveMessage, DeleteMessageBatch. */
const SQS_REQUESTS_A_RECORD = 0.3;

export const monthly = { twoInstances: 2 * 730 * INSTANCE_HOUR };

/**
 * Dollars for a million records: the function's own, and in all.
 * @param isOurs with a claim for every record and an object of results for every batch
 */
export function perMillion(gigabyteSeconds, { batch, isOurs }) {
  const batches = 1e6 / batch;
  const own = gigabyteSeconds * LAMBDA_GIGABYTE_SECOND + batches * LAMBDA_REQUEST;
  const queue = 1e6 * SQS_REQUESTS_A_RECORD * SQS_REQUEST;
  return { own, inAll: own + queue + (isOurs ? 1e6 * DYNAMODB_WRITE + batches * S3_PUT : 0) };
}
