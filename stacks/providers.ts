import { AwsProvider, type AwsProviderConfig } from "@cdktf/provider-aws/lib/provider";
import { AzurermProvider } from "@cdktf/provider-azurerm/lib/provider";
import { DataOciIdentityRegionSubscriptions } from "@cdktf/provider-oci/data-oci-identity-region-subscriptions";
import { OciProvider } from "@cdktf/provider-oci/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import {
  AzurermBackend,
  DataTerraformRemoteStateAzurerm,
  DataTerraformRemoteStateHttp,
  DataTerraformRemoteStateLocal,
  DataTerraformRemoteStateS3,
  HttpBackend,
  LocalBackend,
  S3Backend,
  type TerraformProvider,
  type TerraformRemoteState,
  type TerraformStack,
} from "cdktf";
import type { Backend } from "../config/schema/backend";

// The only place that makes providers and backends. Credentials come from the environment, as each provider documents it.

/** A local backend also needs to know the folder: the state must not move with the output folder. */
export type StackBackend = Exclude<Backend, { type: "local" }> | { readonly type: "local"; readonly directory: string };

export function addAwsProvider(stack: TerraformStack, { region }: { readonly region: string }): void {
  new AwsProvider(stack, "aws", { region });
  new RandomProvider(stack, "random");
}

/** Where a provider works, and as whom. */
export interface AwsPlace {
  readonly region: string;
  /** Credentials of another account are refused. @default - any account */
  readonly accountId?: string;
  /** Role that is taken on. @default - what the environment's credentials are */
  readonly roleArn?: string;
}

/** For a stack that makes no secret. */
export function addAwsAccountProvider(stack: TerraformStack, place: AwsPlace): void {
  new AwsProvider(stack, "aws", toAwsConfig(place));
}

/** The other end of what has two: another region, another account, or both. */
export function addAwsPeerProvider(stack: TerraformStack, place: AwsPlace): TerraformProvider {
  return new AwsProvider(stack, "aws-peer", { alias: "peer", ...toAwsConfig(place) });
}

function toAwsConfig({ region, accountId, roleArn }: AwsPlace): AwsProviderConfig {
  return {
    region,
    ...(accountId === undefined ? {} : { allowedAccountIds: [accountId] }),
    ...(roleArn === undefined ? {} : { assumeRole: [{ roleArn, sessionName: "kakehashi" }] }),
  };
}

export function addOracleProvider(stack: TerraformStack, { region }: { readonly region: string }): void {
  new OciProvider(stack, "oci", { region });
  new RandomProvider(stack, "random");
}

/** A second provider, for what OCI keeps in the tenancy's home region alone: dynamic groups and policies. */
export function addOracleHomeProvider(
  stack: TerraformStack,
  { tenancyId }: { readonly tenancyId: string },
): OciProvider {
  const home = new DataOciIdentityRegionSubscriptions(stack, "home-region", {
    tenancyId,
    filter: [{ name: "is_home_region", values: ["true"] }],
  });
  return new OciProvider(stack, "oci-home", {
    alias: "home",
    region: home.regionSubscriptions.get(0).regionName,
  });
}

/** The subscription comes from `ARM_SUBSCRIPTION_ID`. */
export function addAzureProvider(stack: TerraformStack): void {
  new AzurermProvider(stack, "azurerm", { features: [{}] });
  new RandomProvider(stack, "random");
}

/** One key a stack. `name` is the stack's. */
export function addBackend(stack: TerraformStack, name: string, backend: StackBackend): void {
  switch (backend.type) {
    case "local":
      new LocalBackend(stack, { path: localPath(backend, name) });
      return;
    case "s3":
      addS3Backend(stack, toS3(backend, name), true);
      return;
    case "oci":
      addS3Backend(stack, toOracleS3(backend, name), false);
      return;
    case "azurerm":
      new AzurermBackend(stack, toAzurerm(backend, name));
      return;
    case "http":
      addHttpBackend(stack, httpAddress(backend, name), backend.locking);
      return;
  }
}

/**
 * What another stack of the same site has put out, read from its state when Terraform plans: that stack is deployed first.
 * Sensitive outputs stay sensitive.
 * @param name the other stack's
 */
export function readOutputs(stack: TerraformStack, name: string, backend: StackBackend): TerraformRemoteState {
  const id = `outputs-of-${name}`;
  switch (backend.type) {
    case "local":
      return new DataTerraformRemoteStateLocal(stack, id, { path: localPath(backend, name) });
    case "s3":
      return new DataTerraformRemoteStateS3(stack, id, toS3(backend, name));
    case "oci":
      return new DataTerraformRemoteStateS3(stack, id, toOracleS3(backend, name));
    case "azurerm":
      return new DataTerraformRemoteStateAzurerm(stack, id, toAzurerm(backend, name));
    case "http":
      return new DataTerraformRemoteStateHttp(stack, id, { address: httpAddress(backend, name) });
  }
}

type Of<T extends StackBackend["type"]> = Extract<StackBackend, { type: T }>;

function localPath({ directory }: Of<"local">, name: string): string {
  return `${directory}/terraform.${name}.tfstate`;
}

function toS3(backend: Of<"s3">, name: string): ConstructorParameters<typeof S3Backend>[1] {
  return {
    bucket: backend.bucket,
    region: backend.region,
    key: stateKey(backend.prefix, name),
    encrypt: true,
    kmsKeyId: backend.kmsKeyId,
  };
}

function toAzurerm(backend: Of<"azurerm">, name: string): ConstructorParameters<typeof AzurermBackend>[1] {
  return {
    resourceGroupName: backend.resourceGroup,
    storageAccountName: backend.storageAccount,
    containerName: backend.container,
    key: stateKey(backend.prefix, name),
  };
}

function httpAddress({ address }: Of<"http">, name: string): string {
  return `${address.replace(/\/$/, "")}/${name}`;
}

function stateKey(prefix: string, name: string): string {
  return `${prefix}/${name}.tfstate`;
}

/** cdktf's type knows no `use_lockfile` yet. @see https://developer.hashicorp.com/terraform/language/backend/s3#state-locking */
function addS3Backend(
  stack: TerraformStack,
  config: ConstructorParameters<typeof S3Backend>[1],
  hasLockFile: boolean,
): void {
  const backend = new S3Backend(stack, config);
  if (hasLockFile) backend.addOverride("use_lockfile", true);
}

/**
 * OCI Object Storage by its S3-compatible API. Without a lock file: OCI answers the checksums that Terraform puts on it with
 * an error. @see https://docs.oracle.com/en-us/iaas/Content/dev/terraform/object-storage-state.htm
 * @see https://github.com/hashicorp/terraform/issues/36742
 */
function toOracleS3(backend: Of<"oci">, name: string): ConstructorParameters<typeof S3Backend>[1] {
  return {
    bucket: backend.bucket,
    region: backend.region,
    key: stateKey(backend.prefix, name),
    endpoints: { s3: `https://${backend.namespace}.compat.objectstorage.${backend.region}.oraclecloud.com` },
    usePathStyle: true,
    skipRegionValidation: true,
    skipCredentialsValidation: true,
    skipRequestingAccountId: true,
    skipMetadataApiCheck: true,
    skipS3Checksum: true,
  };
}

/** @see https://docs.gitlab.com/user/infrastructure/iac/terraform_state/ */
function addHttpBackend(stack: TerraformStack, address: string, locking: "gitlab" | "none"): void {
  const lock = {
    lockAddress: `${address}/lock`,
    unlockAddress: `${address}/lock`,
    lockMethod: "POST",
    unlockMethod: "DELETE",
  };
  new HttpBackend(stack, { address, ...(locking === "gitlab" ? lock : {}) });
}
