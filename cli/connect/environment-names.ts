import type { Repl } from "./repl.ts";

/** The names that `.use` and `@` understand: of what is configured and of what is open. */
export async function environmentNames({ places }: Repl): Promise<string[]> {
  const { listEnvironments } = await import("../link/list-environments.ts");
  const open = places.map(({ name }) => name);
  try {
    return [...new Set([...listEnvironments(process.env).map(({ name }) => name), ...open])];
  } catch {
    // What is wrong with the file is said when somebody wants to go somewhere.
    return open;
  }
}
