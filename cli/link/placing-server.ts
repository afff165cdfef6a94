import type { Target } from "../../core/client/target.ts";
import type { Destination } from "./choose-destination.ts";

/**
 * Opens a session, and where codex-env turns out not to be there puts it there and opens it once more, as `env update`
 * does. Rejects as `open` does, and with InstallError.
 */
export async function placingServer<T>(
  { target, name }: Destination,
  open: (target: Target | "local") => Promise<T>,
): Promise<T> {
  try {
    return await open(target);
  } catch (error) {
    if (name === undefined || target === "local" || !isAbsent(target, error)) throw error;
    const argv = await place(name);
    if (argv === undefined) throw error;
    return await open({ ...target, argv });
  }
}

type CommandTarget = Target & { readonly kind: "command" };

/** A shell ends with 126 or 127 where it cannot start a program; an engine of containers says it in words as well. */
function isAbsent(target: Target, error: unknown): target is CommandTarget {
  if (target.kind !== "command" || !(error instanceof Error)) return false;
  return /ended with exit code 12[67]\b|executable file not found/.test(error.message);
}

async function place(name: string): Promise<CommandTarget["argv"] | undefined> {
  const [{ loadSnapshot }, { updateServer }] = await Promise.all([
    import("../../core/environment/provider/load-snapshot.ts"),
    import("../env/update-environment.ts"),
  ]);
  const definition = loadSnapshot(process.env).definitions.find(({ id }) => id === name);
  return definition === undefined ? undefined : (await updateServer(definition))?.argv;
}
