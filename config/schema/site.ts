import * as z from "zod";
import { parsePlainText } from "../values/plain-text";
import { parseTagKey, TAG_KEY_PATTERN } from "../values/tag-key";
import { account } from "./accounts";
import { activation } from "./activations";
import { alarm } from "./alarms";
import { appliance } from "./appliances";
import { backend } from "./backend";
import { chat } from "./chats";
import { connection } from "./connections";
import { controller } from "./controllers";
import { key, plainText, text } from "./fields";
import { awsNetwork, azureNetwork, freeNetwork, oracleNetwork, sakuraNetwork } from "./networks";
import { notifier } from "./notifiers";
import { peering } from "./peerings";
import { relay } from "./relays";
import { watch } from "./watches";

/** The schemas of the entries that the user names, by their place in the file. */
export const ENTRY_SCHEMAS = {
  controllers: controller,
  "networks.aws": awsNetwork,
  "networks.oracle": oracleNetwork,
  "networks.azure": azureNetwork,
  "networks.sakura": sakuraNetwork,
  "networks.openstack": freeNetwork,
  "networks.onpremises": freeNetwork,
  connections: connection,
  chats: chat,
  relays: relay,
  alarms: alarm,
  appliances: appliance,
  notifiers: notifier,
  watches: watch,
  accounts: account,
  peerings: peering,
  activations: activation,
} as const;

/** @see https://docs.oracle.com/en-us/iaas/Content/Tagging/Concepts/taggingoverview.htm (10 free-form tags a resource) */
const MOST_TAGS = 8;

/** The whole site file. The one source of its types, its defaults, `site.schema.json` and the README's reference. */
export const siteSchema = z
  .strictObject({
    site: key.meta({ description: "The site's name; every resource's name begins with it.", examples: ["demo"] }),
    description: plainText("For people.").optional(),
    backend: backend.prefault({ type: "local" }),
    tags: z
      .record(
        text(parseTagKey, { description: "A tag's key.", pattern: TAG_KEY_PATTERN.source }),
        text(parsePlainText, { description: "A tag's value." }),
      )
      .refine((tags) => Object.keys(tags).length <= MOST_TAGS, {
        error: () => `must have at most ${MOST_TAGS} entries: OCI takes 10, and two are Kakehashi's own; remove some`,
      })
      .default({})
      .meta({
        description: "Put on every resource that can have tags, beside site and managed-by.",
        maxProperties: MOST_TAGS,
      }),
    controllers: z.record(key, controller).meta({ description: "On-premises machines that run Libreswan, by key." }),
    networks: z
      .strictObject({
        aws: z.record(key, awsNetwork).default({}).meta({ description: "VPCs, by key." }),
        oracle: z.record(key, oracleNetwork).default({}).meta({ description: "VCNs, by key." }),
        azure: z.record(key, azureNetwork).default({}).meta({ description: "VNets, by key." }),
        sakura: z.record(key, sakuraNetwork).default({}).meta({ description: "Switches of Sakura Cloud, by key." }),
        openstack: z.record(key, freeNetwork).default({}).meta({ description: "OpenStack networks, by key." }),
        onpremises: z
          .record(key, freeNetwork)
          .default({})
          .meta({ description: "Networks of existing servers, by key." }),
      })
      .meta({
        description:
          "Networks by provider and key. Connections end in those of aws, oracle and azure; the others are catalog entries.",
      }),
    connections: z.record(key, connection).default({}).meta({ description: "VPNs, by key." }),
    chats: z.record(key, chat).default({}).meta({ description: "Chat servers of the site, by key." }),
    relays: z.record(key, relay).default({}).meta({ description: "APIs that carry alarms to a chat server, by key." }),
    alarms: z.record(key, alarm).default({}).meta({ description: "Roads that alarms take, by key." }),
    appliances: z.record(key, appliance).default({}).meta({ description: "VPN servers on EC2, by key." }),
    notifiers: z.record(key, notifier).default({}).meta({ description: "Queues of HTTP calls to partners, by key." }),
    watches: z
      .record(key, watch)
      .default({})
      .meta({ description: "Alarms and dashboards for EC2 instances found by Name tag, by key." }),
    accounts: z.record(key, account).default({}).meta({ description: "AWS accounts: people and the record, by key." }),
    peerings: z.record(key, peering).default({}).meta({ description: "Networks joined as one LAN, by key." }),
    activations: z
      .record(key, activation)
      .default({})
      .meta({ description: "APIs that hand out SSM hybrid activations, by key." }),
  })
  .meta({ title: "Kakehashi site file" });

export type SiteInput = z.output<typeof siteSchema>;
