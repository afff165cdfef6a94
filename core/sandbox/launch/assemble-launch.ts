import { closeSync } from "node:fs";
import { openPipe, setNonBlocking } from "../../host/descriptors.ts";
import { Launch, type LaunchParts } from "./launch.ts";
import { readableMemoryFile } from "./memory-file.ts";
import { type Placeholder, releasePlaceholder } from "./placeholder.ts";

/** What a launch is made of while it is put together. */
export interface Material {
  /** Opens a file that holds the bytes, until the launch was handed over. */
  memory(bytes: Uint8Array): number;
  /** Closes a descriptor once the launch was handed over. */
  keep(descriptor: number): number;
  readonly status: number;
  readonly orders: number;
}

/** Opens the pipes, has the rest made, and undoes all of it when that fails. */
export function assembleLaunch(
  placeholders: readonly Placeholder[],
  orders: "with orders" | "without orders",
  make: (material: Material) => Pick<LaunchParts, "executable" | "argv" | "descriptors" | "stage">,
): Launch {
  using undo = new DisposableStack();
  for (const placeholder of placeholders) undo.adopt(placeholder, releasePlaceholder);
  const theirs = new DisposableStack();
  undo.use(theirs);
  const keep = (descriptor: number): number => theirs.adopt(descriptor, closeSync);
  const told = openPipe();
  undo.adopt(told.readEnd, closeSync);
  keep(told.writeEnd);
  const ordered = orders === "with orders" ? openPipe() : undefined;
  if (ordered !== undefined) {
    undo.adopt(ordered.writeEnd, closeSync);
    keep(ordered.readEnd);
    // An order to a stage that somebody stopped must not stop us.
    setNonBlocking(ordered.writeEnd);
  }
  const parts = make({
    memory: (bytes) => keep(readableMemoryFile(bytes)),
    keep,
    status: told.writeEnd,
    orders: ordered?.readEnd ?? -1,
  });
  undo.move();
  return new Launch(
    { ...parts, status: told.readEnd, orders: ordered?.writeEnd ?? -1, placeholders },
    theirs,
  );
}
