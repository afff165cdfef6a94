const special = (kind: string, access: "read" | "write") => ({
  path: { type: "special", value: { kind } },
  access,
});

/** The profiles that Codex itself makes of its modes, for people who do not want to write JSON. */
const modes = {
  "read-only": [special("root", "read")],
  // What is protected at the top of a workspace (.git and the like) is so by itself.
  "workspace-write": [
    special("root", "read"),
    special("project_roots", "write"),
    special("slash_tmp", "write"),
    special("tmpdir", "write"),
  ],
} as const;

export const modeNames: readonly string[] = Object.keys(modes);

/** The profile of a mode, as `--permission-profile` takes it; undefined: there is no such mode. Without network. */
export function modeProfile(mode: string): string | undefined {
  const entries = Object.entries(modes).find(([name]) => name === mode)?.[1];
  if (entries === undefined) return undefined;
  const file_system = { type: "restricted", entries };
  return JSON.stringify({ type: "managed", file_system, network: "restricted" });
}
