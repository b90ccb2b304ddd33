/** Loads what speaks to AWS. The bundler puts it into a file of its own: see scripts/build.mjs. */
export function loadAwsCommands(): Promise<typeof import("./aws/commands")> {
  return import("./aws/commands");
}
