import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Construct } from "constructs";

export interface AwsApplianceDashboardProps {
  readonly name: string;
  readonly region: string;
  readonly namespace: string;
  readonly metrics: { readonly signals: string; readonly imageAge: string };
  readonly engine: { readonly functionName: string; readonly logGroupName: string };
  /** @default - no health check */
  readonly healthCheckId?: string;
  readonly hasImages: boolean;
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html (24 columns) */
const WIDTH = 12;
const HEIGHT = 6;

/** One page: what the signals say, what the engine did, how old the images are. */
export class AwsApplianceDashboard extends Construct {
  constructor(scope: Construct, id: string, props: AwsApplianceDashboardProps) {
    super(scope, id);
    const { name, region, namespace, metrics, engine, healthCheckId } = props;
    const metric = (title: string, lines: readonly (readonly unknown[])[], more: object = {}) => ({
      type: "metric",
      properties: { title, region, metrics: lines, period: 60, view: "timeSeries", stacked: false, ...more },
    });
    const lambda = (metricName: string, stat: string) => [
      "AWS/Lambda",
      metricName,
      "FunctionName",
      engine.functionName,
      { stat },
    ];
    const panels = [
      metric("Signals that say it is down (2: fail over)", [
        [namespace, metrics.signals, "Appliance", name, { stat: "Maximum" }],
      ]),
      metric("Engine: calls, failures", [lambda("Invocations", "Sum"), lambda("Errors", "Sum")]),
      metric("Engine: time of a run (ms)", [lambda("Duration", "Maximum")]),
      ...(healthCheckId === undefined
        ? []
        : [
            metric(
              "Floating address from the Internet (1: healthy)",
              [["AWS/Route53", "HealthCheckStatus", "HealthCheckId", healthCheckId, { stat: "Minimum" }]],
              { region: "us-east-1" },
            ),
          ]),
      ...(props.hasImages
        ? [
            metric("Newest usable image (h)", [
              [namespace, metrics.imageAge, "Appliance", name, { stat: "Maximum", period: 3600 }],
            ]),
          ]
        : []),
      {
        type: "log",
        properties: {
          title: "What the engine did",
          region,
          view: "table",
          query: `SOURCE '${engine.logGroupName}' | fields @timestamp, message, run, steps, activeId, seconds | filter ispresent(message) | sort @timestamp desc | limit 50`,
        },
      },
    ];
    new CloudwatchDashboard(this, "dashboard", {
      dashboardName: name,
      dashboardBody: JSON.stringify({
        widgets: panels.map((panel, at) => ({
          x: (at % 2) * WIDTH,
          y: Math.floor(at / 2) * HEIGHT,
          width: WIDTH,
          height: HEIGHT,
          ...panel,
        })),
      }),
    });
  }
}
