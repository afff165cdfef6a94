import type { MethodParams } from "../../../protocol/methods.ts";
import { requestedPath } from "../../handler/requested-path.ts";
import type { OpenedFile } from "../../local/open-regular.ts";
import type { Judge } from "../judge.ts";
import { openJudged } from "../judged/read-file.ts";
import { replaceJudged } from "../judged/replace.ts";

/** Opens what fs/open asks for. The caller closes it. */
export function openDescriptor(judge: Judge, params: MethodParams["fs/open"]): OpenedFile {
  const path = requestedPath(params);
  return params.mode === "read" ? openJudged(judge, path, {}) : replaceJudged(judge, path);
}
