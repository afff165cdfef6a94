/** Profiles as a client writes them into --permission-profile. */

function managed(entries: readonly unknown[]): string {
  const file_system = { type: "restricted", entries };
  return JSON.stringify({ type: "managed", file_system, network: "restricted" });
}

const root = { path: { type: "special", value: { kind: "root" } }, access: "read" };
const workspace = { path: { type: "special", value: { kind: "project_roots" } }, access: "write" };

export const readOnly: string = managed([root]);
export const workspaceWrite: string = managed([root, workspace]);
export const disabled: string = JSON.stringify({ type: "disabled" });
export const filterOnly: string = JSON.stringify({ type: "external", network: "restricted" });
