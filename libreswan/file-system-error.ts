import { ExternalError } from "../config/problems";

/** What Node's file functions throw becomes an ExternalError that names the folder; anything else stays as it is. */
export function toExternalError(error: unknown, action: string, dir: string): unknown {
  const isFileSystemError = error instanceof Error && "syscall" in error && "code" in error;
  return isFileSystemError
    ? new ExternalError(`can't ${action} ${JSON.stringify(dir)}: ${error.code}; nothing was changed`)
    : error;
}
