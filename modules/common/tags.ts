import { Aspects, TerraformResource, type TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";

type Tags = Readonly<Record<string, string>>;

/** Puts tags on every resource of a stack that can have them; a resource's own (its Name) win. */
export function applyTags(stack: TerraformStack, tags: Tags): void {
  Aspects.of(stack).add({ visit: (node) => tagNode(node, tags) });
}

function tagNode(node: IConstruct, tags: Tags): void {
  if (!TerraformResource.isTerraformResource(node)) return;
  // AWS and Azure resources have `tags`, OCI's `freeform_tags`; the bindings' getters tell which.
  const resource = node as TerraformResource & {
    tagsInput?: Tags;
    tags?: Tags;
    freeformTagsInput?: Tags;
    freeformTags?: Tags;
  };
  if ("tagsInput" in resource) resource.tags = { ...tags, ...resource.tagsInput };
  else if ("freeformTagsInput" in resource) resource.freeformTags = { ...tags, ...resource.freeformTagsInput };
}
