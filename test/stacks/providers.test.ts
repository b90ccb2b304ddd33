import { TerraformStack, Testing } from "cdktf";
import { addBackend, type StackBackend } from "../../stacks/providers";

function backendOf(backend: StackBackend): unknown {
  const stack = new TerraformStack(Testing.app(), "aws-tokyo");
  addBackend(stack, "aws-tokyo", backend);
  return JSON.parse(Testing.synth(stack)).terraform.backend;
}

test.each<[string, StackBackend, unknown]>([
  [
    "a local state stays where the app was started",
    { type: "local", directory: "/srv/site" },
    { local: { path: "/srv/site/terraform.aws-tokyo.tfstate" } },
  ],
  [
    "S3 has its own lock file and one key a stack",
    { type: "s3", bucket: "state", region: "ap-northeast-1", prefix: "kakehashi" },
    {
      s3: {
        bucket: "state",
        region: "ap-northeast-1",
        key: "kakehashi/aws-tokyo.tfstate",
        encrypt: true,
        use_lockfile: true,
      },
    },
  ],
  [
    "S3 with a KMS key",
    {
      type: "s3",
      bucket: "state",
      region: "ap-northeast-1",
      prefix: "x",
      kmsKeyId: "arn:aws:kms:ap-northeast-1:111122223333:key/0a1b",
    },
    { s3: expect.objectContaining({ kms_key_id: "arn:aws:kms:ap-northeast-1:111122223333:key/0a1b" }) },
  ],
  [
    "OCI is reached by its S3-compatible API, without the lock file that it can't take",
    { type: "oci", bucket: "state", namespace: "axexample", region: "ap-tokyo-1", prefix: "kakehashi" },
    {
      s3: {
        bucket: "state",
        region: "ap-tokyo-1",
        key: "kakehashi/aws-tokyo.tfstate",
        endpoints: { s3: "https://axexample.compat.objectstorage.ap-tokyo-1.oraclecloud.com" },
        use_path_style: true,
        skip_region_validation: true,
        skip_credentials_validation: true,
        skip_requesting_account_id: true,
        skip_metadata_api_check: true,
        skip_s3_checksum: true,
      },
    },
  ],
  [
    "Azure Blob Storage",
    {
      type: "azurerm",
      resourceGroup: "terraform",
      storageAccount: "demoterraform",
      container: "tfstate",
      prefix: "kakehashi",
    },
    {
      azurerm: {
        resource_group_name: "terraform",
        storage_account_name: "demoterraform",
        container_name: "tfstate",
        key: "kakehashi/aws-tokyo.tfstate",
      },
    },
  ],
  [
    "HTTP with GitLab's locking",
    { type: "http", address: "https://gitlab.example.ac.jp/state/", locking: "gitlab" },
    {
      http: {
        address: "https://gitlab.example.ac.jp/state/aws-tokyo",
        lock_address: "https://gitlab.example.ac.jp/state/aws-tokyo/lock",
        unlock_address: "https://gitlab.example.ac.jp/state/aws-tokyo/lock",
        lock_method: "POST",
        unlock_method: "DELETE",
      },
    },
  ],
  [
    "HTTP without locking",
    { type: "http", address: "https://example.ac.jp/state", locking: "none" },
    { http: { address: "https://example.ac.jp/state/aws-tokyo" } },
  ],
])("%s", (_, backend, expected) => {
  expect(backendOf(backend)).toEqual(expected);
});
