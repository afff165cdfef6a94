/** A command that is to run inside a sandbox, as exec takes it. No string may hold a NUL. */
export interface SandboxedCommand {
  /** argv[0] is the program to look up, inside the sandbox, on `env`'s PATH when it has no slash. */
  readonly argv: readonly [string, ...string[]];
  /** What the command sees as argv[0]; absent: argv[0] itself. */
  readonly arg0?: string;
  /** Raw bytes, or text: names need not be UTF-8. */
  readonly cwd: Uint8Array | string;
  readonly env: readonly (readonly [name: string, value: string])[];
  /** Its stdin is a terminal that it is to control. */
  readonly terminal: boolean;
  /** Descriptors that it finds at 3, 4, ... */
  readonly inherited: readonly number[];
  /** Descriptor of its program, instead of looking argv[0] up. */
  readonly executable?: number;
}
