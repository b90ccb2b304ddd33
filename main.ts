import { join, resolve } from "node:path";
import { App } from "cdktf";
import { accountStackName } from "./config/account";
import type { Alarm } from "./config/alarm";
import { loadSite } from "./config/load-site";
import { notifierStackName } from "./config/notifier";
import { peeringStackName } from "./config/peering";
import { exitCodeOf } from "./config/problems";
import { type CloudNetwork, type Connection, isAwsNetwork, isCloudNetwork, type Site, stackName } from "./config/site";
import { AccountStack } from "./stacks/account-stack";
import { addActivationStacks } from "./stacks/add-activation-stacks";
import { addRoadStacks, type CommonProps } from "./stacks/add-road-stacks";
import { ApplianceStack, applianceStackName } from "./stacks/appliance-stack";
import { AwsNetworkStack } from "./stacks/aws-network-stack";
import { AzureNetworkStack } from "./stacks/azure-network-stack";
import { NotifierStack } from "./stacks/notifier-stack";
import { OracleNetworkStack } from "./stacks/oracle-network-stack";
import { PeeringStack } from "./stacks/peering-stack";
import type { StackBackend } from "./stacks/providers";
import { WatchStack } from "./stacks/watch-stack";

export interface Directories {
  /** Where a local backend keeps its files. */
  readonly state: string;
  /** Where the bundled functions lie, `<name>.zip` each. */
  readonly functions: string;
}

/** Fills an app with every stack of a site. */
export function addStacks(app: App, site: Site, directories: Directories): void {
  const common = {
    site: site.name,
    tags: { ...site.tags, site: site.name, "managed-by": "kakehashi" },
    backend: toStackBackend(site, directories.state),
  };
  for (const network of site.networks.filter(isCloudNetwork)) {
    const connections = site.connections.filter((connection) => connection.network === network);
    const alarms = site.alarms.filter(({ watch }) => connections.some(({ key }) => watch.includes(key)));
    addNetworkStack(app, network, { ...common, connections, alarms });
  }
  for (const appliance of site.appliances) {
    new ApplianceStack(app, applianceStackName(appliance), {
      ...common,
      appliance,
      functionsDirectory: directories.functions,
    });
  }
  for (const notifier of site.notifiers) {
    const network = site.networks.filter(isAwsNetwork).find(({ id }) => id === notifier.place?.network);
    new NotifierStack(app, notifierStackName(notifier), {
      ...common,
      notifier,
      network,
      functionsDirectory: directories.functions,
    });
  }
  for (const watch of site.watches) {
    new WatchStack(app, `watch-${watch.key}`, {
      ...common,
      watch,
      code: join(directories.functions, "watch-reconciler.zip"),
    });
  }
  addRoadStacks(app, site, common, directories.functions);
  addActivationStacks(app, site, common, directories.functions);
  const awsNetworks = site.networks.filter(isAwsNetwork);
  const networks = new Map(awsNetworks.map((network) => [network.id, network]));
  for (const peering of site.peerings) {
    new PeeringStack(app, peeringStackName(peering), { ...common, peering, networks });
  }
  for (const account of site.accounts) new AccountStack(app, accountStackName(account), { ...common, account });
}

interface NetworkProps extends CommonProps {
  readonly alarms: readonly Alarm[];
  readonly connections: readonly Connection[];
}

function addNetworkStack(app: App, network: CloudNetwork, common: NetworkProps): void {
  const name = stackName(network);
  switch (network.provider) {
    case "aws":
      new AwsNetworkStack(app, name, { ...common, network });
      return;
    case "oracle":
      new OracleNetworkStack(app, name, { ...common, network });
      return;
    case "azure":
      new AzureNetworkStack(app, name, { ...common, network });
      return;
  }
}

function toStackBackend({ backend }: Site, directory: string): StackBackend {
  return backend.type === "local" ? { type: "local", directory } : backend;
}

/** The app that `cdktf.json` names: the file that `SITE` names, or `site.yaml` in the working directory, never an example. */
function main(): void {
  const file = process.env.SITE || "site.yaml";
  try {
    const site = loadSite(file);
    const app = new App({ stackTraces: false });
    addStacks(app, site, { state: resolve("."), functions: join(__dirname, "functions") });
    app.synth();
    // Everything is written: without this Node waits for what V8's threads still compile and collect.
    process.exit();
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    const { message, stack } = error as Error;
    process.stderr.write(`${process.exitCode === 70 ? stack : message}\n`);
  }
}

if (require.main === module) main();
