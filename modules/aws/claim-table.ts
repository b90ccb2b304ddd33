import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { Construct } from "constructs";

export interface AwsClaimTableProps {
  readonly name: string;
  /** Attribute in seconds since the epoch after which DynamoDB may delete an item. */
  readonly expiryAttribute: string;
}

/** A table with the string key `id` whose items expire, paid by the request. */
export class AwsClaimTable extends Construct {
  readonly arn: string;
  readonly tableName: string;

  constructor(scope: Construct, id: string, { name, expiryAttribute }: AwsClaimTableProps) {
    super(scope, id);
    const table = new DynamodbTable(this, "table", {
      name,
      billingMode: "PAY_PER_REQUEST",
      hashKey: "id",
      attribute: [{ name: "id", type: "S" }],
      ttl: { attributeName: expiryAttribute, enabled: true },
    });
    this.arn = table.arn;
    this.tableName = table.name;
  }
}
