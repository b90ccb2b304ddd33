import {
  type CloudWatchClient,
  DashboardNotFoundError,
  DeleteDashboardsCommand,
  GetDashboardCommand,
  PutDashboardCommand,
} from "@aws-sdk/client-cloudwatch";
import type { Dashboard } from "../common/watch/dashboard";

/**
 * Writes the dashboards that differ from what is there, and removes pages that are needed no longer. Names are asked for one
 * by one: listing dashboards would need leave to list all of the account's.
 * @param first the name of the first page
 * @returns names of what was written and removed
 */
export async function putDashboards(client: CloudWatchClient, first: string, wanted: readonly Dashboard[]) {
  const written: string[] = [];
  for (const { name, body } of wanted) {
    const text = JSON.stringify(body);
    if ((await readDashboard(client, name)) === text) continue;
    await client.send(new PutDashboardCommand({ DashboardName: name, DashboardBody: text }));
    written.push(name);
  }
  const removed: string[] = [];
  for (let page = wanted.length + 1; ; page++) {
    const name = page === 1 ? first : `${first}_${page}`;
    if ((await readDashboard(client, name)) === undefined) break;
    await client.send(new DeleteDashboardsCommand({ DashboardNames: [name] }));
    removed.push(name);
  }
  return { written, removed };
}

/** Its body as it was written, or undefined where there is none. */
export async function readDashboard(client: CloudWatchClient, name: string): Promise<string | undefined> {
  try {
    const { DashboardBody } = await client.send(new GetDashboardCommand({ DashboardName: name }));
    return DashboardBody ?? "";
  } catch (error) {
    if (error instanceof DashboardNotFoundError || (error as Error).name === "ResourceNotFound") return undefined;
    throw error;
  }
}
