import { isOpaque, spellOpaque } from "./opaque-path.ts";
import { escapePath } from "./percent.ts";

/** How a client writes paths: as file URIs, or (0.131.0) plainly. Answers use the form of the question. */
export type PathForm = "uri" | "plain";

/** Writes an absolute native path for the wire. A plain path cannot carry bytes that are not UTF-8; they show as U+FFFD. */
export function formatPath(native: string | Buffer, form: PathForm): string {
  if (form === "plain") return native.toString();
  return isOpaque(native) ? `file:///${spellOpaque(native)}` : `file://${escapePath(native)}`;
}
