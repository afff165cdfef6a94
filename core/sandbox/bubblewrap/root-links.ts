import { readdirSync, readlinkSync } from "node:fs";

/** The links in `/` and where they lead: on merged systems `/bin`, `/sbin`, `/lib` and `/lib64`. */
export function rootLinks(): ReadonlyMap<string, string> {
  return new Map(
    readdirSync("/", { withFileTypes: true })
      .filter((entry) => entry.isSymbolicLink())
      .map(({ name }) => [`/${name}`, readlinkSync(`/${name}`)]),
  );
}
