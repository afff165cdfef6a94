import { isatty } from "node:tty";
import { EnvironmentConfigError } from "../../core/environment/config/config-error.ts";
import type { ConfigText } from "../../core/environment/config/parse-config.ts";
import { ConfigEditor } from "../../core/environment/edit/config-editor.ts";
import { codexHome } from "../../core/environment/provider/codex-home.ts";
import { UsageError } from "../command.ts";
import { printNotice } from "../terminal/print.ts";
import { Draft } from "./draft.ts";
import { readAnswer } from "./read-answer.ts";
import { runEditor } from "./run-editor.ts";
import { warn } from "./warn.ts";

export interface EditRequest {
  readonly name: string | undefined;
  /** codex-env.toml instead of environments.toml. */
  readonly extras: boolean;
}

/** One round of the user's editor after the other, until the file is right or the user gives up. */
export async function editFile({ name, extras }: EditRequest): Promise<number> {
  const editor = new ConfigEditor(codexHome(process.env));
  const original = editor.read(extras ? "extras" : "environments");
  let line = name === undefined ? 1 : lineOf(original.text, name);
  const draft = new Draft(original);
  for (;;) {
    const code = await runEditor(draft.path, line);
    const text = await draft.read();
    if (code !== 0 || text === original.text) {
      draft.discard();
      if (code !== 0) await warn([`the editor ended with exit code ${code}: nothing was changed`]);
      return code === 0 ? 0 : 1;
    }
    const error = await replace(editor, original, text);
    if (error === undefined) {
      draft.discard();
      return 0;
    }
    await warn([error.message]);
    line = error instanceof EnvironmentConfigError ? (error.line ?? 1) : 1;
    if (!(await isWantedAgain())) {
      await warn([`${original.path} is as it was; what you wrote is in ${draft.path}`]);
      return 1;
    }
  }
}

async function replace(editor: ConfigEditor, original: ConfigText, text: string): Promise<Error | undefined> {
  try {
    await editor.replace(original, text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function isWantedAgain(): Promise<boolean> {
  if (!isatty(0) || !isatty(2)) return false;
  await printNotice("Edit again? [Y/n] ");
  const answer = readAnswer();
  return answer !== undefined && !/^\s*n/i.test(answer);
}

/** Where an environment is spoken of, in a text that may be wrong: it is there to be put right. */
function lineOf(text: string, name: string): number {
  const isMeant = (line: string) =>
    [`id="${name}"`, `id='${name}'`, `[environments.${name}]`, `[environments.${name}.`].some((start) =>
      line.replace(/\s/g, "").startsWith(start),
    );
  const index = text.split("\n").findIndex(isMeant);
  if (index < 0) throw new UsageError(`the file does not speak of ${JSON.stringify(name)}`);
  return index + 1;
}
