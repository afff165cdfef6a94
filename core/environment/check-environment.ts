import type { EnvironmentInfo } from "../client/environment-info.ts";
import { cureFor } from "./cure-for.ts";
import type { Environment } from "./environment.ts";
import { redactUserInfo } from "./redact-urls.ts";

/** What a look at an environment has shown. */
export type EnvironmentHealth =
  | {
      readonly kind: "well";
      /** From nothing to the first answer. */
      readonly connectMs: number;
      /** One round trip. */
      readonly latencyMs: number;
      readonly info: EnvironmentInfo;
    }
  | {
      readonly kind: "ill";
      readonly problem: string;
      /** What may help, where we know. */
      readonly cure?: string;
    };

/** Connects to the environment where nobody has, and asks it about itself. Never rejects. */
export async function checkEnvironment(environment: Environment): Promise<EnvironmentHealth> {
  const started = performance.now();
  try {
    await environment.info();
    const connected = performance.now();
    // The first answer may take longer, since the server looks at its machine for it.
    await environment.askInfo();
    const asked = performance.now();
    const info = await environment.askInfo();
    return {
      kind: "well",
      connectMs: connected - started,
      latencyMs: performance.now() - asked,
      info,
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const problem = redactUserInfo(message.replace(/^environment `[^`]*` is not available: /, ""));
    const cure = cureFor(problem, environment.id);
    return { kind: "ill", problem, ...(cure === undefined ? {} : { cure }) };
  }
}
