import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Params, WireClient } from "../support/wire-client.ts";
import type { WireMessage } from "../support/wire-message.ts";
import { Background } from "./background.ts";
import type { Place } from "./place.ts";
import type { Sandbox } from "./profiles.ts";
import { type AttackedServer, give } from "./surroundings.ts";

type Members = Readonly<Record<string, unknown>>;

/** How a command ended. `refused` is the error of its start. */
export interface Ran {
  readonly refused: string | undefined;
  readonly output: string;
  readonly exitCode: number | undefined;
}

let scenes = 0;

/**
 * One attempt's own files, and the sandbox it is made under: a workspace `ws` with a.txt, priv/p.txt, sub/deep/x.env,
 * top.env and .git/config, and out/o.txt beside it.
 */
export class Scene implements Place {
  readonly attacked: AttackedServer;
  readonly client: WireClient;
  readonly directory: string;
  readonly workspace: string;
  readonly outside: string;
  readonly secrets: Place["secrets"];
  /** What the requests of this attempt carry; null: the twin without a sandbox. */
  sandbox: Sandbox | null = null;
  readonly #backgrounds: Background[] = [];
  #processes = 0;

  constructor(attacked: AttackedServer, client: WireClient) {
    const number = ++scenes;
    this.attacked = attacked;
    this.client = client;
    this.directory = join(attacked.directory, "scenes", String(number));
    this.workspace = join(this.directory, "ws");
    this.outside = join(this.directory, "out");
    const word = () => crypto.randomUUID().slice(0, 13);
    this.secrets = {
      inside: `inside-${word()}`,
      outside: `outside-${word()}`,
      denied: `denied-${word()}`,
      env: `env-${word()}`,
    };
    for (const name of ["", "ws", "ws/priv", "ws/sub", "ws/sub/deep", "ws/.git", "out"])
      this.makeDirectory(name);
    this.write("ws/a.txt", this.secrets.inside);
    this.write("ws/priv/p.txt", this.secrets.denied);
    this.write("ws/sub/deep/x.env", this.secrets.env);
    this.write("ws/top.env", this.secrets.env);
    this.write("ws/.git/config", "[core]\n");
    this.write("out/o.txt", this.secrets.outside);
  }

  get uid(): number {
    return this.attacked.surroundings.uid;
  }

  get isRoot(): boolean {
    return this.uid === 0;
  }

  path(name: string): string {
    return name === "" ? this.directory : join(this.directory, name);
  }

  uri(name: string): string {
    return `file://${this.path(name)}`;
  }

  write(name: string, text: string | Uint8Array, mode = 0o644): void {
    writeFileSync(this.path(name), text, { mode });
    give(this.path(name), this.attacked.surroundings.uid);
  }

  makeDirectory(name: string): void {
    mkdirSync(this.path(name));
    give(this.path(name), this.attacked.surroundings.uid);
  }

  /** `target` as it stands: relative to the link, or absolute. */
  symlink(target: string, name: string): void {
    symlinkSync(target, this.path(name));
    give(this.path(name), this.attacked.surroundings.uid);
  }

  hardLink(existing: string, name: string): void {
    linkSync(this.path(existing), this.path(name));
  }

  /** What a file holds; undefined when there is none. */
  text(name: string): string | undefined {
    return existsSync(this.path(name)) ? readFileSync(this.path(name), "utf8") : undefined;
  }

  isLink(name: string): boolean {
    return lstatSync(this.path(name), { throwIfNoEntry: false })?.isSymbolicLink() === true;
  }

  exists(name: string): boolean {
    return existsSync(this.path(name));
  }

  /** A request under this attempt's sandbox. No reply in time is an error: a hang fails whatever it was. */
  call(method: string, params: Members): Promise<WireMessage> {
    return this.client.call(method, { sandbox: this.sandbox, ...params }, { timeoutMs: 12_000 });
  }

  /** Runs a command under this attempt's sandbox to its end. */
  async run(argv: readonly string[], members: Members = {}): Promise<Ran> {
    const processId = this.#processId();
    const params: Params = {
      processId,
      argv,
      cwd: this.uri("ws"),
      env: { PATH: "/usr/bin:/bin", HOME: "/nonexistent" },
      tty: false,
      sandbox: this.sandbox,
      ...members,
    };
    const reply = await this.client.call("process/start", params, { timeoutMs: 12_000 });
    if (reply.error)
      return { refused: `${reply.error.code} ${reply.error.message}`, output: "", exitCode: undefined };
    await this.client.waitProcessClosed(processId, 12_000);
    const exited = await this.client.waitExited(processId);
    return {
      refused: undefined,
      output: this.client.outputOf(processId),
      exitCode: exited.params.exitCode,
    };
  }

  /** Starts a command that goes on, without a sandbox unless told; it ends with the scene. */
  async background(argv: readonly string[], members: Members = {}): Promise<Background> {
    const background = await Background.start(this.client, {
      processId: this.#processId(),
      argv,
      cwd: this.uri("ws"),
      env: { PATH: "/usr/bin:/bin", HOME: "/nonexistent" },
      tty: false,
      ...members,
    });
    this.#backgrounds.push(background);
    return background;
  }

  async end(): Promise<void> {
    for (const background of this.#backgrounds) await background.end();
    rmSync(this.directory, { recursive: true, force: true });
  }

  #processId(): string {
    return `${this.directory.split("/").at(-1)}-${++this.#processes}`;
  }
}
