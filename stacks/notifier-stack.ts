import { join } from "node:path";
import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { deadLetterQueueName, type Notifier, notifierName, resultBucketName } from "../config/notifier";
import { alarmTopicName, resourceName } from "../config/resource-names";
import type { AwsNetwork } from "../config/site";
import { renderAlarmText } from "../functions/common/alarm-label";
import { CLAIM_EXPIRY_ATTRIBUTE, RESULT_COLUMNS, RESULTS_PREFIX, renderSettings } from "../functions/s2s-notifier/env";
import { accountId, alarmTopicArn } from "../modules/aws/account";
import { AwsClaimTable } from "../modules/aws/claim-table";
import { AwsLambdaFunction, type AwsLambdaFunctionProps } from "../modules/aws/lambda-function";
import { AwsNetworkLookup } from "../modules/aws/network-lookup";
import { AwsNotifierAlarms } from "../modules/aws/notifier-alarms";
import { AwsNotifierDashboard } from "../modules/aws/notifier-dashboard";
import { AwsResultBucket } from "../modules/aws/result-bucket";
import { AwsResultTable } from "../modules/aws/result-table";
import { AwsWorkQueue } from "../modules/aws/work-queue";
import { applyTags } from "../modules/common/tags";
import { addAwsProvider, addBackend, type StackBackend } from "./providers";
import { SiteStack } from "./site-stack";

export interface NotifierStackProps {
  /** Every resource's name begins with it. */
  readonly site: string;
  readonly notifier: Notifier;
  /** The network of `notifier.place`. */
  readonly network?: AwsNetwork;
  /** Where the bundled functions lie. */
  readonly functionsDirectory: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly backend: StackBackend;
}

/** Where a private authority's certificates lie in the bucket, out of the results' reach. */
const AUTHORITIES_KEY = "settings/authorities.pem";

/** @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html (six times the function's timeout, and the window) */
const VISIBILITY_TIMEOUTS = 6;

/** Queue, function, results, alarms of one notifier: one Terraform state. */
export class NotifierStack extends SiteStack {
  constructor(scope: Construct, name: string, props: NotifierStackProps) {
    super(scope, name);
    const { site, notifier } = props;
    const resource = notifierName(site, notifier.key);
    addAwsProvider(this, { region: notifier.region });
    addBackend(this, name, props.backend);
    const queue = new AwsWorkQueue(this, "queue", {
      name: resource,
      deadLetterName: deadLetterQueueName(site, notifier.key),
      retentionDays: notifier.queue.retentionDays,
      visibilitySeconds: VISIBILITY_TIMEOUTS * notifier.function.timeoutSeconds + notifier.queue.batchWindowSeconds,
      maxReceives: notifier.retry.receives,
    });
    const claims = new AwsClaimTable(this, "claims", { name: resource, expiryAttribute: CLAIM_EXPIRY_ATTRIBUTE });
    const results = new AwsResultBucket(this, "results", {
      name: notifier.results.bucket ?? resultBucketName(site, notifier.key, accountId(this)),
      prefix: RESULTS_PREFIX,
      retentionDays: notifier.results.retentionDays,
    });
    if (notifier.results.athena) {
      new AwsResultTable(this, "athena", {
        name: resource,
        bucketName: results.bucketName,
        prefix: RESULTS_PREFIX,
        columns: RESULT_COLUMNS,
        retentionDays: notifier.results.retentionDays,
      });
    }
    const notify = this.addFunction(props, resource, queue, claims, results);
    new LambdaEventSourceMapping(this, "poller", {
      eventSourceArn: queue.arn,
      functionName: notify.arn,
      batchSize: notifier.queue.batchSize,
      maximumBatchingWindowInSeconds: notifier.queue.batchWindowSeconds,
      functionResponseTypes: ["ReportBatchItemFailures"],
      scalingConfig: { maximumConcurrency: notifier.queue.functions },
    });
    this.watch(props, resource, notify);
    this.publish(resource, queue, results);
    applyTags(this, props.tags);
  }

  private addFunction(
    { site, notifier, network, functionsDirectory }: NotifierStackProps,
    name: string,
    queue: AwsWorkQueue,
    claims: AwsClaimTable,
    results: AwsResultBucket,
  ): AwsLambdaFunction {
    const hasAuthorities = notifier.destinations.authorities.length > 0;
    if (hasAuthorities) {
      new S3Object(this, "authorities", {
        bucket: results.bucketName,
        key: AUTHORITIES_KEY,
        content: `${notifier.destinations.authorities.map((pem) => pem.trim()).join("\n")}\n`,
        contentType: "application/x-pem-file",
      });
    }
    return new AwsLambdaFunction(this, "notify", {
      name,
      code: join(functionsDirectory, "s2s-notifier.zip"),
      timeoutSeconds: notifier.function.timeoutSeconds,
      memoryMegabytes: notifier.function.memoryMegabytes,
      environment: renderSettings({
        queueUrl: queue.url,
        tableName: claims.tableName,
        bucketName: results.bucketName,
        ...(hasAuthorities && { authoritiesKey: AUTHORITIES_KEY }),
        ...toSettings(notifier),
      }),
      statements: permissions(queue.arn, claims.arn, results.arn, hasAuthorities),
      vpc: network && this.findPlace(site, name, notifier, network),
    });
  }

  private findPlace(
    site: string,
    name: string,
    { place, destinations }: Notifier,
    network: AwsNetwork,
  ): AwsLambdaFunctionProps["vpc"] {
    const subnets = place?.subnets ?? [];
    const found = new AwsNetworkLookup(this, "place", {
      name: resourceName(site, network.key),
      subnets,
      vpcId: network.existing?.vpcId,
      subnetIds:
        network.existing && Object.fromEntries(network.subnets.map(({ key, subnetId }) => [key, subnetId ?? ""])),
    });
    const group = new SecurityGroup(this, "calls", {
      name,
      description: "Calls out of the notifier; nothing comes in",
      vpcId: found.vpcId,
      egress: [...new Set([443, ...destinations.ports])].map((port) => ({
        description: port === 443 ? "partners over TLS, SQS, S3, DynamoDB" : "partners",
        protocol: "tcp",
        fromPort: port,
        toPort: port,
        cidrBlocks: ["0.0.0.0/0"],
      })),
      tags: { Name: name },
    });
    return { subnetIds: subnets.map((key) => found.subnetIds[key] as string), securityGroupIds: [group.id] };
  }

  private watch({ site, notifier }: NotifierStackProps, name: string, notify: AwsLambdaFunction): void {
    const names = {
      name,
      deadLetterQueueName: deadLetterQueueName(site, notifier.key),
      namespace: `Kakehashi/${name}`,
    };
    const { oldestMinutes, deadLetters, rejectedPercent } = notifier.thresholds;
    new AwsNotifierAlarms(this, "alarms", {
      ...names,
      logGroupName: notify.logGroupName,
      thresholds: { oldestSeconds: oldestMinutes * 60, deadLetters, rejectedPercent },
      describe: (sentence) =>
        renderAlarmText(sentence, { kakehashi: 1, site, kind: "other", subject: `notifier ${notifier.key}` }),
      actions: notifier.alarm ? [alarmTopicArn(this, notifier.region, alarmTopicName(site, notifier.alarm))] : [],
    });
    new AwsNotifierDashboard(this, "overview", { ...names, region: notifier.region });
  }

  private publish(name: string, queue: AwsWorkQueue, results: AwsResultBucket): void {
    const document = new DataAwsIamPolicyDocument(this, "send-document", {
      statement: [
        { sid: "PutRecordsIntoTheQueue", actions: ["sqs:GetQueueUrl", "sqs:SendMessage"], resources: [queue.arn] },
      ],
    });
    const policy = new IamPolicy(this, "send", { name: `${name}-send`, policy: document.json });
    new TerraformOutput(this, "queue_url", { value: queue.url });
    new TerraformOutput(this, "dead_letter_queue_url", { value: queue.deadLetterUrl });
    new TerraformOutput(this, "result_bucket", { value: results.bucketName });
    new TerraformOutput(this, "send_policy_arn", { value: policy.arn });
  }
}

function toSettings(notifier: Notifier) {
  const { function: run, request, retry, destinations, results } = notifier;
  return {
    concurrency: run.calls,
    perHost: run.callsPerHost,
    requestTimeoutMs: request.timeoutSeconds * 1_000,
    connectTimeoutMs: request.connectTimeoutSeconds * 1_000,
    redirects: request.redirects,
    responseBytes: request.responseKilobytes * 1_024,
    firstDelaySeconds: retry.firstDelaySeconds,
    maxDelaySeconds: retry.maxDelaySeconds,
    breakerFailures: retry.breakerFailures,
    breakerSeconds: retry.breakerSeconds,
    ...(destinations.hosts && { hosts: [...destinations.hosts] }),
    ports: [...destinations.ports],
    enableHttp: destinations.http,
    privateHosts: Object.fromEntries(
      Object.entries(destinations.private).map(([name, prefixes]) => [name, [...prefixes]]),
    ),
    rememberSeconds: results.rememberDays * 86_400,
    keepResponseBytes: results.responseBytes,
    keepQuery: results.query,
  };
}

function permissions(
  queueArn: string,
  tableArn: string,
  bucketArn: string,
  hasAuthorities: boolean,
): DataAwsIamPolicyDocumentStatement[] {
  return [
    {
      sid: "TakeRecordsFromTheQueue",
      actions: ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
      resources: [queueArn],
    },
    {
      sid: "ClaimRecords",
      // PartiQL has its own actions. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html
      actions: ["dynamodb:BatchGetItem", "dynamodb:BatchWriteItem", "dynamodb:PartiQLInsert", "dynamodb:UpdateItem"],
      resources: [tableArn],
    },
    {
      sid: "WriteAndReadResults",
      actions: ["s3:GetObject", "s3:PutObject"],
      resources: [`${bucketArn}/${RESULTS_PREFIX}*`],
    },
    // Without it S3 says "access denied" for an object that isn't there, and a dead function's batch could not be told from a
    // broken permission. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    { sid: "LearnThatAResultIsMissing", actions: ["s3:ListBucket"], resources: [bucketArn] },
    ...(hasAuthorities
      ? [{ sid: "ReadAuthorities", actions: ["s3:GetObject"], resources: [`${bucketArn}/${AUTHORITIES_KEY}`] }]
      : []),
  ];
}
