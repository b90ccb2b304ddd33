import { App, DataResource, Fn, LocalBackend, TerraformOutput, TerraformStack } from "cdktf";
import { loadSite } from "../../config/load-site";
import { type CloudNetwork, type Connection, isCloudNetwork, type Site, stackName } from "../../config/site";
import { FACTS_VERSION, NETWORK_FACTS_OUTPUT, TUNNEL_FACTS_OUTPUT } from "../../config/tunnel-facts";

/**
 * Stands in for the clouds: the same stacks by name, made of Terraform's built-in `terraform_data` alone, so that a real
 * `cdktf deploy` needs neither an account nor a registry. It publishes the outputs of the contract, and its keys are made
 * by Terraform when it is applied.
 */
class StandInStack extends TerraformStack {
  constructor(app: App, site: Site, network: CloudNetwork) {
    const name = stackName(network);
    super(app, name);
    new LocalBackend(this, { path: `${process.cwd()}/terraform.${name}.tfstate` });
    const connections = site.connections.filter((connection) => connection.network === network);
    new TerraformOutput(this, TUNNEL_FACTS_OUTPUT, {
      sensitive: true,
      value: {
        version: FACTS_VERSION,
        stack: name,
        connections: Object.fromEntries(
          connections.map((connection) => [connection.key, this.connect(site, connection)]),
        ),
      },
    });
    new TerraformOutput(this, NETWORK_FACTS_OUTPUT, { value: networkFacts(network) });
  }

  private connect(site: Site, connection: Connection) {
    const shared =
      connection.cloud === "azure"
        ? this.makeKey(`${connection.key}-shared`, connection.tunnels[0].pskEpoch)
        : undefined;
    const tunnel = ({
      number,
      cloudInsideAddress,
      controllerInsideAddress,
      pskEpoch,
    }: Connection["tunnels"][number]) => ({
      cloudAddress: cloudAddress(site, connection, number),
      cloudInsideAddress,
      controllerInsideAddress,
      presharedKey: shared ?? this.makeKey(`${connection.key}-${number}`, pskEpoch),
      pskEpoch,
    });
    return {
      controller: connection.controller.key,
      network: connection.network.id,
      tunnels: { 1: tunnel(connection.tunnels[0]), 2: tunnel(connection.tunnels[1]) },
    };
  }

  /** 48 characters, a letter first, made anew when the epoch changes and only then. */
  private makeKey(id: string, epoch: number): string {
    const data = new DataResource(this, `key-${id}`, {
      input: Fn.sensitive(Fn.format("k%s", [Fn.substr(Fn.sha256(Fn.uuid()), 0, 47)])) as never,
      triggersReplace: epoch as never,
      lifecycle: { ignoreChanges: ["input"] },
    });
    return data.getStringAttribute("output");
  }
}

/** Documentation addresses, one a tunnel in the file's order. @see https://www.rfc-editor.org/rfc/rfc5737 */
function cloudAddress(site: Site, connection: Connection, number: 1 | 2): string {
  const at = 2 * site.connections.indexOf(connection) + number;
  if (at > 250) throw new Error("the stand-in has addresses for 125 connections");
  return `192.0.2.${at}`;
}

function networkFacts(network: CloudNetwork) {
  const subnets = Object.fromEntries(
    network.subnets.map(({ key }) => [
      key,
      network.provider === "aws"
        ? "subnet-0123456789abcdef0"
        : network.provider === "oracle"
          ? "ocid1.subnet.oc1..aaaaexample"
          : key,
    ]),
  );
  return {
    version: FACTS_VERSION,
    network: network.id,
    securityGroup:
      network.provider === "aws"
        ? "sg-0123456789abcdef0"
        : network.provider === "oracle"
          ? "ocid1.networksecuritygroup.oc1..aaaaexample"
          : "vc-nodes",
    ...(network.provider === "azure" ? { resourceGroup: network.key, virtualNetwork: network.key } : {}),
    subnets,
  };
}

const app = new App();
const site = loadSite(process.env.SITE || "site.yaml");
for (const network of site.networks.filter(isCloudNetwork)) new StandInStack(app, site, network);
app.synth();
