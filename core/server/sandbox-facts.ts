import { localFacts } from "../sandbox/host/local-facts.ts";
import { privatePaths } from "../sandbox/launch/private-directory.ts";
import { followPlacesWritten, mayBeWritten } from "../sandbox/launch/written-places.ts";
import type { HostFacts } from "../sandbox/plan/host-facts.ts";

/**
 * What plans ask of this machine, for a place of work whose $TMPDIR is `temporaryDirectory`. Throws SandboxRefusal
 * where the server can have no private directory.
 */
export function sandboxFacts(temporaryDirectory: string | undefined, home: string | null): HostFacts {
  followPlacesWritten();
  return localFacts({
    temporaryDirectory: temporaryDirectory?.startsWith("/") ? temporaryDirectory : null,
    home,
    privatePaths: privatePaths(),
    mayBeWritten,
  });
}
