import type { StartSpec } from "../../core/process/process-backend.ts";
import type { ShellSnapshot } from "./shell-snapshot.ts";

/** What lasts from line to line: directory and variables. It lives here, so it outlives sessions. */
export class ShellState {
  #cwd: string;
  #previousCwd: string | undefined;
  /** Undefined until a line told us: then the server's own environment holds, with `#changes` on top. */
  #variables: Readonly<Record<string, string>> | undefined;
  #changes: Record<string, string> = Object.create(null);

  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  get cwd(): string {
    return this.#cwd;
  }

  get previousCwd(): string | undefined {
    return this.#previousCwd;
  }

  /** What is known of the variables: all of them after the first line, before that what was set here. */
  get variables(): Readonly<Record<string, string>> {
    return this.#variables ?? this.#changes;
  }

  get knowsAll(): boolean {
    return this.#variables !== undefined;
  }

  changeDirectory(cwd: string): void {
    if (cwd === this.#cwd) return;
    this.#previousCwd = this.#cwd;
    this.#cwd = cwd;
  }

  apply(snapshot: ShellSnapshot): void {
    this.changeDirectory(snapshot.cwd);
    this.#variables = snapshot.variables;
    this.#changes = Object.create(null);
  }

  set(name: string, value: string): void {
    if (this.#variables === undefined) this.#changes[name] = value;
    else this.#variables = { ...this.#variables, [name]: value };
  }

  /** False: the variables are not known yet, so one that the server sets cannot be taken away. */
  unset(name: string): boolean {
    if (this.#variables === undefined) return delete this.#changes[name] && false;
    const { [name]: _gone, ...rest } = this.#variables;
    this.#variables = rest;
    return true;
  }

  /** The environment of the next line. */
  environment(): Pick<StartSpec, "env" | "inherit"> {
    const oldPwd: Record<string, string> =
      this.#previousCwd === undefined ? {} : { OLDPWD: this.#previousCwd };
    const pwd = { PWD: this.#cwd, ...oldPwd };
    if (this.#variables === undefined) return { inherit: "all", env: { ...this.#changes, ...pwd } };
    return { inherit: "none", env: { ...this.#variables, ...pwd } };
  }
}
