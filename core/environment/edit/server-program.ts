import { shellWord } from "../install/shell-word.ts";

/** What stands between here and a server on its stdio. */
export type ServerPlace =
  | {
      readonly kind: "ssh";
      /** `[USER@]HOST`, or a name of ssh's own configuration. */
      readonly destination: string;
      readonly jump: readonly string[];
      readonly port?: number;
      readonly identityFile?: string;
    }
  | { readonly kind: "docker" | "podman"; readonly name: string; readonly user?: string }
  | {
      readonly kind: "kubectl";
      readonly name: string;
      readonly namespace?: string;
      readonly container?: string;
      readonly context?: string;
    };

export interface ServerProgram {
  readonly program: string;
  readonly args: readonly string[];
  /** Connecting takes its time, and the published client gives up after 10 s where nothing else is said. */
  readonly initializeTimeoutSeconds: number;
}

/** A name would be taken for an option. */
export class ServerPlaceError extends Error {
  override readonly name = "ServerPlaceError";
}

/**
 * How the server there speaks: on its stdin and stdout, and on stderr only of what went wrong. That a container has half a
 * sandbox is no news at every command: `env check` says it, and so does every answer that it matters to.
 */
const serveOnStdio = ["serve", "--listen", "stdio", "--log-level", "error"];

/** The command that starts `binary` as a server over there. Throws {@link ServerPlaceError}. */
export function serverProgram(place: ServerPlace, binary: string): ServerProgram {
  switch (place.kind) {
    case "ssh":
      return sshProgram(place, binary);
    case "docker":
    case "podman": {
      const user = place.user === undefined ? [] : ["--user", checked("user", place.user)];
      const name = checked("container", place.name);
      return {
        program: place.kind,
        args: ["exec", "-i", ...user, name, binary, ...serveOnStdio],
        initializeTimeoutSeconds: 20,
      };
    }
    case "kubectl":
      return kubectlProgram(place, binary);
  }
}

/**
 * Asks for nothing, since nobody could answer, and notices within 15 s that the other side is gone. ssh's own
 * configuration says the rest.
 */
const sshOptions = ["BatchMode=yes", "ServerAliveInterval=5", "ServerAliveCountMax=3"];

function sshProgram(place: ServerPlace & { readonly kind: "ssh" }, binary: string): ServerProgram {
  const { jump, port, identityFile } = place;
  const destination = checked("ssh destination", place.destination);
  return {
    program: "ssh",
    args: [
      "-T",
      ...sshOptions.flatMap((option) => ["-o", option]),
      ...(port === undefined ? [] : ["-p", String(port)]),
      ...(identityFile === undefined ? [] : ["-i", identityFile]),
      ...(jump.length === 0 ? [] : ["-J", jump.map((host) => checked("jump host", host)).join(",")]),
      "--",
      destination,
      // A shell over there reads this.
      [binary, ...serveOnStdio].map(shellWord).join(" "),
    ],
    initializeTimeoutSeconds: 30 + 10 * jump.length,
  };
}

function kubectlProgram(place: ServerPlace & { readonly kind: "kubectl" }, binary: string): ServerProgram {
  const option = (flag: string, value: string | undefined) =>
    value === undefined ? [] : [flag, checked(flag.replace(/^-+/, ""), value)];
  return {
    program: "kubectl",
    args: [
      ...option("--context", place.context),
      "exec",
      "-i",
      ...option("--namespace", place.namespace),
      ...option("--container", place.container),
      checked("pod", place.name),
      "--",
      binary,
      ...serveOnStdio,
    ],
    initializeTimeoutSeconds: 30,
  };
}

function checked(what: string, name: string): string {
  if (name === "") throw new ServerPlaceError(`the ${what} is empty`);
  if (name.startsWith("-"))
    throw new ServerPlaceError(`the ${what} ${JSON.stringify(name)} would be read as an option`);
  if (/[\s\0-\x1f\x7f]/.test(name))
    throw new ServerPlaceError(`the ${what} ${JSON.stringify(name)} has white space in it`);
  return name;
}
