/** Profiles as a client writes them into --permission-profile. */

function managed(entries: readonly unknown[], network: "restricted" | "enabled"): string {
  return JSON.stringify({ type: "managed", file_system: { type: "restricted", entries }, network });
}

const root = { path: { type: "special", value: { kind: "root" } }, access: "read" };
const workspace = { path: { type: "special", value: { kind: "project_roots" } }, access: "write" };

export const readOnly: string = managed([root], "restricted");
export const workspaceWrite: string = managed([root, workspace], "restricted");
export const networked: string = managed([root], "enabled");
export const disabled: string = JSON.stringify({ type: "disabled" });
export const filterOnly: string = JSON.stringify({ type: "external", network: "restricted" });
