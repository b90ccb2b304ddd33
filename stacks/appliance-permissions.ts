import type { DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { isResourceId, selectorTag } from "../config/values/resource-selector";
import { type ApplianceSettings, TAGS } from "../functions/common/appliance/settings";

type Statement = DataAwsIamPolicyDocumentStatement;

/** What an appliance's permissions are limited to. Any text may be Terraform's token. */
export interface AppliancePlace {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly vpcId: string;
  readonly allocationId: string;
  readonly tableArn: string;
  /** Role of the copies' instance profile. */
  readonly profileRoleArn?: string;
  readonly probeArn?: string;
  readonly topicArn?: string;
}

/** The engine: fence, start, move, tag. */
export function enginePermissions(settings: ApplianceSettings, place: AppliancePlace): Statement[] {
  const { topicArn, probeArn } = place;
  return [
    lookAround(place),
    useTable(place),
    ...members(settings, place, "Drive", [
      "ec2:DescribeInstanceAttribute",
      "ec2:ModifyInstanceAttribute",
      "ec2:StartInstances",
      "ec2:StopInstances",
    ]),
    ...members(
      settings,
      place,
      "TagWhoServes",
      ["ec2:CreateTags", "ec2:DeleteTags"],
      [{ test: "ForAllValues:StringEquals", variable: "aws:TagKeys", values: [TAGS.active] }],
    ),
    // An interface that an instance was started with has no tags to know it by.
    {
      sid: "FenceAndRouteInItsVpc",
      actions: ["ec2:ModifyNetworkInterfaceAttribute"],
      resources: [arn(place, "network-interface/*"), arn(place, "security-group/*"), arn(place, "instance/*")],
      condition: [inVpcIfItHasOne(place)],
    },
    {
      sid: "MoveItsAddress",
      actions: ["ec2:AssociateAddress"],
      resources: [
        arn(place, `elastic-ip/${place.allocationId}`),
        arn(place, "network-interface/*"),
        arn(place, "instance/*"),
      ],
      condition: [inVpcIfItHasOne(place)],
    },
    ...routes(settings, place),
    ...(settings.strategy === "stamp"
      ? [
          ...launch(settings, place, "StartACopy", TAGS.run),
          { sid: "StartACopyWithItsKeyPair", actions: ["ec2:RunInstances"], resources: [arn(place, "key-pair/*")] },
        ]
      : []),
    ...passRole(place),
    ...useKey(settings),
    ...(probeArn === undefined
      ? []
      : [{ sid: "AskTheService", actions: ["lambda:InvokeFunction"], resources: [probeArn] }]),
    ...(topicArn === undefined ? [] : [{ sid: "TellIt", actions: ["sns:Publish"], resources: [topicArn] }]),
  ];
}

/** The watcher: look, and call the engine. */
export function watcherPermissions(place: AppliancePlace, source: string): Statement[] {
  const { partition, region, account, probeArn, tableArn } = place;
  return [
    lookAround(place),
    { sid: "ReadTheRecord", actions: ["dynamodb:GetItem"], resources: [tableArn] },
    {
      sid: "CallTheEngine",
      actions: ["events:PutEvents"],
      resources: [`arn:${partition}:events:${region}:${account}:event-bus/default`],
      // Of each event of a call. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
      condition: [{ test: "ForAllValues:StringEquals", variable: "events:source", values: [source] }],
    },
    // Metrics are of all or of none; the health check's are in another region.
    { sid: "ReadTheHealthCheck", actions: ["cloudwatch:GetMetricData"], resources: ["*"] },
    ...(probeArn === undefined
      ? []
      : [{ sid: "AskTheService", actions: ["lambda:InvokeFunction"], resources: [probeArn] }]),
  ];
}

/** The stamper: images of what serves, and nobody else's. */
export function stamperPermissions(settings: ApplianceSettings, place: AppliancePlace): Statement[] {
  const { stamps, name } = settings;
  const ours = { test: "StringEquals", variable: `aws:ResourceTag/${TAGS.appliance}`, values: [name] };
  const images = [arn(place, "image/*", ""), arn(place, "snapshot/*", "")];
  const made = { test: "StringEquals", variable: `aws:RequestTag/${TAGS.appliance}`, values: [name] };
  const look = [
    lookAround(place),
    { sid: "ReadTheRecord", actions: ["dynamodb:GetItem"], resources: [place.tableArn] },
    ...members(
      settings,
      place,
      "MarkWhoServes",
      ["ec2:CreateTags", "ec2:DeleteTags"],
      [{ test: "ForAllValues:StringEquals", variable: "aws:TagKeys", values: [TAGS.active] }],
    ),
  ];
  if (stamps?.by !== "function") return look;
  return [
    ...look,
    ...members(settings, place, "Photograph", ["ec2:CreateImage"]),
    { sid: "MakeTaggedImages", actions: ["ec2:CreateImage"], resources: images, condition: [made] },
    {
      sid: "TagWhatItMakes",
      actions: ["ec2:CreateTags"],
      resources: images,
      condition: [{ test: "StringEquals", variable: "ec2:CreateAction", values: ["CopyImage", "CreateImage"] }],
    },
    {
      sid: "PruneItsOwn",
      actions: ["ec2:DeleteSnapshot", "ec2:DeregisterImage"],
      resources: images,
      condition: [ours],
    },
    ...(stamps.isEncrypted
      ? [{ sid: "CopyImages", actions: ["ec2:CopyImage"], resources: images }, ...useKey(settings)]
      : []),
    ...(stamps.bootTestSubnet === undefined
      ? []
      : [
          ...launch(settings, place, "TestAnImage", TAGS.bootTest),
          {
            sid: "JudgeItsImages",
            actions: ["ec2:CreateTags"],
            resources: [arn(place, "image/*", "")],
            condition: [ours, { test: "ForAllValues:StringEquals", variable: "aws:TagKeys", values: [TAGS.boot] }],
          },
          {
            sid: "EndItsTests",
            actions: ["ec2:TerminateInstances"],
            resources: [arn(place, "instance/*")],
            condition: [ours, { test: "Null", variable: `aws:ResourceTag/${TAGS.bootTest}`, values: ["false"] }],
          },
          ...(stamps.isEncrypted ? [] : useKey(settings)),
        ]),
  ];
}

/** None of these knows a finer resource: each answers about all of a region. */
function lookAround({ region }: AppliancePlace): Statement {
  const things = [
    "Addresses",
    "Images",
    "Instances",
    "InstanceStatus",
    "RouteTables",
    "SecurityGroups",
    "Subnets",
    "Vpcs",
  ];
  return {
    sid: "LookAround",
    actions: things.map((thing) => `ec2:Describe${thing}`),
    resources: ["*"],
    condition: [{ test: "StringEquals", variable: "aws:RequestedRegion", values: [region] }],
  };
}

/** The lease, and the record under it. */
function useTable({ tableArn }: AppliancePlace): Statement {
  return {
    sid: "HoldTheLease",
    actions: ["dynamodb:ConditionCheckItem", "dynamodb:GetItem", "dynamodb:UpdateItem"],
    resources: [tableArn],
  };
}

/** One statement for each way in which a member is known: by its id, by the user's tag, by ours. */
function members(
  { name, instance, standby, strategy }: ApplianceSettings,
  place: AppliancePlace,
  sid: string,
  actions: string[],
  condition: Exclude<Statement["condition"], undefined> = [],
): Statement[] {
  const others: readonly (readonly [string, string])[] =
    strategy === "stamp"
      ? [["Copies", `${TAGS.appliance}=${name}`]]
      : standby === undefined
        ? []
        : [["Standby", standby]];
  return [["Primary", instance] as const, ...others].map(([who, selector]) => ({
    sid: `${sid}${who}`,
    actions,
    ...selected(place, "instance", selector, condition as { test: string; variable: string; values: string[] }[]),
  }));
}

function selected(
  place: AppliancePlace,
  kind: string,
  selector: string,
  more: readonly { test: string; variable: string; values: string[] }[] = [],
): Pick<Statement, "resources" | "condition"> {
  const tag = selectorTag(selector);
  const condition = [
    ...(tag ? [{ test: "StringEquals", variable: `aws:ResourceTag/${tag.key}`, values: [tag.value] }] : []),
    ...more,
  ];
  return {
    resources: [arn(place, `${kind}/${tag ? "*" : selector}`)],
    ...(condition.length > 0 && { condition }),
  };
}

function routes({ routeTables }: ApplianceSettings, place: AppliancePlace): Statement[] {
  const actions = ["ec2:CreateRoute", "ec2:ReplaceRoute"];
  const ids = routeTables.filter(isResourceId);
  return [
    ...(ids.length > 0
      ? [{ sid: "RouteClients", actions, resources: ids.map((id) => arn(place, `route-table/${id}`)) }]
      : []),
    ...routeTables
      .filter((selector) => !isResourceId(selector))
      .map((selector, at) => ({
        sid: `RouteClients${at + 1}`,
        actions,
        ...selected(place, "route-table", selector, [inVpc(place)]),
      })),
  ];
}

/** Only of its own images, into its own VPC, and with the tags by which it is found and ended. */
function launch({ name }: ApplianceSettings, place: AppliancePlace, sid: string, ownTag: string): Statement[] {
  const actions = ["ec2:RunInstances"];
  const value = [name];
  const made = [arn(place, "instance/*"), arn(place, "volume/*")];
  return [
    {
      sid: `${sid}OfItsImages`,
      actions,
      resources: [arn(place, "image/*", "")],
      condition: [{ test: "StringEquals", variable: `aws:ResourceTag/${TAGS.appliance}`, values: value }],
    },
    { sid: `${sid}OfTheirSnapshots`, actions, resources: [arn(place, "snapshot/*", "")] },
    {
      sid: `${sid}WithTags`,
      actions,
      resources: made,
      condition: [
        { test: "StringEquals", variable: `aws:RequestTag/${TAGS.appliance}`, values: value },
        { test: "Null", variable: `aws:RequestTag/${ownTag}`, values: ["false"] },
      ],
    },
    {
      sid: `${sid}InItsVpc`,
      actions,
      resources: ["network-interface", "security-group", "subnet"].map((kind) => arn(place, `${kind}/*`)),
      condition: [inVpc(place)],
    },
    {
      sid: `${sid}AndTagIt`,
      actions: ["ec2:CreateTags"],
      resources: made,
      condition: [{ test: "StringEquals", variable: "ec2:CreateAction", values: ["RunInstances"] }],
    },
  ];
}

function passRole({ profileRoleArn }: AppliancePlace): Statement[] {
  if (profileRoleArn === undefined) return [];
  return [
    {
      sid: "GiveTheCopyItsRole",
      actions: ["iam:PassRole"],
      resources: [profileRoleArn],
      condition: [{ test: "StringEquals", variable: "iam:PassedToService", values: ["ec2.amazonaws.com"] }],
    },
  ];
}

/** EC2 uses the key in the caller's name. @see https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html */
function useKey({ kmsKey, region }: ApplianceSettings): Statement[] {
  if (kmsKey === undefined) return [];
  const byEc2 = { test: "StringEquals", variable: "kms:ViaService", values: [`ec2.${region}.amazonaws.com`] };
  return [
    {
      sid: "UseItsKey",
      actions: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncrypt*"],
      resources: [kmsKey],
      condition: [byEc2],
    },
    {
      sid: "LetEc2UseItsKey",
      actions: ["kms:CreateGrant"],
      resources: [kmsKey],
      condition: [byEc2, { test: "Bool", variable: "kms:GrantIsForAWSResource", values: ["true"] }],
    },
  ];
}

function arn({ partition, region, account }: AppliancePlace, resource: string, owner: string = account): string {
  return `arn:${partition}:ec2:${region}:${owner}:${resource}`;
}

function vpcArn(place: AppliancePlace): string {
  return arn(place, `vpc/${place.vpcId}`);
}

function inVpc(place: AppliancePlace) {
  return { test: "ArnEquals", variable: "ec2:Vpc", values: [vpcArn(place)] };
}

/** An instance and an address, which the same call is asked about, have no VPC in IAM's eyes. */
function inVpcIfItHasOne(place: AppliancePlace) {
  return { test: "ArnEqualsIfExists", variable: "ec2:Vpc", values: [vpcArn(place)] };
}
