import type { ListenOptions } from "../listen/listen.ts";

/** Any right of the group or of others. */
const notOwnerOnly = 0o077;

/**
 * The flags whose secret file other users of this machine may open. The reference does not look; a warning, and
 * no refusal, since secrets that are mounted into containers often look so.
 */
export function exposedSecrets({ auth, tlsKey }: ListenOptions): readonly string[] {
  const files = {
    "--ws-token-file": auth.tokenFile,
    "--ws-shared-secret-file": auth.sharedSecretFile,
    "--tls-key": tlsKey,
  };
  return Object.entries(files)
    .filter(([, file]) => file !== undefined && isExposed(file))
    .map(([flag]) => flag);
}

function isExposed(file: string): boolean {
  // Loaded here, as most servers have no secret file.
  const { statSync } = process.getBuiltinModule("node:fs");
  const found = statSync(file, { throwIfNoEntry: false });
  return found?.isFile() === true && (found.mode & notOwnerOnly) !== 0;
}
