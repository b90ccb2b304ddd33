import * as z from "zod";
import { oneOf, vendorId } from "./fields";

const PREFIX = vendorId(
  "words of letters, digits, dots, hyphens and underscores, with slashes between them",
  /^(?=.{1,200}$)[A-Za-z0-9_-]+([./][A-Za-z0-9_-]+)*$/,
  "kakehashi",
)
  .prefault("kakehashi")
  .meta({ description: "Put before each stack's key, so that several sites can share one store." });

const URL_PATTERN = /^https?:\/\/[A-Za-z0-9.-]{1,253}(:\d{1,5})?(\/(?!\.{1,2}(\/|$))[\w.~-]*)*$/;

/** Where Terraform keeps its state: one key a stack. @see https://developer.hashicorp.com/terraform/language/backend */
export const backend = z
  .discriminatedUnion(
    "type",
    [
      z.strictObject({
        type: z.literal("local").meta({ description: "A file in the working directory.", examples: ["local"] }),
      }),
      z.strictObject({
        type: z.literal("s3").meta({ description: "Amazon S3, with S3's own lock file (Terraform 1.10 or newer)." }),
        bucket: vendorId("an S3 bucket name", /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "demo-terraform-state"),
        region: vendorId("an AWS region", /^[a-z]{2}(-[a-z]+)+-\d$/, "ap-northeast-1"),
        kmsKeyId: vendorId(
          "the ARN of a KMS key",
          /^arn:aws[\w-]*:kms:[\w:/-]+$/,
          "arn:aws:kms:ap-northeast-1:111122223333:key/0a1b",
        ).optional(),
        prefix: PREFIX,
      }),
      z.strictObject({
        type: z.literal("azurerm").meta({ description: "Azure Blob Storage, locked by its leases." }),
        resourceGroup: vendorId("an Azure resource group name", /^[\w().-]{0,89}[\w()-]$/, "terraform"),
        storageAccount: vendorId("an Azure storage account name", /^[a-z0-9]{3,24}$/, "demoterraform"),
        container: vendorId("an Azure blob container name", /^[a-z0-9](-?[a-z0-9]){2,62}$/, "tfstate"),
        prefix: PREFIX,
      }),
      z.strictObject({
        type: z.literal("oci").meta({ description: "OCI Object Storage through its S3-compatible API." }),
        bucket: vendorId("an OCI bucket name", /^[A-Za-z0-9_-][\w.-]{0,255}$/, "terraform-state"),
        namespace: vendorId("an Object Storage namespace", /^[a-z0-9]+$/, "axexample"),
        region: vendorId("an OCI region", /^[a-z]{2,3}(-[a-z]+)+-\d$/, "ap-tokyo-1"),
        prefix: PREFIX,
      }),
      z.strictObject({
        type: z
          .literal("http")
          .meta({ description: "A server that speaks Terraform's HTTP state protocol, GitLab's for example." }),
        address: vendorId(
          "an http(s) URL, to which each stack is appended",
          URL_PATTERN,
          "https://gitlab.example.ac.jp/api/v4/projects/1/terraform/state",
        ),
        locking: oneOf(["gitlab", "none"], "gitlab: POST and DELETE on <address>/<stack>/lock.").default("gitlab"),
      }),
    ],
    {
      error: (issue) =>
        issue.code === "invalid_union"
          ? "must have a type that is one of local, s3, azurerm, oci, http; use for example { type: local }"
          : undefined,
    },
  )
  .meta({ description: "Where Terraform keeps its state: one key a stack." });

export type Backend = z.output<typeof backend>;
