import { writeOut } from "../terminal/output.ts";
import { diagnose } from "./diagnosis.ts";
import { renderDiagnosis } from "./render-diagnosis.ts";

/** Prints what was found, for a person or for a program. Resolves to the exit code. */
export async function doctor(json: boolean): Promise<number> {
  const diagnosis = await diagnose();
  const text = json ? `${JSON.stringify(diagnosis, null, 2)}\n` : renderDiagnosis(diagnosis, hasColours());
  await writeOut(1, Buffer.from(text));
  return diagnosis.sandboxedWorkRuns ? 0 : 1;
}

function hasColours(): boolean {
  const { isatty } = process.getBuiltinModule("node:tty");
  return isatty(1) && (process.env["NO_COLOR"] ?? "") === "" && process.env["TERM"] !== "dumb";
}
