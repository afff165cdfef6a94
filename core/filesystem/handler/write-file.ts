import { Base64Error, decodeBase64Into, decodedBytes } from "../../protocol/base64.ts";
import type { MethodParams } from "../../protocol/methods.ts";
import { type Answer, withCleanup } from "../answer.ts";
import type { FileSystem } from "../file-system.ts";
import { invalidInput } from "../os-error.ts";
import { borrowBytes } from "../scratch.ts";
import { follow, requestedPath } from "./requested-path.ts";

/** Decodes the content into kept memory and writes it. */
export function writeFile(fileSystem: FileSystem, params: MethodParams["fs/writeFile"]): Answer<void> {
  const path = requestedPath(params);
  const scratch = borrowBytes(decodedBytes(params.dataBase64));
  return withCleanup(
    () => {
      const content = contentOf(params.dataBase64, scratch.bytes);
      return fileSystem.writeFile(path, content, follow(params));
    },
    () => scratch[Symbol.dispose](),
  );
}

/** Throws for what is no base64: before anything is started for it. */
export function checkContent(dataBase64: string): void {
  using scratch = borrowBytes(decodedBytes(dataBase64));
  contentOf(dataBase64, scratch.bytes);
}

function contentOf(dataBase64: string, target: Uint8Array): Uint8Array {
  try {
    return decodeBase64Into(dataBase64, target);
  } catch (cause) {
    if (!(cause instanceof Base64Error)) throw cause;
    throw invalidInput(`fs/writeFile requires valid base64 dataBase64: ${cause.message}`);
  }
}
