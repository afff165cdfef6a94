import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EnvironmentTransport } from "../../../core/environment/definition.ts";
import type { Environment } from "../../../core/environment/environment.ts";
import { Secret } from "../../../core/host/secret.ts";
import { atUrl, define, manage } from "../../core/environment/definitions.ts";
import { ourServerCommand } from "../../support/our-program.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import { executorEnvironment } from "../client/harness.ts";
import { referenceCommand } from "../side.ts";

export type ServerName = "the published server" | "our server";

/** One server, and our client's environment on it. */
export interface ServedEnvironment extends AsyncDisposable {
  readonly name: ServerName;
  readonly environment: Environment;
  /** A directory that no other step has. */
  place(): string;
}

const commands: Readonly<Record<ServerName, () => readonly string[]>> = {
  "the published server": referenceCommand,
  "our server": ourServerCommand,
};

/** A server that listens on a websocket, with a home of its own. */
export function listening(name: ServerName, home: string): Promise<TestServer> {
  return startTestServer({ command: commands[name](), env: variables(home), cwd: home });
}

/** Environments on one server: by its URL, which `through` may replace by that of a proxy, or by its program. */
export async function serve(
  name: ServerName,
  way: "websocket" | "program",
  through: (url: string) => Promise<string> = async (url) => url,
): Promise<ServedEnvironment> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "codex-env-our-client-")));
  const server = way === "websocket" ? await listening(name, home) : undefined;
  const transport = server === undefined ? byProgram(name, home) : atUrl(await through(server.url));
  const manager = manage([define("box", transport)]);
  let places = 0;
  return {
    name,
    environment: manager.default,
    place() {
      const place = join(home, `place-${places++}`);
      mkdirSync(place);
      return place;
    },
    async [Symbol.asyncDispose]() {
      await manager.close();
      await server?.[Symbol.asyncDispose]();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** A server on the stdio of its program, which says its pid first. */
export function byProgram(name: ServerName, home: string): EnvironmentTransport {
  const env = Object.entries(variables(home)).map(([key, value]) => [key, new Secret(value)] as const);
  const script = 'echo "pid $$" >&2; exec "$@"';
  const argv = ["/bin/sh", "-c", script, "sh", ...commands[name](), "--listen", "stdio"] as const;
  return { kind: "command", argv, env: new Map(env), cwd: home };
}

/** Both read no profile and keep what they write to themselves. */
function variables(home: string): Readonly<Record<string, string>> {
  return { ...executorEnvironment, CODEX_HOME: home };
}
