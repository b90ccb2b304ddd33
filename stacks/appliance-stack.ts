import { join } from "node:path";
import { DataAwsEip } from "@cdktf/provider-aws/lib/data-aws-eip";
import { DataAwsIamInstanceProfile } from "@cdktf/provider-aws/lib/data-aws-iam-instance-profile";
import type { DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import { Route53HealthCheck } from "@cdktf/provider-aws/lib/route53-health-check";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import type { Construct } from "constructs";
import { type Appliance, toApplianceSettings } from "../config/appliance";
import { alarmTopicName } from "../config/resource-names";
import { selectorTag } from "../config/values/resource-selector";
import { renderAlarmText } from "../functions/common/alarm-label";
import { DOWN_SOURCE, DOWN_TYPE } from "../functions/common/appliance/down-event";
import { renderApplianceEnvironment } from "../functions/common/appliance/environment";
import { APPLIANCE_METRICS, APPLIANCE_NAMESPACE } from "../functions/common/appliance/metric-line";
import { type ApplianceSettings, TAGS } from "../functions/common/appliance/settings";
import { accountId, alarmTopicArn, partition } from "../modules/aws/account";
import { AwsApplianceAlarms } from "../modules/aws/appliance-alarms";
import { AwsApplianceDashboard } from "../modules/aws/appliance-dashboard";
import { AwsApplianceProbe } from "../modules/aws/appliance-probe";
import { AwsEventCall } from "../modules/aws/event-call";
import { AwsImagePolicy } from "../modules/aws/image-policy";
import { AwsLambdaFunction } from "../modules/aws/lambda-function";
import { applyTags } from "../modules/common/tags";
import {
  type AppliancePlace,
  enginePermissions,
  stamperPermissions,
  watcherPermissions,
} from "./appliance-permissions";
import { addAwsProvider, addBackend, type StackBackend } from "./providers";
import { SiteStack } from "./site-stack";

export interface ApplianceStackProps {
  /** Every resource's name begins with it. */
  readonly site: string;
  readonly appliance: Appliance;
  /** Where the bundled functions lie. */
  readonly functionsDirectory: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly backend: StackBackend;
}

/** What watches, photographs and replaces an EC2 instance that is a VPN server: one Terraform state. */
export class ApplianceStack extends SiteStack {
  private readonly settings: ApplianceSettings;

  constructor(scope: Construct, name: string, props: ApplianceStackProps) {
    super(scope, name);
    const { site, appliance } = props;
    this.settings = toApplianceSettings(site, appliance);
    addAwsProvider(this, { region: appliance.region });
    addBackend(this, name, props.backend);
    const vpc = this.findVpc();
    this.makeQuarantine(vpc.id);
    const address = this.findAddress();
    const probe = this.makeProbe(props, vpc);
    const place = this.describePlace(props, vpc.id, address.id, probe?.arn);
    const healthCheckId = this.makeHealthCheck(props, address.publicIp);
    const environment = renderApplianceEnvironment({
      settings: this.settings,
      topicArn: place.topicArn,
      healthCheckId,
    });
    const add = (part: string, code: string, statements: DataAwsIamPolicyDocumentStatement[], timeoutSeconds: number) =>
      new AwsLambdaFunction(this, part, {
        name: `${this.settings.name}-${part}`,
        code: join(props.functionsDirectory, `${code}.zip`),
        environment,
        statements,
        timeoutSeconds,
      });
    const dead = new SqsQueue(this, "dead-letters", {
      name: `${this.settings.name}-dead-letters`,
      messageRetentionSeconds: 14 * 86_400,
      sqsManagedSseEnabled: true,
    });
    const putAway = { sid: "PutAwayWhatFailed", actions: ["sqs:SendMessage"], resources: [dead.arn] };
    const engine = add("failover", "appliance-failover", [...enginePermissions(this.settings, place), putAway], 900);
    const watcher = add("watcher", "appliance-watcher", watcherPermissions(place, DOWN_SOURCE), 120);
    const stamper = this.settings.stamps
      ? add("stamper", "appliance-stamper", stamperPermissions(this.settings, place), 300)
      : undefined;
    this.callEngine(appliance, engine, dead.arn);
    this.callWatcher(watcher);
    if (stamper) this.takeImages(stamper);
    this.tell(props, { engine, watcher, stamper }, dead.name, place, healthCheckId);
    applyTags(this, props.tags);
  }

  private findVpc(): DataAwsVpc {
    const tag = selectorTag(this.settings.vpc);
    return new DataAwsVpc(this, "vpc", tag ? { tags: { [tag.key]: tag.value } } : { id: this.settings.vpc });
  }

  private findAddress(): DataAwsEip {
    const { address } = this.settings;
    return new DataAwsEip(this, "address", address.startsWith("eipalloc-") ? { id: address } : { publicIp: address });
  }

  /** Terraform takes away the rule that a new group has: nothing comes in, and nothing goes out. */
  private makeQuarantine(vpcId: string): void {
    const name = this.settings.quarantineGroup;
    new SecurityGroup(this, "quarantine", {
      name,
      description: "Cuts off an instance that another has taken over from",
      vpcId,
      tags: { Name: name },
    });
  }

  private makeProbe(
    { appliance, functionsDirectory }: ApplianceStackProps,
    vpc: DataAwsVpc,
  ): AwsApplianceProbe | undefined {
    const { probeSubnets } = appliance.detection;
    if (probeSubnets.length === 0) return undefined;
    const { service, name } = this.settings;
    return new AwsApplianceProbe(this, "probe", {
      name: `${name}-probe`,
      code: join(functionsDirectory, "appliance-probe.zip"),
      vpcId: vpc.id,
      vpcCidr: vpc.cidrBlock,
      subnets: probeSubnets,
      service,
    });
  }

  private describePlace(
    { site, appliance }: ApplianceStackProps,
    vpcId: string,
    allocationId: string,
    probeArn: string | undefined,
  ): AppliancePlace {
    const { profile, region, alarm } = appliance;
    const table = new DynamodbTable(this, "table", {
      name: this.settings.name,
      billingMode: "PAY_PER_REQUEST",
      hashKey: "id",
      attribute: [{ name: "id", type: "S" }],
    });
    return {
      partition: partition(this),
      region,
      account: accountId(this),
      vpcId,
      allocationId,
      tableArn: table.arn,
      profileRoleArn:
        profile === undefined ? undefined : new DataAwsIamInstanceProfile(this, "profile", { name: profile }).roleArn,
      probeArn,
      topicArn: alarm === undefined ? undefined : alarmTopicArn(this, region, alarmTopicName(site, alarm)),
    };
  }

  private makeHealthCheck({ appliance }: ApplianceStackProps, publicIp: string): string | undefined {
    const { healthCheck } = appliance.detection;
    if (!healthCheck) return undefined;
    return new Route53HealthCheck(this, "health-check", {
      referenceName: this.settings.name.slice(0, 27),
      ipAddress: publicIp,
      port: healthCheck.port,
      type: healthCheck.protocol === "tcp" ? "TCP" : "HTTPS",
      resourcePath: healthCheck.protocol === "https" ? healthCheck.path : undefined,
      requestInterval: 10,
      failureThreshold: 3,
      tags: { Name: this.settings.name },
    }).id;
  }

  /** Not tried again by Lambda: the watcher calls anew every minute, while there is need. */
  private callEngine({ detection }: Appliance, engine: AwsLambdaFunction, deadLetterArn: string): void {
    new LambdaFunctionEventInvokeConfig(this, "engine-calls", {
      functionName: engine.functionName,
      maximumRetryAttempts: 0,
      destinationConfig: { onFailure: { destination: deadLetterArn } },
    });
    if (!detection.automatic) return;
    const { name } = this.settings;
    new AwsEventCall(this, "down", {
      name: `${name}-down`,
      description: "The watcher says that it is down",
      when: { pattern: { source: [DOWN_SOURCE], "detail-type": [DOWN_TYPE], detail: { appliance: [name] } } },
      call: engine,
    });
  }

  private callWatcher(watcher: AwsLambdaFunction): void {
    const { name } = this.settings;
    new AwsEventCall(this, "minute", {
      name: `${name}-minute`,
      description: "Looks at the appliance",
      when: { scheduleExpression: "rate(1 minute)" },
      call: watcher,
    });
    new AwsEventCall(this, "stopped", {
      name: `${name}-stopped`,
      description: "Looks at the appliance at once when an instance stops: it may be the one",
      when: {
        pattern: {
          source: ["aws.ec2"],
          "detail-type": ["EC2 Instance State-change Notification"],
          detail: { state: ["stopping", "stopped", "shutting-down", "terminated"] },
        },
      },
      call: watcher,
    });
  }

  private takeImages(stamper: AwsLambdaFunction): void {
    const { name, stamps } = this.settings;
    if (!stamps) return;
    new AwsEventCall(this, "stamp", {
      name: `${name}-stamp`,
      description: "Looks after the images",
      when: { scheduleExpression: stamps.bootTestSubnet === undefined ? "rate(1 hour)" : "rate(10 minutes)" },
      call: stamper,
    });
    if (stamps.by === "function") return;
    new AwsImagePolicy(this, "images", {
      name,
      target: { key: TAGS.active, value: name },
      tags: { [TAGS.appliance]: name },
      everyHours: stamps.everyHours,
      keep: stamps.keep,
      isRebooted: stamps.isRebooted,
    });
  }

  private tell(
    { site, appliance }: ApplianceStackProps,
    { engine, watcher, stamper }: Record<"engine" | "watcher", AwsLambdaFunction> & { stamper?: AwsLambdaFunction },
    deadLetterQueueName: string,
    { topicArn }: AppliancePlace,
    healthCheckId: string | undefined,
  ): void {
    const { name, stamps } = this.settings;
    const common = { name, namespace: APPLIANCE_NAMESPACE, metrics: APPLIANCE_METRICS };
    new AwsApplianceAlarms(this, "alarms", {
      ...common,
      functions: { engine: engine.functionName, watcher: watcher.functionName, stamper: stamper?.functionName },
      deadLetterQueueName,
      staleHours: stamps?.staleHours,
      describe: (sentence) =>
        renderAlarmText(sentence, { kakehashi: 1, site, kind: "other", subject: `appliance ${appliance.key}` }),
      actions: topicArn === undefined ? [] : [topicArn],
    });
    new AwsApplianceDashboard(this, "overview", {
      ...common,
      region: appliance.region,
      engine,
      healthCheckId,
      hasImages: stamps !== undefined,
    });
  }
}

export function applianceStackName(appliance: Pick<Appliance, "key">): string {
  return `appliance-${appliance.key}`;
}
