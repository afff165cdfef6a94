import type { Attack } from "./attack.ts";
import { probe, probes } from "./probe.ts";
import { type Profile, strong, unconfined } from "./profiles.ts";
import type { Scene } from "./scene.ts";

export const filter = "the filter refuses the call";

interface Call {
  readonly name: string;
  readonly call: string;
  readonly args?: (scene: Scene) => readonly (string | number)[];
  readonly wall?: string;
  /** Only root may do it at all. */
  readonly ofRoot?: boolean;
  readonly confined?: readonly Profile[];
  /** A file that this kernel shows when it has the thing at all. */
  readonly sign?: string;
}

export const calls = ({
  name,
  call,
  args = () => [],
  wall = filter,
  ofRoot = false,
  confined = strong,
  sign,
}: Call): Attack => ({
  name: `kernel: ${name}`,
  wall,
  confined,
  allowed: [unconfined],
  ...(ofRoot ? { twinOfRoot: true } : {}),
  ...(sign === undefined ? {} : { sign }),
  attempt: (scene) => probes(scene, probe("kernel", call, ...args(scene))),
});

/** No namespace of any kind, by either call; clone3 cannot be looked into, and is not there. */
export const opened = (
  name: string,
  call: "open_for_writing" | "open_for_reading",
  path: string,
  confined = strong,
): Attack =>
  calls({
    name,
    call,
    args: () => [path],
    wall: "system files are read-only or not there, and their owner is another",
    ofRoot: true,
    confined,
    sign: path,
  });
