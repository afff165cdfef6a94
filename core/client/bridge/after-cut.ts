/** Asked twice is asked once: what they answer may differ, what they do does not. */
const repeatable: ReadonlySet<string> = new Set([
  "environment/info",
  "environment/status",
  "environmentConfig/read",
  "capabilities/discoverV2",
  "capabilityRoots/discoverV1",
  "process/read",
  "process/write",
  "process/terminate",
  "process/resize",
  "process/closeStdin",
  "process/list",
  "fs/readFile",
  "fs/getMetadata",
  "fs/canonicalize",
  "fs/readDirectory",
  "fs/walk",
]);

/** What a cut means for a request that is passed on; a method that nobody knows may do anything. */
export function afterCut(method: string): "repeat" | "report" {
  return repeatable.has(method) ? "repeat" : "report";
}
