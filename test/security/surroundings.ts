import { chmodSync, cpSync, existsSync, lchownSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { ourServerCommand } from "../support/our-program.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";

/** Who the server is, and what it can build its walls from. */
export interface Surroundings {
  readonly name: string;
  readonly uid: number;
  readonly mechanism: "bubblewrap" | "landlock";
  /** The machine's own bubblewrap is hidden: the one beside the program serves. */
  readonly isBundled?: boolean;
  /** What is mounted for the server is mounted for nobody else; see {@link mountCommand}. */
  readonly hasOwnMounts?: boolean;
}

const plainUid = 12345;
const ownUid = process.getuid?.() ?? 0;

/** As root each user and mechanism; as somebody else only one's own account. */
export const allSurroundings: readonly Surroundings[] = (["bubblewrap", "landlock"] as const).flatMap(
  (mechanism) =>
    ownUid === 0
      ? [
          { name: `as root, ${mechanism}`, uid: 0, mechanism },
          { name: `as a plain user, ${mechanism}`, uid: plainUid, mechanism },
        ]
      : [{ name: `as a plain user, ${mechanism}`, uid: ownUid, mechanism }],
);
if (ownUid !== 0) console.warn("skipped: the attacks against a server of root; this is no root");

/** A server in its surroundings and a directory of its own that its user may write. */
export interface AttackedServer extends AsyncDisposable {
  readonly surroundings: Surroundings;
  readonly server: TestServer;
  readonly directory: string;
  /** The copied program, for attacks that run it. */
  readonly program: readonly string[];
  /** A Bun that its user can run: the one of these tests may lie in somebody's home. */
  bun(): string;
}

/** The program where any account can read it, with what lies beside it. */
function copyProgram(directory: string): readonly string[] {
  const [program = "", ...args] = ourServerCommand();
  if (args[0] !== "serve") return [program, ...args];
  const copy = join(directory, "bin/codex-env");
  mkdirSync(dirname(copy), { recursive: true });
  cpSync(program, copy);
  chmodSync(copy, 0o755);
  const resources = join(dirname(program), "codex-resources");
  if (existsSync(resources)) cpSync(resources, join(dirname(copy), "codex-resources"), { recursive: true });
  return [copy, ...args];
}

function commandIn(surroundings: Surroundings, program: readonly string[]): readonly string[] {
  const apart = surroundings.hasOwnMounts ? ["/usr/bin/unshare", "--mount", "--"] : [];
  return [...apart, ...commandAs(surroundings, program)];
}

/** A command that mounts, where a server with mounts of its own sees it. */
export function mountCommand({ server }: AttackedServer, ...words: readonly string[]): string[] {
  return ["/usr/bin/nsenter", `--mount=/proc/${server.pid}/ns/mnt`, ...words];
}

function commandAs(surroundings: Surroundings, program: readonly string[]): readonly string[] {
  const { uid, mechanism, isBundled = false } = surroundings;
  const hiding = isBundled && existsSync("/usr/bin/bwrap") ? hidingBubblewrap : [];
  if (mechanism === "landlock")
    return [
      "/usr/bin/python3",
      "-ISE",
      join(import.meta.dir, "without-namespaces.py"),
      String(uid),
      ...program,
    ];
  if (uid === ownUid) return program;
  const ids = ["--reuid", `${uid}`, "--regid", `${uid}`, "--clear-groups"];
  return [...hiding, "/usr/bin/setpriv", ...ids, "--", ...program];
}

/** Hides the system's bubblewrap from what follows, in a mount namespace of its own; for root only. */
const hidingBubblewrap = [
  "/usr/bin/unshare",
  "--mount",
  "/bin/sh",
  "-c",
  'mount --bind /dev/null /usr/bin/bwrap && exec "$@"',
  "sh",
];

/** The plain user with the bubblewrap that comes along: root is needed to hide the other one. */
export const bundledSurroundings: readonly Surroundings[] =
  ownUid === 0
    ? [
        {
          name: "as a plain user, bundled bubblewrap",
          uid: plainUid,
          mechanism: "bubblewrap",
          isBundled: true,
        },
      ]
    : [];

/** Starts the server of these surroundings; what it printed is in `server.stderr()`. */
export async function attackedServer(surroundings: Surroundings): Promise<AttackedServer> {
  // Not in /tmp, which profiles may open.
  const directory = mkdtempSync("/var/tmp/codex-env-security-");
  chmodSync(directory, 0o755);
  const program = copyProgram(directory);
  const own = (name: string) => {
    const path = join(directory, name);
    mkdirSync(path);
    give(path, surroundings.uid);
    return path;
  };
  own("scenes");
  const env = {
    HOME: own("home"),
    TMPDIR: own("tmp"),
    XDG_RUNTIME_DIR: own("run"),
    SERVER_SECRET: "server-secret-of-the-environment",
  };
  const server = await startTestServer({ command: commandIn(surroundings, program), env, cwd: "/" });
  return {
    surroundings,
    server,
    directory,
    program,
    bun: () => {
      const copy = join(directory, "bin/bun");
      if (!existsSync(copy)) cpSync(process.execPath, copy);
      return copy;
    },
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Makes a file the user's own. */
export function give(path: string, uid: number): void {
  if (uid !== ownUid) lchownSync(path, uid, uid);
}
