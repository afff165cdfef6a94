import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where a run keeps everything it makes; removed at its end. */
export interface RunDirectories {
  readonly root: string;
  /** The servers' working directory. */
  readonly cwd: string;
  readonly temporary: string;
  readonly codexHome: string;
}

export function makeRunDirectories(root: string): RunDirectories {
  const directories = {
    root,
    cwd: join(root, "cwd"),
    temporary: join(root, "tmp"),
    codexHome: join(root, "codex-home"),
  };
  for (const path of Object.values(directories)) mkdirSync(path, { recursive: true });
  return directories;
}

/** The whole environment of both servers: names that an environment policy keeps, drops and matches by pattern. */
export function serverEnvironment(directories: RunDirectories): Record<string, string> {
  return {
    CODEX_HOME: directories.codexHome,
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    HOME: homedir(),
    USER: "root",
    LOGNAME: "root",
    SHELL: "/bin/bash",
    LANG: "C.UTF-8",
    LC_ALL: "C.UTF-8",
    LC_CTYPE: "C.UTF-8",
    TERM: "xterm-256color",
    COLORTERM: "truecolor",
    TMPDIR: directories.temporary,
    TMP: "/tmp/t1",
    TEMP: "/tmp/t2",
    TZ: "UTC",
    FOO: "foo",
    BAR: "bar",
    MY_KEY: "k1",
    mykey_lower: "k2",
    MONKEY: "banana",
    GITHUB_TOKEN: "t1",
    DB_SECRET: "s1",
    PASSWORD: "p",
    OPENAI_API_KEY: "o",
    AWS_ACCESS_KEY_ID: "a",
    CODEX_FOO: "1",
    CODEX_THREAD_ID: "zz",
    NODE_REPL_AUTH_TOKEN: "n",
    OPENAI_FEDERATION_RULE_ID: "f",
    EDITOR: "vi",
    USERNAME: "u",
    "WEIRD NAME": "1",
  };
}
