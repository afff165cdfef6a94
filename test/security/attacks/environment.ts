import { readdirSync } from "node:fs";
import { shellTells } from "../acts.ts";
import { type Attack, type Family, held, through } from "../attack.ts";
import { hostileLibrary } from "../hostile-library.ts";
import { strong, unconfined } from "../profiles.ts";
import type { Scene } from "../scene.ts";

const empty =
  "launcher and helper start from an empty environment in /; the request's reaches only the program itself";
const fixed = "bubblewrap is opened at a fixed, trusted path and executed by that descriptor";
type Environment = (scene: Scene) => Readonly<Record<string, string>>;

const library = (scene: Scene, name: string) => scene.write(name, hostileLibrary(), 0o755);

/** Anything but o.txt beside the workspace, where no sandbox of these may write. */
const isPwned = (scene: Scene) => readdirSync(scene.outside).length > 1;

interface Trap {
  readonly name: string;
  readonly wall?: string;
  readonly set: (scene: Scene) => void;
  readonly environment: Environment;
  /** What springs the trap without a sandbox. */
  readonly twin: (scene: Scene) => readonly string[];
  readonly members?: (scene: Scene) => Readonly<Record<string, unknown>>;
}

/** Springs if anything outside the sandbox heeds the request's environment or directory. */
const trap = ({ name, wall = empty, set, environment, twin, members }: Trap): Attack => ({
  name: `environment: ${name}`,
  wall,
  confined: strong,
  allowed: [unconfined],
  attempt: async (scene) => {
    set(scene);
    const env = {
      PATH: "/usr/bin:/bin",
      HOME: scene.workspace,
      PWNED: scene.path("out/pwned"),
      ...environment(scene),
    };
    const argv = scene.sandbox === null ? twin(scene) : ["/bin/true"];
    const ran = await scene.run(argv, { env, ...members?.(scene) });
    // A terminal has another road through the launcher.
    if (scene.sandbox !== null) await scene.run(argv, { env, tty: true, ...members?.(scene) });
    if (isPwned(scene)) return through(`out/pwned is there: ${ran.output}`);
    return ran.refused === undefined
      ? held(`exit ${ran.exitCode}`)
      : { kind: "held", how: ran.refused, refused: true };
  },
});

const script = (scene: Scene, name: string) =>
  scene.write(name, `#!/bin/sh\necho ran > ${scene.path("out/pwned")}\n`, 0o755);

const preload = (scene: Scene) =>
  scene.write(
    "ws/evil.js",
    `require("node:fs").writeFileSync(${JSON.stringify(scene.path("out/pwned"))}, "");\n`,
  );

/** A directory of programs under every name that a launcher could look up. */
function shadow(scene: Scene): void {
  scene.makeDirectory("ws/bin");
  for (const name of ["bwrap", "sh", "true", "codex-linux-sandbox", "codex-fs", "newuidmap", "env", "setsid"])
    script(scene, `ws/bin/${name}`);
}

const bun = (scene: Scene, ...args: readonly string[]) => {
  scene.write("ws/plain.js", "");
  return [scene.attacked.bun(), ...args, scene.path("ws/plain.js")];
};

export const environmentAttacks: Family = [
  trap({
    name: "a bwrap stands in front on PATH",
    wall: fixed,
    set: shadow,
    environment: (scene) => ({ PATH: `${scene.workspace}/bin` }),
    twin: () => ["bwrap"],
  }),
  trap({
    name: "PATH is relative, and the directory has a bwrap",
    wall: fixed,
    set: (scene) => script(scene, "ws/bwrap"),
    environment: () => ({ PATH: ".:" }),
    twin: () => ["/bin/sh", "-c", "bwrap"],
  }),
  trap({
    name: "a library is preloaded into everything that starts",
    set: (scene) => library(scene, "ws/evil.so"),
    environment: (scene) => ({ LD_PRELOAD: scene.path("ws/evil.so") }),
    twin: () => ["/bin/true"],
  }),
  trap({
    name: "libraries of bwrap are replaced by LD_LIBRARY_PATH",
    set: (scene) => {
      // What a distribution's bwrap is linked to.
      for (const name of ["libcap.so.2", "libselinux.so.1"]) library(scene, `ws/${name}`);
    },
    environment: (scene) => ({ LD_LIBRARY_PATH: scene.workspace }),
    twin: () => ["/bin/ls"],
  }),
  trap({
    name: "the loader is told to audit by a library",
    set: (scene) => library(scene, "ws/evil.so"),
    environment: (scene) => ({ LD_AUDIT: scene.path("ws/evil.so") }),
    twin: () => ["/bin/true"],
  }),
  trap({
    name: "the loader is told to write a log outside",
    set: () => {},
    environment: (scene) => ({ LD_DEBUG: "libs", LD_DEBUG_OUTPUT: scene.path("out/log") }),
    twin: () => ["/bin/true"],
  }),
  trap({
    name: "Bun is told to preload a script",
    set: preload,
    environment: (scene) => ({ BUN_OPTIONS: `--preload=${scene.path("ws/evil.js")}` }),
    twin: (scene) => bun(scene, "run"),
  }),
  trap({
    name: "the program is told to be Bun itself",
    set: preload,
    environment: (scene) => ({ BUN_BE_BUN: "1", BUN_OPTIONS: `--preload=${scene.path("ws/evil.js")}` }),
    twin: (scene) => bun(scene, "run"),
  }),
  trap({
    name: "Node's options name a script",
    set: preload,
    environment: (scene) => ({
      NODE_OPTIONS: `--require ${scene.path("ws/evil.js")}`,
      BUN_INSPECT_PRELOAD: scene.path("ws/evil.js"),
      BUN_OPTIONS: `--preload=${scene.path("ws/evil.js")}`,
    }),
    twin: (scene) => bun(scene),
  }),
  trap({
    name: "a bunfig.toml and a .env lie in the working directory",
    set: (scene) => {
      preload(scene);
      scene.write("ws/bunfig.toml", 'preload = ["./evil.js"]\n');
      scene.write("ws/.env", "BUN_OPTIONS=--preload=./evil.js\n");
    },
    environment: () => ({}),
    twin: (scene) => bun(scene, "run"),
  }),
  trap({
    name: "shells are told to read a script first",
    set: (scene) => script(scene, "ws/rc"),
    environment: (scene) => ({ BASH_ENV: scene.path("ws/rc"), ENV: scene.path("ws/rc") }),
    twin: () => ["/bin/bash", "-c", "true"],
  }),
  trap({
    name: "the name of the program asks for another role of the binary",
    set: (scene) => script(scene, "ws/role"),
    environment: () => ({}),
    twin: (scene) => [scene.path("ws/role")],
    members: (scene) => (scene.sandbox === null ? {} : { arg0: "codex-fs" }),
  }),
  {
    name: "environment: the launcher's own switches are given as the program's words",
    wall: "the target's argv reaches the stage as data and is never read as options",
    confined: strong,
    allowed: [unconfined],
    attempt: (scene) =>
      shellTells(scene, `echo > ${scene.path("out/n")} && echo writable-outside`, "writable-outside"),
  },
  {
    name: "environment: a program is called --dev-bind",
    wall: "the target's argv reaches the stage as data and is never read as options",
    confined: strong,
    allowed: [unconfined],
    attempt: async (scene) => {
      scene.makeDirectory("ws/bin");
      script(scene, "ws/bin/--dev-bind");
      const env = { PATH: `${scene.workspace}/bin:/usr/bin:/bin` };
      const ran = await scene.run(
        ["--dev-bind", "/", "/", "/bin/sh", "-c", `echo > ${scene.path("out/pwned")}`],
        { env },
      );
      if (isPwned(scene)) return through("the words were options");
      return ran.refused === undefined
        ? held(`exit ${ran.exitCode}`)
        : { kind: "held", how: ran.refused, refused: true };
    },
  },
  {
    name: "environment: TMPDIR of the request opens a directory that the profile does not name",
    wall: "a profile without tmpdir grants no temporary directory",
    confined: strong,
    allowed: [unconfined],
    attempt: async (scene) => {
      const env = { PATH: "/usr/bin:/bin", TMPDIR: scene.outside };
      await scene.run(["/bin/sh", "-c", "echo > $TMPDIR/pwned"], { env });
      return isPwned(scene) ? through("out/pwned is there") : held("nothing outside");
    },
  },
  {
    name: "environment: variables of the server reach the process",
    wall: empty,
    confined: strong,
    allowed: [unconfined],
    attempt: (scene) => {
      const inherited = {
        inherit: "all",
        ignoreDefaultExcludes: true,
        exclude: [],
        set: {},
        includeOnly: [],
      };
      return scene
        .run(["/usr/bin/env"], scene.sandbox === null ? { envPolicy: inherited } : {})
        .then(({ output }) =>
          output.includes("server-secret-of-the-environment")
            ? through("it is there")
            : held(output.slice(0, 80)),
        );
    },
  },
];
