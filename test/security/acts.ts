import { held, lied, type Outcome, through } from "./attack.ts";
import type { Ran, Scene } from "./scene.ts";

const secretIn = (text: string, secret: string) => text.includes(secret);

type Failure = { readonly code: number; readonly message: string };

/** An error as an outcome: the refusal of the whole sandbox is told from the refusal of the act. */
export function heldBy({ code, message }: Failure): Outcome {
  const how = `${code} ${message}`;
  return message.startsWith("failed to prepare") ? { kind: "held", how, refused: true } : held(how);
}

function asUri(scene: Scene, where: string): string {
  return where.startsWith("file:") ? where : scene.uri(where);
}

/** Reads a whole file: through when its secret comes, whatever the answer says of itself. */
export async function reads(scene: Scene, where: string, secret: string): Promise<Outcome> {
  const reply = await scene.call("fs/readFile", { path: asUri(scene, where) });
  if (reply.error) return heldBy(reply.error);
  const text = Buffer.from(reply.result?.dataBase64 ?? "", "base64").toString();
  return secretIn(text, secret)
    ? through(text)
    : held(`other contents: ${JSON.stringify(text.slice(0, 80))}`);
}

/** Opens a file and reads its first block. */
export async function readsBlock(scene: Scene, where: string, secret: string): Promise<Outcome> {
  const handleId = newHandle();
  const opened = await scene.call("fs/open", { handleId, path: asUri(scene, where) });
  if (opened.error) return heldBy(opened.error);
  const block = await scene.client.call("fs/readBlock", { handleId, offset: 0, len: 4096 });
  await scene.client.call("fs/close", { handleId });
  if (block.error) return heldBy(block.error);
  const text = Buffer.from(block.result?.chunk ?? "", "base64").toString();
  return secretIn(text, secret)
    ? through(text)
    : held(`other contents: ${JSON.stringify(text.slice(0, 80))}`);
}

/** An id has at most 32 bytes. */
export const newHandle = (): string => crypto.randomUUID().slice(0, 18);

/** Any other question: through when it is answered with what only the thing itself can tell. */
export async function asks(
  scene: Scene,
  request: {
    readonly method: string;
    readonly path: string;
    readonly more?: Readonly<Record<string, unknown>>;
  },
  tells: RegExp,
): Promise<Outcome> {
  const reply = await scene.call(request.method, { path: asUri(scene, request.path), ...request.more });
  if (reply.error) return heldBy(reply.error);
  const text = JSON.stringify(reply.result);
  return tells.test(text) ? through(text.slice(0, 200)) : held(`answered without it: ${text.slice(0, 120)}`);
}

interface Effect {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Whether it happened on the host. */
  readonly happened: () => boolean;
}

/** A request that changes something: through when that happened, a lie when it was answered and did not. */
export async function changes(scene: Scene, { method, params, happened }: Effect): Promise<Outcome> {
  const reply = await scene.call(method, params);
  if (happened()) return through(`${method} did it and answered ${JSON.stringify(reply.error ?? "ok")}`);
  return reply.error ? heldBy(reply.error) : lied(`${method} was answered ok and nothing happened`);
}

/** Writes a file; `lands` is where the bytes stand on the host when it went through. */
export async function writes(scene: Scene, where: string, lands = where): Promise<Outcome> {
  const text = crypto.randomUUID();
  const params = { path: asUri(scene, where), dataBase64: Buffer.from(text).toString("base64") };
  return changes(scene, { method: "fs/writeFile", params, happened: () => scene.text(lands) === text });
}

export async function makes(scene: Scene, where: string, lands = where): Promise<Outcome> {
  const params = { path: asUri(scene, where), recursive: true };
  return changes(scene, { method: "fs/createDirectory", params, happened: () => scene.exists(lands) });
}

export async function removes(scene: Scene, where: string, victim = where): Promise<Outcome> {
  if (!scene.exists(victim)) throw new Error(`${victim} is not there to be removed`);
  const params = { path: asUri(scene, where), recursive: true, force: false };
  return changes(scene, { method: "fs/remove", params, happened: () => !scene.exists(victim) });
}

export async function copies(
  scene: Scene,
  from: string,
  to: string,
  happened: () => boolean,
): Promise<Outcome> {
  const params = {
    sourcePath: asUri(scene, from),
    destinationPath: asUri(scene, to),
    recursive: true,
  };
  return changes(scene, { method: "fs/copy", params, happened });
}

/** How a command went: through when `evidence` finds that it did what it was after. */
export function judged(ran: Ran, evidence: (ran: Ran) => string | undefined): Outcome {
  const found = evidence(ran);
  if (found !== undefined) return through(found);
  if (ran.refused !== undefined) return { kind: "held", how: `refused: ${ran.refused}`, refused: true };
  return held(`exit ${ran.exitCode}: ${ran.output.trim().split("\n").slice(-3).join(" / ").slice(0, 200)}`);
}

/** Runs a shell script that is after a secret. */
export async function shellTells(scene: Scene, script: string, secret: string): Promise<Outcome> {
  const ran = await scene.run(["/bin/sh", "-c", script]);
  return judged(ran, ({ output }) => (output.includes(secret) ? output : undefined));
}

/** Runs a shell script that is after an effect on the host. */
export async function shellDoes(scene: Scene, script: string, happened: () => boolean): Promise<Outcome> {
  const ran = await scene.run(["/bin/sh", "-c", script]);
  return judged(ran, () => (happened() ? `it happened: ${script}` : undefined));
}
