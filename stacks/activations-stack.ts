import { join } from "node:path";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import type { Activation } from "../config/activation";
import { ACTIVATION_FACTS_OUTPUT, ACTIVATION_TOKEN_OUTPUT, FACTS_VERSION } from "../config/activation-facts";
import {
  activationName,
  activationNodeRoleName,
  alarmTopicName,
  LONGEST_ACTIVATION_SUFFIX,
  resourceName,
} from "../config/resource-names";
import { activationAuthorizerVariables } from "../functions/activation-authorizer/env";
import { renderAlarmText } from "../functions/common/alarm-label";
import { hybridActivationVariables } from "../functions/hybrid-activation/env";
import { REQUEST_MODEL } from "../functions/hybrid-activation/model";
import { accountId, alarmTopicArn, partition } from "../modules/aws/account";
import { AwsEncryptionKey } from "../modules/aws/encryption-key";
import { AwsInterfaceEndpoint } from "../modules/aws/interface-endpoint";
import { AwsLambdaFunction } from "../modules/aws/lambda-function";
import { AwsNetworkLookup } from "../modules/aws/network-lookup";
import { AwsNodeRole } from "../modules/aws/node-role";
import { AwsPrivateApi } from "../modules/aws/private-api";
import { AwsResolverInbound } from "../modules/aws/resolver-inbound";
import { AwsTokenSecret } from "../modules/aws/token-secret";
import { applyTags } from "../modules/common/tags";
import { activationStatements } from "./activation-statements";
import { addAwsProvider, addBackend, type StackBackend } from "./providers";
import { SiteStack } from "./site-stack";

export interface ActivationsStackProps {
  /** Every resource's name begins with it. */
  readonly site: string;
  readonly activation: Activation;
  /** Where the bundled functions lie. */
  readonly functionsDirectory: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly backend: StackBackend;
}

/** API Gateway waits 29 s for a function; the lease outlasts this. */
const TIMEOUT_SECONDS = 28;

/** Servers come one by one, or a rack at a time; the clients wait and ask again. */
const THROTTLE = { ratePerSecond: 20, burst: 100 };

const STAGE = "v1";

/** One private API that hands out hybrid activations: one Terraform state. */
export class ActivationsStack extends SiteStack {
  constructor(scope: Construct, name: string, props: ActivationsStackProps) {
    super(scope, name);
    const { site, activation } = props;
    const { network, region } = activation;
    const base = activationName(site, activation.key);
    addAwsProvider(this, { region });
    addBackend(this, name, props.backend);
    const place = new AwsNetworkLookup(this, "network", {
      name: resourceName(site, network.key),
      subnets: network.subnets.map(({ key }) => key),
      vpcId: network.vpcId,
      subnetIds:
        network.vpcId === undefined
          ? undefined
          : Object.fromEntries(network.subnets.map(({ key, subnetId }) => [key, subnetId ?? ""])),
    });
    const common = {
      name: base,
      region,
      vpcId: place.vpcId,
      subnetIds: network.subnets.map(({ key }) => place.subnetIds[key] as string),
      allowedPrefixes: activation.allowedPrefixes,
    };
    const endpoint = new AwsInterfaceEndpoint(this, "endpoint", {
      ...common,
      service: "execute-api",
      enablePrivateDns: activation.dnsForwarding,
    });
    const handler = this.makeHandler(base, props);
    const secret = activation.unauthenticated
      ? undefined
      : new AwsTokenSecret(this, "token", { name: base, epoch: activation.tokenEpoch });
    const authorizer = secret && this.makeAuthorizer(base, secret, props);
    const api = new AwsPrivateApi(this, "api", {
      name: base,
      endpointId: endpoint.endpointId,
      allowedPrefixes: activation.allowedPrefixes,
      path: "activations",
      methods: ["GET", "POST"],
      model: { name: "Registration", schema: REQUEST_MODEL },
      handler,
      authorizer,
      stageName: STAGE,
      throttle: THROTTLE,
    });
    this.watch(base, props, handler);
    const resolver = activation.dnsForwarding
      ? new AwsResolverInbound(this, "resolver", { ...common, name: `${base}-dns` })
      : undefined;
    this.publish(region, api, endpoint, resolver, secret);
    applyTags(this, props.tags);
  }

  private makeHandler(base: string, { site, activation, functionsDirectory }: ActivationsStackProps) {
    const { region } = activation;
    const table = new DynamodbTable(this, "table", {
      name: base,
      billingMode: "PAY_PER_REQUEST",
      hashKey: "id",
      attribute: [{ name: "id", type: "S" }],
      ttl: { attributeName: "deleteAfter", enabled: true },
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true },
    });
    const key = new AwsEncryptionKey(this, "key", {
      name: base,
      description: `Codes of ${base}`,
      existingKeyArn: activation.kmsKeyArn,
    });
    const role = new AwsNodeRole(this, "nodes", { name: activationNodeRoleName(site, activation.key), region });
    const parameterPath = `/kakehashi/${site}/activations/${activation.key}`;
    return new AwsLambdaFunction(this, "handler", {
      name: base,
      code: join(functionsDirectory, "hybrid-activation.zip"),
      timeoutSeconds: TIMEOUT_SECONDS,
      memoryMegabytes: 512,
      environment: hybridActivationVariables({
        tableName: table.name,
        parameterPath,
        kmsKeyId: key.keyArn,
        nodeRole: role.roleName,
        registrationLimit: activation.registrationLimit,
        expiryDays: activation.expiryDays,
        renewalMarginHours: activation.renewalMarginHours,
        instanceName: activation.instanceName,
        tags: { ...activation.tags, site, "managed-by": "kakehashi" },
      }),
      statements: activationStatements({
        tableArn: table.arn,
        parameterArn: `arn:${partition(this)}:ssm:${region}:${accountId(this)}:parameter${parameterPath}/*`,
        keyArn: key.keyArn,
        nodeRoleArn: role.roleArn,
        region,
      }),
    });
  }

  private makeAuthorizer(base: string, { secretArn }: AwsTokenSecret, { functionsDirectory }: ActivationsStackProps) {
    return new AwsLambdaFunction(this, "authorizer", {
      name: `${base}${LONGEST_ACTIVATION_SUFFIX}`,
      code: join(functionsDirectory, "activation-authorizer.zip"),
      timeoutSeconds: 10,
      environment: activationAuthorizerVariables({ secretId: secretArn }),
      statements: [{ sid: "ReadItsToken", actions: ["secretsmanager:GetSecretValue"], resources: [secretArn] }],
    });
  }

  /** What failed here stays failed: nobody can register meanwhile. */
  private watch(base: string, { site, activation }: ActivationsStackProps, { functionName }: AwsLambdaFunction): void {
    const { alarm, region, key } = activation;
    const topic = alarm && alarmTopicArn(this, region, alarmTopicName(site, alarm));
    const alarmOn = (
      id: string,
      sentence: string,
      metric: { namespace: string; metricName: string; dimensions: Record<string, string> },
    ) =>
      new CloudwatchMetricAlarm(this, id, {
        alarmName: `${base}-${id}`,
        alarmDescription: renderAlarmText(sentence, {
          kakehashi: 1,
          site,
          kind: "other",
          subject: `activations ${key}`,
        }),
        ...metric,
        statistic: "Sum",
        period: 300,
        evaluationPeriods: 1,
        threshold: 0,
        comparisonOperator: "GreaterThanThreshold",
        treatMissingData: "notBreaching",
        ...(topic ? { alarmActions: [topic], okActions: [topic] } : {}),
      });
    alarmOn("unavailable", "Servers asked for a hybrid activation and got none.", {
      namespace: "AWS/ApiGateway",
      metricName: "5XXError",
      dimensions: { ApiName: base, Stage: STAGE },
    });
    alarmOn("crashed", "The function that hands out hybrid activations crashed or ran out of time.", {
      namespace: "AWS/Lambda",
      metricName: "Errors",
      dimensions: { FunctionName: functionName },
    });
    alarmOn("throttled", "The function that hands out hybrid activations was not let run: too many at once.", {
      namespace: "AWS/Lambda",
      metricName: "Throttles",
      dimensions: { FunctionName: functionName },
    });
  }

  private publish(
    region: string,
    { apiId }: AwsPrivateApi,
    { endpointId, hostName }: AwsInterfaceEndpoint,
    resolver: AwsResolverInbound | undefined,
    secret: AwsTokenSecret | undefined,
  ): void {
    const host = (name: string) => `${name}.execute-api.${region}.amazonaws.com`;
    new TerraformOutput(this, ACTIVATION_FACTS_OUTPUT, {
      value: {
        version: FACTS_VERSION,
        region,
        apiId,
        stage: STAGE,
        // A public name for private addresses: it needs no forwarding.
        aliasHost: host(`${apiId}-${endpointId}`),
        endpointHost: hostName,
        privateHost: host(apiId),
        resolverAddresses: resolver?.addresses ?? [],
      },
    });
    if (secret) new TerraformOutput(this, ACTIVATION_TOKEN_OUTPUT, { value: secret.current, sensitive: true });
  }
}
