import { closeSync } from "node:fs";
import { restoreOpenFiles } from "../../core/host/become-program.ts";
import { duplicate } from "../../core/host/descriptors.ts";
import type { LaunchParts } from "../../core/sandbox/launch/launch.ts";

const firstDescriptor = 3;

/**
 * Executes a launch as a child of ours, in a session of its own: what is typed at a terminal comes to us alone, and by us
 * to the command, not to what holds it.
 */
export function spawnLaunch(
  parts: LaunchParts,
): Bun.Subprocess<"inherit" | "ignore", "inherit" | "ignore", "inherit" | "pipe"> {
  const { executable, argv, descriptors, stage } = parts;
  const [name, ...rest] = argv;
  // None may stand where another is to be put.
  const away = descriptors.map((descriptor) => duplicate(descriptor, firstDescriptor + descriptors.length));
  restoreOpenFiles();
  const options = { argv0: name, env: {}, cwd: "/", detached: true };
  const command = [`/proc/${process.pid}/fd/${executable}`, ...rest];
  try {
    return stage === "init"
      ? Bun.spawn(command, { ...options, stdio: ["ignore", "ignore", "pipe", ...away] })
      : Bun.spawn(command, { ...options, stdio: ["inherit", "inherit", "inherit", ...away] });
  } finally {
    for (const descriptor of away) closeSync(descriptor);
  }
}
