import { Testing } from "cdktf";
import { parseSite } from "../../config/parse-site";
import { ActivationsStack } from "../../stacks/activations-stack";
import { stubFunctions } from "../helpers/stub-functions";
import { useFolder } from "../helpers/use-folder";
import { WHOLE_SITE } from "../helpers/whole-site";

const folder = useFolder();
const KEY = "arn:aws:kms:ap-northeast-1:111122223333:key/0a1b";

function synth(entry: string): any {
  const alarms = "alarms:\n  noc: { emails: [noc@example.ac.jp] }\n";
  const site = parseSite(`${WHOLE_SITE.trimEnd()}\n${alarms}activations:\n  servers: { ${entry} }\n`, "site.yaml");
  const [activation] = site.activations;
  if (!activation) throw new Error("no activation");
  const stack = new ActivationsStack(Testing.app(), "activations-servers", {
    site: site.name,
    activation,
    functionsDirectory: stubFunctions(folder()),
    tags: { site: site.name, "managed-by": "kakehashi" },
    backend: { type: "local", directory: "." },
  });
  return JSON.parse(Testing.synth(stack, true));
}

const TOKYO = "network: aws/tokyo, subnets: [public, private]";
const all = (resources: Record<string, any> | undefined): any[] => Object.values(resources ?? {});
const statements = ({ data }: any, sid: string): any =>
  all(data.aws_iam_policy_document)
    .flatMap(({ statement }) => statement)
    .find((one) => one.sid === sid);

test("asks for a token unless the site file says why not", () => {
  const { resource } = synth(TOKYO);
  expect(all(resource.aws_api_gateway_method).map(({ authorization }) => authorization)).toEqual(["CUSTOM", "CUSTOM"]);
  const open = synth(`${TOKYO}, unauthenticated: { reason: lab }`);
  expect(all(open.resource.aws_api_gateway_method).map(({ authorization }) => authorization)).toEqual(["NONE", "NONE"]);
  expect(open.resource.aws_secretsmanager_secret).toBeUndefined();
  expect(open.resource.aws_api_gateway_authorizer).toBeUndefined();
  expect(open.output).not.toHaveProperty("activation_token");
});

test("keeps the token of the epoch before, and its value out of the template", () => {
  const { resource, output } = synth(`${TOKYO}, tokenEpoch: 3`);
  expect(all(resource.random_password).map(({ keepers }) => keepers)).toEqual([{ epoch: "2" }, { epoch: "3" }]);
  const [{ secret_string }] = all(resource.aws_secretsmanager_secret_version);
  expect(secret_string).toMatch(
    /^\$\{jsonencode\(\{"current" = random_password\.\w+token-3\w*\.result, "previous" = random_password\.\w+token-2\w*\.result\}\)\}$/,
  );
  expect(output.activation_token.sensitive).toBe(true);
});

test("lets in the site's prefixes through its own endpoint, to this API only", () => {
  const template = synth(`${TOKYO}, allowedPrefixes: [10.9.0.0/24, 10.8.0.0/24]`);
  const { condition } = statements(template, "FromTheSiteThroughItsEndpoint");
  expect(condition).toEqual([
    { test: "StringEquals", variable: "aws:SourceVpce", values: [expect.stringMatching(/^\$\{aws_vpc_endpoint\./)] },
    { test: "IpAddress", variable: "aws:VpcSourceIp", values: ["10.9.0.0/24", "10.8.0.0/24"] },
  ]);
  expect(statements(template, "OnlyThisApi").resources).toEqual([
    expect.stringMatching(/^\$\{aws_api_gateway_rest_api\.\w+\.execution_arn\}\/\*$/),
  ]);
  const rules = all(template.resource.aws_vpc_security_group_ingress_rule);
  expect(rules.map(({ cidr_ipv4, from_port, to_port }) => [cidr_ipv4, from_port, to_port])).toEqual([
    ["10.8.0.0/24", 443, 443],
    ["10.9.0.0/24", 443, 443],
  ]);
});

test("makes a resolver endpoint, and the endpoint's private name, only where DNS is to be forwarded", () => {
  const without = synth(TOKYO);
  expect(without.resource.aws_route53_resolver_endpoint).toBeUndefined();
  expect(all(without.resource.aws_vpc_endpoint)[0].private_dns_enabled).toBe(false);
  expect(without.output.activation_facts.value.resolverAddresses).toEqual([]);
  const forwarded = synth(`${TOKYO}, dnsForwarding: true`);
  const [resolver] = all(forwarded.resource.aws_route53_resolver_endpoint);
  expect(resolver).toMatchObject({ direction: "INBOUND", ip_address: [{}, {}] });
  expect(all(forwarded.resource.aws_vpc_endpoint)[0].private_dns_enabled).toBe(true);
  expect(
    all(forwarded.resource.aws_vpc_security_group_ingress_rule)
      .filter(({ from_port }) => from_port === 53)
      .map(({ ip_protocol }) => ip_protocol),
  ).toEqual(["tcp", "udp"]);
});

test("uses a key that exists, or makes one that rotates", () => {
  expect(all(synth(TOKYO).resource.aws_kms_key)).toEqual([
    expect.objectContaining({ enable_key_rotation: true, deletion_window_in_days: 30 }),
  ]);
  const kept = synth(`${TOKYO}, kmsKeyArn: "${KEY}"`);
  expect(kept.resource.aws_kms_key).toBeUndefined();
  expect(statements(kept, "EncryptThemByParameterStoreOnly").resources).toEqual([KEY]);
});

test("finds a network of its own by Name tags, and takes the ids of one that exists", () => {
  expect(Object.keys(synth(TOKYO).data)).toEqual(expect.arrayContaining(["aws_vpc", "aws_subnet"]));
  const kept = synth("network: aws/old, subnets: [old]");
  expect(kept.data.aws_vpc).toBeUndefined();
  expect(all(kept.resource.aws_vpc_endpoint)[0]).toMatchObject({
    vpc_id: "vpc-0123456789abcdef0",
    subnet_ids: ["subnet-0123456789abcdef0"],
    service_name: "com.amazonaws.ap-southeast-1.execute-api",
  });
});

test("passes only the nodes' role, to Systems Manager only, which may take it on for this account alone", () => {
  const template = synth(TOKYO);
  expect(statements(template, "GiveNodesTheirRole").condition).toEqual([
    { test: "StringEquals", variable: "iam:PassedToService", values: ["ssm.amazonaws.com"] },
  ]);
  expect(statements(template, "SystemsManagerOfThisAccount").condition).toEqual([
    { test: "StringEquals", variable: "aws:SourceAccount", values: [expect.stringContaining("account_id")] },
    { test: "ArnEquals", variable: "aws:SourceArn", values: [expect.stringMatching(/:ssm:ap-northeast-1:.*:\*$/)] },
  ]);
});

test("acts on an alarm's topic where one is named", () => {
  const alarms = (entry: string) => all(synth(entry).resource.aws_cloudwatch_metric_alarm);
  expect(alarms(TOKYO).map(({ alarm_actions }) => alarm_actions)).toEqual([undefined, undefined, undefined]);
  for (const alarm of alarms(`${TOKYO}, alarm: noc`)) {
    expect(alarm.alarm_actions).toEqual([expect.stringMatching(/:sns:ap-northeast-1:.*:demo-alarm-noc$/)]);
    expect(alarm.ok_actions).toEqual(alarm.alarm_actions);
  }
});
