import type { Construct } from "constructs";
import { resourceName } from "../config/resource-names";
import { AwsApiLogRole } from "../modules/aws/api-log-role";
import { applyTags } from "../modules/common/tags";
import { addAwsProvider, addBackend, type StackBackend } from "./providers";
import { SiteStack } from "./site-stack";

export interface ApiLogsStackProps {
  /** The role's name begins with it. */
  readonly site: string;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly backend: StackBackend;
}

/** What lets API Gateway write logs in one region of the account: stacks with REST APIs are deployed after it. One Terraform state. */
export class ApiLogsStack extends SiteStack {
  constructor(scope: Construct, name: string, { site, region, tags, backend }: ApiLogsStackProps) {
    super(scope, name);
    addAwsProvider(this, { region });
    addBackend(this, name, backend);
    // Roles know no region, and another region's stack makes its own.
    new AwsApiLogRole(this, "log-role", { name: resourceName(site, `api-logs-${region}`) });
    applyTags(this, tags);
  }
}
