// One execution environment: loads the function's bundle and answers invocations that its parent sends. argv: the bundle.
// Its environment is the function's, and nothing else is in it.
const [bundle] = process.argv.slice(2);

process.on("message", async ({ id, event, deadlineMs, functionName, arn }) => {
  const context = {
    functionName,
    functionVersion: "$LATEST",
    invokedFunctionArn: arn,
    awsRequestId: id,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: String(process.pid),
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
  };
  try {
    const { handler } = require(bundle);
    // Lambda answers with what JSON makes of the result.
    process.send({ id, result: JSON.stringify((await handler(event, context)) ?? null) });
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
    process.send({ id, error: { errorType: name, errorMessage: message } });
  }
});
process.on("disconnect", () => process.exit(0));
