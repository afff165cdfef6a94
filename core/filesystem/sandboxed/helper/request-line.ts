import { formatPath } from "../../../protocol/path/format-path.ts";
import { PathUri } from "../../../protocol/path/path-uri.ts";
import type { HelperRequest } from "./operation.ts";

/** A request as the line that a helper reads. Throws RpcError for a path of another machine. */
export function requestLine({ operation, params }: HelperRequest): string {
  const written = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, value instanceof PathUri ? spell(value) : value]),
  );
  return `${JSON.stringify({ operation, params: { ...written, sandbox: null } })}\n`;
}

function spell(path: PathUri): string {
  return formatPath(path.toHost().native, path.form);
}
