import type { FollowOption } from "../../file-system.ts";
import type { NativePath } from "../../native-path.ts";
import { normalizedComponents } from "../../no-follow/pinned-parent.ts";
import { invalidInput } from "../../os-error.ts";
import type { Following } from "../locate.ts";

/** How a request's path is followed. Without following it has to be normal and name an entry. */
export function followingOf(path: NativePath, { followSymlinks = true }: FollowOption): Following {
  if (followSymlinks) return "target";
  if (normalizedComponents(path).length === 0) throw invalidInput("path must name an entry");
  return "refuse";
}
