import { basename } from "node:path";

/** Editors that begin at a line when they are told `+LINE`. */
const knowsLines = /^(vi|vim|nvim|view|nano|emacs|micro|mg|kak|joe)$/;

/** Runs the user's editor, which may be a command with arguments, and resolves to its exit code. */
export async function runEditor(path: string, line: number): Promise<number> {
  const editor = process.env["VISUAL"]?.trim() || process.env["EDITOR"]?.trim() || "vi";
  const [program = ""] = editor.split(/\s/);
  const place = line > 1 && knowsLines.test(basename(program)) ? [`+${line}`] : [];
  const child = Bun.spawn(["/bin/sh", "-c", `${editor} "$@"`, editor, ...place, path], {
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
  });
  return await child.exited;
}
