import { closeSync } from "node:fs";
import { encodeBase64 } from "../../protocol/base64.ts";
import { type Answer, andThen, withCleanup } from "../answer.ts";
import type { OpenFile } from "../file-system.ts";
import { requireRegular } from "../local/file-kind.ts";
import { useOpened } from "../local/open-file.ts";
import { checkOpened, type OpenedFile } from "../local/open-regular.ts";
import { readOpened } from "../local/read-file.ts";
import type { NativePath } from "../native-path.ts";

/** The content of a file that a helper opened, as an answer carries it. Closes the descriptor. */
export function readHanded(descriptor: number, path: NativePath): Answer<{ readonly dataBase64: string }> {
  const file = checked(descriptor, path);
  const content = withCleanup(
    () => readOpened(file, path),
    () => closeSync(file.descriptor),
  );
  return andThen(content, (bytes) => ({ dataBase64: encodeBase64(bytes) }));
}

/** A file that a helper opened, for reading and writing blocks. It outlives its helper and its policy. */
export function useHanded(descriptor: number, path: NativePath): OpenFile {
  return useOpened(checked(descriptor, path));
}

/** Whatever became of the helper, only regular files are read here: nothing else can make the server wait. */
function checked(descriptor: number, path: NativePath): OpenedFile {
  return checkOpened(descriptor, (found) => requireRegular(found, path));
}
