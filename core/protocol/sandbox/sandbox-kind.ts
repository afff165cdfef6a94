import type { SandboxContext } from "./current-context.ts";

/** What a context asks for: nothing at all, a sandbox that restricts nothing, or one that has to hold. */
export type SandboxKind = "none" | "unrestricted" | "restricted";

export function sandboxKind(context: SandboxContext | null | undefined): SandboxKind {
  if (context === null || context === undefined) return "none";
  const { permissions: profile } = context;
  if (profile.type !== "managed") return "unrestricted";
  return profile.file_system.type === "unrestricted" ? "unrestricted" : "restricted";
}
