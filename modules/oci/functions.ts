import { DataOciObjectstorageNamespace } from "@cdktf/provider-oci/data-oci-objectstorage-namespace";
import { FunctionsApplication } from "@cdktf/provider-oci/functions-application";
import { FunctionsFunction } from "@cdktf/provider-oci/functions-function";
import { LoggingLog } from "@cdktf/provider-oci/logging-log";
import { LoggingLogGroup } from "@cdktf/provider-oci/logging-log-group";
import { TerraformStack, TerraformVariable } from "cdktf";
import { Construct } from "constructs";

export interface OciFunctionsProps {
  readonly compartmentId: string;
  readonly name: string;
  readonly region: string;
  readonly subnetId: string;
  readonly networkSecurityGroupIds: readonly string[];
}

export interface OciFunctionProps {
  /** Name of the image in the region's registry: `kakehashi/<name>`. */
  readonly name: string;
  /** @default - the image's name */
  readonly displayName?: string;
  /** What the function's configuration says; 4 KB in all, never a secret. */
  readonly variables: Readonly<Record<string, string>>;
  /** 5 to 300. */
  readonly timeoutSeconds: number;
}

/** @see https://docs.oracle.com/en-us/iaas/Content/Functions/Tasks/functionscustomizing.htm (128 to 3072) */
const MEMORY_MEGABYTES = "256";
const LOG_RETENTION_DAYS = 90;

/**
 * A Functions application with its log: without the log a function that fails says nothing.
 *
 * The images are pushed beforehand; `TF_VAR_function_image_tag` says which.
 * @see https://docs.oracle.com/en-us/iaas/Content/Functions/Tasks/functionsexportingfunctionlogfiles.htm
 */
export class OciFunctions extends Construct {
  /** The service's log group. */
  readonly logGroupId: string;
  private readonly applicationId: string;
  private readonly registry: string;

  constructor(scope: Construct, id: string, props: OciFunctionsProps) {
    super(scope, id);
    const { compartmentId, name } = props;
    const application = new FunctionsApplication(this, "application", {
      compartmentId,
      displayName: name,
      subnetIds: [props.subnetId],
      networkSecurityGroupIds: [...props.networkSecurityGroupIds],
      shape: "GENERIC_X86",
    });
    const group = new LoggingLogGroup(this, "log-group", { compartmentId, displayName: name });
    new LoggingLog(this, "invoke-log", {
      displayName: `${name}-invoke`,
      logGroupId: group.id,
      logType: "SERVICE",
      isEnabled: true,
      retentionDuration: LOG_RETENTION_DAYS,
      configuration: {
        compartmentId,
        source: { sourceType: "OCISERVICE", service: "functions", resource: application.id, category: "invoke" },
      },
    });
    const { namespace } = new DataOciObjectstorageNamespace(this, "registry", { compartmentId });
    this.applicationId = application.id;
    this.logGroupId = group.id;
    this.registry = `ocir.${props.region}.oci.oraclecloud.com/${namespace}/kakehashi`;
  }

  /** @returns the function's OCID */
  addFunction({ name, displayName = name, variables, timeoutSeconds }: OciFunctionProps): string {
    return new FunctionsFunction(this, displayName, {
      applicationId: this.applicationId,
      displayName,
      image: `${this.registry}/${name}:${imageTag(this)}`,
      memoryInMbs: MEMORY_MEGABYTES,
      timeoutInSeconds: timeoutSeconds,
      config: { ...variables },
    }).id;
  }
}

/** One for all functions of a stack: they are built together. */
function imageTag(scope: Construct): string {
  const stack = TerraformStack.of(scope);
  const known = stack.node.tryFindChild("function_image_tag") as TerraformVariable | undefined;
  const variable =
    known ??
    new TerraformVariable(stack, "function_image_tag", {
      type: "string",
      nullable: false,
      description: "Tag of the functions' images in the region's registry",
    });
  return variable.stringValue;
}
