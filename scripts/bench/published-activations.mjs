// The logic of the published way to automate hybrid activations, as its template has it: a lock that is read and then written without
// a condition, five looks of 3 s each, then on without it; ten registrations an activation; one parameter; the code that lies there
// is given to whoever asks while Systems Manager has counted fewer than ten registrations.
// https://github.com/aws-samples/aws-systemsmanager-automate-hybrid-activations (4336c8f)

const LOOKS = 5;
const PAUSE_MS = 3000;
const PARAMETER = "/hybridactivationsformanagedinstances/hybridactivationid";
const DAYS_30_MS = 30 * 86_400_000;

/**
 * @param parts the SDK (commands and clients), the table's name, the key, `wait`, and `seen`: what a look from outside counts
 * @returns the pair that the caller is told
 */
export async function handOutAsPublished({ sdk, dynamo, ssm, tableName, keyId, wait, seen }) {
  const Key = { name: "ExecutionStatus" };
  const setState = (state) =>
    dynamo.send(
      new sdk.UpdateCommand({
        TableName: tableName,
        Key,
        UpdateExpression: "SET #n = :val1",
        ExpressionAttributeNames: { "#n": "state" },
        ExpressionAttributeValues: { ":val1": state },
      }),
    );
  const create = async () => {
    const made = await ssm.send(
      new sdk.CreateActivationCommand({
        IamRole: "nodes",
        RegistrationLimit: 10,
        ExpirationDate: new Date(Date.now() + DAYS_30_MS - 60_000),
      }),
    );
    const pair = { activationId: made.ActivationId, activationCode: made.ActivationCode };
    await ssm.send(
      new sdk.PutParameterCommand({
        Name: PARAMETER,
        Value: JSON.stringify(pair),
        KeyId: keyId,
        Type: "SecureString",
        Overwrite: true,
      }),
    );
    return pair;
  };

  const item = { ...Key, state: "Unlocked" };
  const put = new sdk.PutCommand({
    TableName: tableName,
    Item: item,
    ConditionExpression: "attribute_not_exists(#A)",
    ExpressionAttributeNames: { "#A": "state" },
  });
  await dynamo.send(put).catch((error) => {
    if (error.name !== "ConditionalCheckFailedException") throw error;
  });
  let isLocked = false;
  for (let look = 0; look < LOOKS && !isLocked; look++) {
    const { Item } = await dynamo.send(new sdk.GetCommand({ TableName: tableName, Key }));
    if (Item.state === "Unlocked") {
      await setState("Locked");
      isLocked = true;
    } else await wait(PAUSE_MS);
  }
  if (!isLocked) seen.withoutLock += 1;
  seen.inside += 1;
  seen.mostInside = Math.max(seen.mostInside, seen.inside);
  try {
    const { Parameter } = await ssm.send(new sdk.GetParameterCommand({ Name: PARAMETER, WithDecryption: true }));
    const pair = Parameter.Value === "blank" ? await create() : JSON.parse(Parameter.Value);
    const filter = { FilterKey: "ActivationIds", FilterValues: [pair.activationId] };
    const { ActivationList } = await ssm.send(new sdk.DescribeActivationsCommand({ Filters: [filter] }));
    const [found] = ActivationList;
    const isGood =
      found && found.ExpirationDate > new Date() && found.RegistrationLimit - (found.RegistrationsCount ?? 0) > 0;
    const told = isGood ? pair : await create();
    await setState("Unlocked");
    return told;
  } finally {
    seen.inside -= 1;
  }
}

/** What its template makes. */
export async function prepareAsPublished({ sdk, dynamo, ssm, tableName, keyId }) {
  await dynamo.send(
    new sdk.CreateTableCommand({
      TableName: tableName,
      KeySchema: [{ AttributeName: "name", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "name", AttributeType: "S" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  await ssm.send(
    new sdk.PutParameterCommand({
      Name: PARAMETER,
      Value: "blank",
      KeyId: keyId,
      Type: "SecureString",
      Overwrite: true,
    }),
  );
}
