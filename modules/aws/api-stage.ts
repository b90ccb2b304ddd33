import { createHash } from "node:crypto";
import { ApiGatewayDeployment } from "@cdktf/provider-aws/lib/api-gateway-deployment";
import { ApiGatewayMethodSettings } from "@cdktf/provider-aws/lib/api-gateway-method-settings";
import { ApiGatewayStage } from "@cdktf/provider-aws/lib/api-gateway-stage";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import {
  DefaultTokenResolver,
  type ITerraformDependable,
  Lazy,
  StringConcat,
  TerraformElement,
  Tokenization,
} from "cdktf";
import { Construct } from "constructs";

export interface AwsApiStageProps {
  readonly name: string;
  readonly stageName: string;
  readonly restApiId: string;
  /** Everything below it is the API's definition: a change of any of it makes a new deployment. */
  readonly definition: Construct;
  /** What must be there before API Gateway takes a picture of the API. */
  readonly after: readonly ITerraformDependable[];
  readonly throttle: { readonly ratePerSecond: number; readonly burst: number };
  /** @default 90 */
  readonly logRetentionDays?: number;
}

/** What the access log says of a request: never a header, never a body. */
const ACCESS_LOG = {
  time: "$context.requestTime",
  ip: "$context.identity.sourceIp",
  method: "$context.httpMethod",
  path: "$context.path",
  status: "$context.status",
  error: "$context.error.responseType",
  authorizer: "$context.authorizer.status",
  integration: "$context.integration.status",
  latency: "$context.responseLatency",
  request: "$context.requestId",
};

/** Shorter than what a key would look like, long enough never to meet by accident. */
const FINGERPRINT_LENGTH = 16;

/**
 * A picture of a REST API's definition, served under one name with an access log and a throttle. API Gateway serves what was
 * deployed: without a new deployment a changed method, authorizer or policy would stay as it was. The access log needs the
 * account's role for it (`AwsApiLogRole`), which is set once for a region.
 * @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/api_gateway_deployment
 */
export class AwsApiStage extends Construct {
  /** `https://….execute-api.….amazonaws.com/v1` */
  readonly url: string;

  constructor(scope: Construct, id: string, props: AwsApiStageProps) {
    super(scope, id);
    const deployment = new ApiGatewayDeployment(this, "deployment", {
      restApiId: props.restApiId,
      triggers: { definition: Lazy.stringValue({ produce: () => fingerprint(props.definition) }) },
      // The stage moves to the new deployment before the old one goes.
      lifecycle: { createBeforeDestroy: true },
      dependsOn: [...props.after],
    });
    const logs = new CloudwatchLogGroup(this, "access-log", {
      name: `/aws/apigateway/${props.name}`,
      retentionInDays: props.logRetentionDays ?? 90,
    });
    const stage = new ApiGatewayStage(this, "stage", {
      restApiId: props.restApiId,
      deploymentId: deployment.id,
      stageName: props.stageName,
      accessLogSettings: { destinationArn: logs.arn, format: JSON.stringify(ACCESS_LOG) },
    });
    new ApiGatewayMethodSettings(this, "throttle", {
      restApiId: props.restApiId,
      stageName: stage.stageName,
      methodPath: "*/*",
      settings: {
        throttlingRateLimit: props.throttle.ratePerSecond,
        throttlingBurstLimit: props.throttle.burst,
        metricsEnabled: true,
        loggingLevel: "OFF",
      },
    });
    this.url = stage.invokeUrl;
  }
}

/** Of everything that Terraform is told about the definition. */
function fingerprint(definition: Construct): string {
  const options = { scope: definition, resolver: new DefaultTokenResolver(new StringConcat()), preparing: false };
  const elements = definition.node.findAll().filter((node) => TerraformElement.isTerraformElement(node));
  const text = JSON.stringify(
    elements.map((element) => Tokenization.resolve((element as TerraformElement).toTerraform(), options)),
  );
  return createHash("sha256").update(text).digest("hex").slice(0, FINGERPRINT_LENGTH);
}
