import { withoutOwnSecrets } from "../../core/client/without-own-secrets.ts";
import type { ExecServer } from "../../core/server/exec-server.ts";

/** A server of this machine inside this program: loaded when it is wanted, and without the secrets that are ours alone. */
export async function createOwnServer(): Promise<ExecServer> {
  const [{ createExecServer }, { version }] = await Promise.all([
    import("../../core/server/exec-server.ts"),
    import("../version.ts"),
  ]);
  return await createExecServer({
    version,
    environment: withoutOwnSecrets(process.env),
    cwd: process.cwd(),
  });
}
