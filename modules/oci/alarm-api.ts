import { ApigatewayDeployment } from "@cdktf/provider-oci/apigateway-deployment";
import { ApigatewayGateway } from "@cdktf/provider-oci/apigateway-gateway";
import { LoggingLog } from "@cdktf/provider-oci/logging-log";
import { Construct } from "constructs";

export interface OciAlarmApiProps {
  readonly compartmentId: string;
  readonly name: string;
  readonly subnetId: string;
  readonly networkSecurityGroupId: string;
  readonly logGroupId: string;
  /** The function that looks at the token. */
  readonly authorizerId: string;
  /** The function that writes what it is sent into the queue. */
  readonly intakeId: string;
  readonly headers: { readonly token: string; readonly alarm: string; readonly idempotencyKey: string };
}

/** Far above a site's alarms, far below what would cost money. */
const REQUESTS_PER_SECOND = 20;
const LOG_RETENTION_DAYS = 90;
/** The authorizer's parameter in which the token arrives. */
const TOKEN_PARAMETER = "token";

/**
 * `POST /alarms/{source}`: a public API gateway that lets in who has the token and hands the body to the intake. It can't write
 * into a queue by itself, as AWS's can.
 * @see https://docs.oracle.com/en-us/iaas/Content/APIGateway/Tasks/apigatewayusingauthorizerfunction.htm
 */
export class OciAlarmApi extends Construct {
  /** Without the source: `https://….apigateway.….oci.customer-oci.com/v1/alarms`. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: OciAlarmApiProps) {
    super(scope, id);
    const { compartmentId, name, headers } = props;
    const gateway = new ApigatewayGateway(this, "gateway", {
      compartmentId,
      displayName: name,
      endpointType: "PUBLIC",
      subnetId: props.subnetId,
      networkSecurityGroupIds: [props.networkSecurityGroupId],
    });
    const deployment = new ApigatewayDeployment(this, "deployment", {
      compartmentId,
      displayName: name,
      gatewayId: gateway.id,
      pathPrefix: "/v1",
      specification: {
        requestPolicies: {
          authentication: {
            type: "CUSTOM_AUTHENTICATION",
            functionId: props.authorizerId,
            isAnonymousAccessAllowed: false,
            parameters: { [TOKEN_PARAMETER]: `request.headers[${headers.token}]` },
            // The answer is kept by the token, as long as the authorizer says.
            cacheKey: [TOKEN_PARAMETER],
          },
          rateLimiting: { rateInRequestsPerSecond: REQUESTS_PER_SECOND, rateKey: "TOTAL" },
        },
        routes: [
          {
            path: "/alarms/{source}",
            methods: ["POST"],
            backend: { type: "ORACLE_FUNCTIONS_BACKEND", functionId: props.intakeId },
            requestPolicies: {
              authorization: { type: "AUTHENTICATION_ONLY" },
              headerValidations: {
                validationMode: "ENFORCING",
                headers: [headers.alarm, headers.idempotencyKey].map((header) => ({ name: header, required: true })),
              },
              bodyValidation: {
                validationMode: "ENFORCING",
                required: true,
                content: [{ mediaType: "application/json", validationType: "NONE" }],
              },
            },
          },
        ],
      },
    });
    this.log(props, deployment);
    this.url = `${deployment.endpoint}/alarms`;
  }

  /** Who asked, and how it ended: no header and no body. @see https://docs.oracle.com/en-us/iaas/Content/Logging/Reference/details_for_apigateway.htm */
  private log({ compartmentId, name, logGroupId }: OciAlarmApiProps, deployment: ApigatewayDeployment): void {
    for (const category of ["access", "execution"]) {
      new LoggingLog(this, `${category}-log`, {
        displayName: `${name}-${category}`,
        logGroupId,
        logType: "SERVICE",
        isEnabled: true,
        retentionDuration: LOG_RETENTION_DAYS,
        configuration: {
          compartmentId,
          source: { sourceType: "OCISERVICE", service: "apigateway", resource: deployment.id, category },
        },
      });
    }
  }
}
