import type { EnvironmentDefinition } from "./definition.ts";
import { redactUrl } from "./redact-urls.ts";

/** Where an environment is, for people: free of secrets. */
export function labelOf({ transport, origin }: EnvironmentDefinition): string {
  if (origin?.kind === "ssh") {
    const jumps = origin.jump.length === 0 ? "" : ` through ${origin.jump.join(", ")}`;
    return `ssh ${origin.destination}${jumps}`;
  }
  if (origin !== undefined) return `${origin.kind} ${origin.name}`;
  return transport.kind === "command" ? transport.argv[0] : redactUrl(transport.url.reveal());
}
