import { ExternalError } from "../config/problems";

/** What Node's file functions throw becomes an ExternalError that names the folder; anything else stays as it is. */
export function toExternalError(error: unknown, action: string, dir: string): unknown {
  const { syscall, code } = error as Partial<NodeJS.ErrnoException>;
  if (syscall === undefined || code === undefined) return error;
  return new ExternalError(`can't ${action} ${JSON.stringify(dir)}: ${code}; nothing was changed`);
}
