import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import { TerraformOutput, TerraformStack, Testing } from "cdktf";
import { TunnelKey, type TunnelKeyProps } from "../../../modules/common/tunnel-key";

function synth(...keys: TunnelKeyProps[]): any {
  const stack = new TerraformStack(Testing.app(), "stack");
  new RandomProvider(stack, "random");
  keys.forEach((props, at) => {
    new TerraformOutput(stack, `key${at}`, {
      value: new TunnelKey(stack, `tunnel-${at}`, props).value,
      sensitive: true,
    });
  });
  return JSON.parse(Testing.synth(stack));
}

test("a key is 48 letters, so that none begins with the 0 that AWS refuses", () => {
  expect(Object.values(synth({ epoch: 1 }).resource.random_password)).toEqual([
    expect.objectContaining({ length: 48, special: false, numeric: false, keepers: { epoch: "1" } }),
  ]);
});

test("each tunnel has a key of its own", () => {
  expect(Object.keys(synth({ epoch: 1 }, { epoch: 1 }).resource.random_password)).toHaveLength(2);
});

test("a variable takes the place of a made key, is sensitive and is checked for what all clouds take", () => {
  const json = synth({ epoch: 1, variableName: "OWN" });
  expect(json.resource).toBeUndefined();
  expect(json.variable.OWN).toMatchObject({ type: "string", sensitive: true, nullable: false });
  expect(json.variable.OWN.validation).toEqual([
    {
      condition: '${can(regex("^[1-9A-Za-z][0-9A-Za-z]{7,63}$", var.OWN))}',
      error_message: "Set TF_VAR_OWN to 8 to 64 letters and digits that do not begin with 0.",
    },
  ]);
  expect(json.output.key0).toMatchObject({ value: "${var.OWN}", sensitive: true });
});

test("two tunnels that name one variable share it", () => {
  expect(Object.keys(synth({ epoch: 1, variableName: "OWN" }, { epoch: 1, variableName: "OWN" }).variable)).toEqual([
    "OWN",
  ]);
});
