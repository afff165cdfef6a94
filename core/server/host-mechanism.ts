import type { Mechanism } from "../sandbox/mechanism.ts";

/** How this machine can hold a sandbox. The code that finds out is loaded when it is asked for: a server starts without. */
export async function hostMechanism(): Promise<Mechanism> {
  const { detectMechanism } = await import("../sandbox/host/detect-mechanism.ts");
  return await detectMechanism();
}
