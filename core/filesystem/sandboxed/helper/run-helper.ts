import { LineReader } from "./line-reader.ts";
import { decodePlan } from "./wire-plan.ts";
import { writeAll } from "./write-all.ts";

/**
 * The filesystem helper on stdin and stdout. A first line with a plan makes it the helper of a server, which serves
 * until its input ends. Anything else is one request, whose text ends with the input. The words `answered PATH` say
 * that a server's first request, to read that file, has been answered already.
 */
export async function runHelper([word, path]: readonly string[] = []): Promise<number> {
  try {
    await serve(new LineReader(0), word === "answered" ? path : undefined);
    return 0;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    writeAll(`fs sandbox helper failed: ${reason}\n`, 2);
    return 1;
  }
}

async function serve(lines: LineReader, answered: string | undefined): Promise<void> {
  const first = lines.next();
  const plan = first?.startsWith('{"plan":') ? decodePlan(JSON.parse(first)) : null;
  if (plan !== null) {
    const { serveHelper, skipAnswered } = await import("./serve-helper.ts");
    if (answered !== undefined) skipAnswered(answered, lines);
    return await serveHelper(plan, lines);
  }
  const { serveOnce } = await import("./serve-once.ts");
  // A line's end is lost with it; between JSON values it means nothing.
  writeAll(await serveOnce(`${first ?? ""}\n${lines.all()}`), 1);
}
