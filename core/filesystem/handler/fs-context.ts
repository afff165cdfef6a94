import type { FileSystem } from "../file-system.ts";
import type { FileHandles } from "./file-handles.ts";
import type { MissingWatchSlot } from "./missing-watch-slot.ts";

/** What the requests of one connection work on. */
export interface FsContext {
  readonly fileSystem: FileSystem;
  readonly handles: FileHandles;
  readonly watch: MissingWatchSlot;
  notify(method: "fs/missingChanged", params: unknown): void;
}
