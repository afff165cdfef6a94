import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toBase64, type WireClient } from "../../support/wire-client.ts";

type Json = Readonly<Record<string, unknown>>;

/** What the answers were recorded over: `/s/ws` and `/s/out`, under a home directory. Not in /tmp, which profiles open. */
export class ProfileFixture implements Disposable {
  readonly home: string = mkdtempSync("/var/tmp/sandbox-profile-");
  readonly #temporaryFile = `/tmp/sbx-${crypto.randomUUID()}.txt`;

  constructor() {
    for (const name of ["", "/ws", "/ws/priv", "/ws/sub", "/ws/sub/deep", "/ws/.git", "/out"])
      mkdirSync(this.path(name));
    const files = {
      "/ws/a.txt": "inside",
      "/ws/priv/p.txt": "private",
      "/ws/sub/deep/x.env": "SECRET=1",
      "/ws/top.env": "SECRET=2",
      "/ws/.git/config": "[core]",
      "/out/o.txt": "outside",
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(this.path(name), text);
  }

  path(name: string): string {
    return `${this.home}/sbx${name}`;
  }

  /** A recorded sandbox, with this fixture in the place of the recorded one. */
  place(sandbox: unknown): Json {
    const text = JSON.stringify(sandbox)
      .replaceAll("file:///root", `file://${this.home}`)
      .replaceAll("file:///s/", `file://${this.path("/")}`)
      .replaceAll('"/s/', `"${this.path("/")}`);
    return JSON.parse(text);
  }

  /** What the server says to an operation such as `write ws/n.txt`, in the words of the record. */
  async answer(client: WireClient, operation: string, sandbox: Json): Promise<string> {
    const [verb = "", where = ""] = operation.split(" ");
    const path = `file://${this.#native(where)}`;
    const reply = await client.call(...requestOf(verb, path, sandbox));
    if (reply.error) return `${reply.error.code} ${reply.error.message}`;
    if (verb !== "read") return "ok";
    const text = Buffer.from(reply.result?.dataBase64 ?? "", "base64").toString();
    // The record's machine and this one need not be of the same version.
    const isVersion = where.startsWith("/etc/") && text === readFileSync(where, "utf8");
    return `ok:${isVersion ? "12.11\n" : text}`;
  }

  /** Which of the names that an operation may have made lie in the workspace. */
  left(names: readonly string[]): Readonly<Record<string, boolean>> {
    return Object.fromEntries(names.map((name) => [name, existsSync(join(this.path("/ws"), name))]));
  }

  #native(where: string): string {
    if (where === "/tmp/sbx.txt") return this.#temporaryFile;
    return where.startsWith("/") ? where : this.path(`/${where}`);
  }

  [Symbol.dispose](): void {
    rmSync(this.#temporaryFile, { force: true });
    rmSync(this.home, { recursive: true, force: true });
  }
}

function requestOf(verb: string, path: string, sandbox: Json): readonly [method: string, params: Json] {
  if (verb === "read") return ["fs/readFile", { path, sandbox }];
  if (verb === "write") return ["fs/writeFile", { path, dataBase64: toBase64("x"), sandbox }];
  if (verb === "mkdir") return ["fs/createDirectory", { path, recursive: true, sandbox }];
  throw new Error(`no request is known for ${verb}`);
}
