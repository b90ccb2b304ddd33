import { AthenaWorkgroup } from "@cdktf/provider-aws/lib/athena-workgroup";
import { GlueCatalogDatabase } from "@cdktf/provider-aws/lib/glue-catalog-database";
import { GlueCatalogTable } from "@cdktf/provider-aws/lib/glue-catalog-table";
import { Construct } from "constructs";

export interface AwsResultTableProps {
  /** Name of the workgroup; the database's is the same with underscores. */
  readonly name: string;
  readonly bucketName: string;
  /** Prefix of the partitions `dt=…/hour=…`. */
  readonly prefix: string;
  /** Athena's types by the column's name. */
  readonly columns: Readonly<Record<string, string>>;
  /** Partitions older than that are not looked for. */
  readonly retentionDays: number;
}

/** A query may read as much, and costs accordingly. */
const MOST_BYTES_PER_QUERY = 100 * 2 ** 30;

/**
 * A table for Athena over gzip NDJSON. Its partitions are computed, not registered.
 * @see https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html
 */
export class AwsResultTable extends Construct {
  constructor(scope: Construct, id: string, props: AwsResultTableProps) {
    super(scope, id);
    const database = new GlueCatalogDatabase(this, "database", { name: props.name.replaceAll("-", "_") });
    const location = `s3://${props.bucketName}/${props.prefix}`;
    new GlueCatalogTable(this, "table", {
      name: "results",
      databaseName: database.name,
      tableType: "EXTERNAL_TABLE",
      partitionKeys: [
        { name: "dt", type: "string" },
        { name: "hour", type: "string" },
      ],
      storageDescriptor: {
        location,
        inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
        outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
        serDeInfo: { serializationLibrary: "org.openx.data.jsonserde.JsonSerDe" },
        columns: Object.entries(props.columns).map(([name, type]) => ({ name, type })),
      },
      parameters: {
        classification: "json",
        "projection.enabled": "true",
        "projection.dt.type": "date",
        "projection.dt.format": "yyyy-MM-dd",
        "projection.dt.range": `NOW-${props.retentionDays + 1}DAYS,NOW`,
        "projection.hour.type": "integer",
        "projection.hour.range": "0,23",
        "projection.hour.digits": "2",
        // Athena's own placeholders, which Terraform must not take for its.
        "storage.location.template": `${location}dt=$\${dt}/hour=$\${hour}/`,
      },
    });
    new AthenaWorkgroup(this, "workgroup", {
      name: props.name,
      configuration: {
        enforceWorkgroupConfiguration: true,
        bytesScannedCutoffPerQuery: MOST_BYTES_PER_QUERY,
        managedQueryResultsConfiguration: { enabled: true },
      },
    });
  }
}
