import * as z from "zod";
import { siteSchema } from "./site";

/**
 * `site.schema.json`: what an editor completes and checks a site file with. Draft 7, the newest that yaml-language-server
 * follows in full.
 */
export function renderSiteJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(siteSchema, { io: "input", target: "draft-7" }), null, 2)}\n`;
}
