import { readFileSync } from "node:fs";

/** What cdktf writes as `cdk.tf.json`, as far as it is read here. */
export interface TerraformJson {
  readonly provider?: { readonly aws?: readonly Block[] };
  readonly resource?: Blocks;
  readonly data?: Blocks;
}

/** By type, then by the resource's own name. */
type Blocks = Readonly<Record<string, Readonly<Record<string, Block>>>>;

// biome-ignore lint/suspicious/noExplicitAny: Terraform's own JSON has no narrower type
export type Block = Readonly<Record<string, any>>;

export interface NamedBlock {
  /** `aws_lambda_function.relay` */
  readonly address: string;
  readonly block: Block;
}

export function readTerraformJson(file: string): TerraformJson {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** Every resource of a type, in the file's order. */
export function resourcesOf(template: TerraformJson, type: string): NamedBlock[] {
  return Object.entries(template.resource?.[type] ?? {}).map(([name, block]) => ({
    address: `${type}.${name}`,
    block,
  }));
}
