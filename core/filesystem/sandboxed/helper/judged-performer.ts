import { closeSync } from "node:fs";
import { limits } from "../../../limits.ts";
import { encodeBase64 } from "../../../protocol/base64.ts";
import type { SandboxPlan } from "../../../sandbox/plan/sandbox-plan.ts";
import { type Answer, andThen, withCleanup } from "../../answer.ts";
import { follow, requestedPath } from "../../handler/requested-path.ts";
import type { OpenedFile } from "../../local/open-regular.ts";
import { readOpened } from "../../local/read-file.ts";
import type { NativePath } from "../../native-path.ts";
import { Judge } from "../judge.ts";
import { metadataJudged } from "../judged/look.ts";
import { openJudged } from "../judged/read-file.ts";
import type { HelperRequest } from "./operation.ts";

/**
 * Performs the requests of a server. What most helpers are started for, looking and reading, is at hand; the code of
 * everything else is loaded when it is asked for.
 */
export class JudgedPerformer {
  readonly judge: Judge;

  constructor(plan: SandboxPlan) {
    this.judge = new Judge(plan);
  }

  /** What is opened, and large content, goes over as a descriptor. Throws or rejects as the judged file system does. */
  perform(request: HelperRequest): Answer<object> {
    const { operation, params } = request;
    if (operation === "fs/readFile") {
      const path = requestedPath(params);
      return answerContent(openJudged(this.judge, path, follow(params)), path);
    }
    if (operation === "fs/getMetadata") {
      return metadataJudged(this.judge, requestedPath(params), follow(params));
    }
    return this.#performOther(request);
  }

  async #performOther(request: HelperRequest): Promise<object> {
    if (request.operation === "fs/open") {
      const { openDescriptor } = await import("./open-descriptor.ts");
      return await hand(openDescriptor(this.judge, request.params));
    }
    const { performAny } = await import("./perform-any.ts");
    return await performAny(this.judge, request);
  }
}

function answerContent(file: OpenedFile, path: NativePath): Answer<object> {
  if (file.found.size >= limits.fsHelperHandedBytes) return hand(file);
  const content = withCleanup(
    () => readOpened(file, path),
    () => closeSync(file.descriptor),
  );
  return andThen(content, (bytes) => ({ dataBase64: encodeBase64(bytes) }));
}

async function hand({ descriptor }: OpenedFile): Promise<object> {
  const { handDescriptor } = await import("./hand-descriptor.ts");
  return handDescriptor(descriptor);
}
