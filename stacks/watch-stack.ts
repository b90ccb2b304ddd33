import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { TerraformLocal } from "cdktf";
import type { Construct } from "constructs";
import { alarmTopicName, resourceName } from "../config/resource-names";
import type { Watch, WatchedNetwork } from "../config/watch";
import { renderAlarmText } from "../functions/common/alarm-label";
import { MOST_INSTANCES } from "../functions/common/watch/dashboard";
import { instanceAlarms } from "../functions/common/watch/instance-alarms";
import {
  alarmPrefix,
  COMMON_SETTINGS,
  dashboardName,
  WATCHED_STATES,
  type WatchSpec,
} from "../functions/common/watch/watch-spec";
import { WATCH_ENVIRONMENT } from "../functions/watch-reconciler/env";
import { accountId, alarmTopicArn, partition } from "../modules/aws/account";
import { AwsInstanceLookup } from "../modules/aws/instance-lookup";
import { AwsNetworkLookup } from "../modules/aws/network-lookup";
import { AwsQueuedFunction } from "../modules/aws/queued-function";
import { AwsVpnLookup } from "../modules/aws/vpn-lookup";
import { applyTags } from "../modules/common/tags";
import { addAwsProvider, addBackend, type StackBackend } from "./providers";
import { SiteStack } from "./site-stack";
import {
  dashboardLocals,
  forEachText,
  labelsExpression,
  markedInstance,
  markedVpnIds,
  orderExpression,
} from "./watch-expressions";

export interface WatchStackProps {
  /** Every resource's name begins with it. */
  readonly site: string;
  readonly watch: Watch;
  readonly tags: Readonly<Record<string, string>>;
  readonly backend: StackBackend;
  /** Path of the zip file of the live mode's function. */
  readonly code: string;
}

/** How often the live mode looks without being told to: agents begin to report some minutes after an instance's start. */
const SCHEDULE = "rate(30 minutes)";

/** Alarms and dashboards for the instances of one watch: one Terraform state. */
export class WatchStack extends SiteStack {
  constructor(scope: Construct, name: string, props: WatchStackProps) {
    super(scope, name);
    addAwsProvider(this, { region: props.watch.region });
    addBackend(this, name, props.backend);
    if (props.watch.mode === "simple") this.makeAlarms(props);
    else this.keepInStep(props);
    applyTags(this, props.tags);
  }

  /** Of what is there when Terraform plans. */
  private makeAlarms({ site, watch }: WatchStackProps): void {
    const spec = this.toSpec(site, watch, (ids) => markedVpnIds(ids));
    const found = new AwsInstanceLookup(this, "instances", {
      names: spec.instances,
      states: WATCHED_STATES,
      vpcId: spec.vpcId,
    });
    const local = (name: string, expression: string) =>
      new TerraformLocal(this, `local-${name}`, expression).overrideLogicalId(name);
    local("names", `\${${found.names}}`);
    local("labels", labelsExpression("local.names"));
    local("order", orderExpression());
    for (const [kind, alarm] of Object.entries(instanceAlarms(spec, markedInstance(watch.hasAgent)))) {
      new CloudwatchMetricAlarm(this, kind.replace(/ \/$/, "").replaceAll(" ", "-"), {
        forEach: found.each,
        alarmName: forEachText(alarm.name),
        alarmDescription: forEachText(alarm.description),
        namespace: alarm.namespace,
        metricName: alarm.metricName,
        dimensions: mapValues(alarm.dimensions, forEachText),
        statistic: alarm.statistic,
        period: alarm.periodSeconds,
        evaluationPeriods: alarm.periods,
        datapointsToAlarm: alarm.periods,
        threshold: alarm.threshold,
        comparisonOperator: COMMON_SETTINGS.ComparisonOperator,
        treatMissingData: COMMON_SETTINGS.TreatMissingData,
        alarmActions: [...alarm.actions],
        okActions: [...alarm.actions],
      });
    }
    if (!watch.hasDashboard) return;
    // A value of its own: within an expression's quotes a token would lose its braces.
    local("arn", `arn:${partition(this)}:cloudwatch:${watch.region}:${accountId(this)}:alarm:`);
    for (const [name, expression] of Object.entries(dashboardLocals(spec, watch.region, watch.hasAgent))) {
      local(name, expression);
    }
    new CloudwatchDashboard(this, "dashboard", {
      dashboardName: dashboardName(spec),
      dashboardBody: "${local.dashboard}",
      lifecycle: {
        precondition: [
          {
            condition: `\${length(local.order) <= ${MOST_INSTANCES}}`,
            errorMessage: `More than ${MOST_INSTANCES} instances do not fit on one dashboard: set mode: live, or dashboard: false.`,
          },
        ],
      },
    });
  }

  /** By a function, as instances come and go. */
  private keepInStep({ site, watch, code }: WatchStackProps): void {
    const name = resourceName(site, `watch-${watch.key}`);
    const spec = this.toSpec(site, watch, (ids) => `\${${ids}}`);
    const { function: reconciler } = new AwsQueuedFunction(this, "reconciler", {
      name,
      code,
      input: JSON.stringify({ spec }),
      environment: { [WATCH_ENVIRONMENT.spec]: JSON.stringify(spec) },
      queueVariable: WATCH_ENVIRONMENT.queueUrl,
      statements: this.permissions(spec, watch.region),
      timeoutSeconds: 300,
      events: {
        states: {
          source: ["aws.ec2"],
          "detail-type": ["EC2 Instance State-change Notification"],
          detail: { state: ["running", "shutting-down", "terminated"] },
        },
        tags: {
          source: ["aws.tag"],
          "detail-type": ["Tag Change on Resource"],
          detail: { service: ["ec2"], "resource-type": ["instance"], "changed-tag-keys": ["Name"] },
        },
      },
      schedule: SCHEDULE,
      gatherSeconds: 20,
    });
    new CloudwatchMetricAlarm(this, "failing", {
      alarmName: `${name}-failing`,
      alarmDescription: renderAlarmText(`The function ${name} fails: alarms are no longer kept in step.`, {
        kakehashi: 1,
        site,
        kind: "other",
        subject: `watch ${watch.key}`,
      }),
      namespace: "AWS/Lambda",
      metricName: "Errors",
      dimensions: { FunctionName: reconciler.functionName },
      statistic: "Sum",
      period: 3600,
      evaluationPeriods: 2,
      threshold: 1,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      treatMissingData: "notBreaching",
      alarmActions: [...spec.actions],
      okActions: [...spec.actions],
    });
  }

  private permissions(spec: WatchSpec, region: string) {
    const [here, account] = [partition(this), accountId(this)];
    return [
      {
        // None of these knows a finer resource: each answers about all of a region.
        sid: "LookAround",
        actions: ["cloudwatch:DescribeAlarms", "cloudwatch:ListMetrics", "ec2:DescribeInstances"],
        resources: ["*"],
        condition: [{ test: "StringEquals", variable: "aws:RequestedRegion", values: [region] }],
      },
      {
        sid: "KeepItsOwnAlarms",
        actions: ["cloudwatch:DeleteAlarms", "cloudwatch:PutMetricAlarm", "cloudwatch:TagResource"],
        resources: [`arn:${here}:cloudwatch:${region}:${account}:alarm:${alarmPrefix(spec)}*`],
      },
      {
        sid: "KeepItsOwnDashboards",
        actions: ["cloudwatch:DeleteDashboards", "cloudwatch:GetDashboard", "cloudwatch:PutDashboard"],
        resources: ["", "_*"].map((end) => `arn:${here}:cloudwatch::${account}:dashboard/${dashboardName(spec)}${end}`),
      },
    ];
  }

  /** @param toIds what stands for a VPN connection's ids, from the reference to the local value that holds them */
  private toSpec(site: string, watch: Watch, toIds: (local: string) => string): WatchSpec {
    const { key, description, instances, thresholds, hasDashboard, alarm, region } = watch;
    return {
      site,
      watch: key,
      description,
      instances: [...instances],
      vpcId: watch.network && this.findVpc(site, watch.network),
      thresholds,
      actions: alarm === undefined ? [] : [alarmTopicArn(this, region, alarmTopicName(site, alarm))],
      hasDashboard,
      vpns: (hasDashboard ? watch.connections : []).map((connection) => {
        const lookup = new AwsVpnLookup(this, `vpn-${connection.key}`, {
          name: resourceName(site, connection.key),
          stack: connection.stack,
        });
        return {
          connection: connection.key,
          controller: connection.controller,
          isBgp: connection.routing === "bgp",
          vpnIds: toIds(lookup.ids),
        };
      }),
    };
  }

  private findVpc(site: string, network: WatchedNetwork): string {
    const name = resourceName(site, network.key);
    return new AwsNetworkLookup(this, "network", { name, subnets: [], vpcId: network.vpcId }).vpcId;
  }
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, to: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value)]));
}
