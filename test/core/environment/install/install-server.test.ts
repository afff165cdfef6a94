import { describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { version } from "../../../../cli/version.ts";
import { type InstallOptions, installServer } from "../../../../core/environment/install/install-server.ts";
import { builtBinary } from "../../../support/built-binary.ts";
import { nearTarget } from "./near-target.ts";

function options(events: string[] = []): InstallOptions {
  return {
    own: builtBinary,
    version,
    progress: { begin: (name) => events.push(name), advance() {}, done: () => events.push("done") },
  };
}

const system = ["sh", "env", "uname", "cat", "wc", "mkdir", "mv", "rm", "chmod", "find", "sha256sum"];

/** A codex-env on the PATH there, of this version. */
function placeOnPath(home: string, says: string): void {
  writeFileSync(join(home, "codex-env"), `#!/bin/sh\necho ${says}\n`);
  chmodSync(join(home, "codex-env"), 0o755);
}

describe("codex-env on a target", () => {
  test("is put into a directory of its version and content, with bubblewrap beside it, once", async () => {
    using target = nearTarget({ programs: system });
    const events: string[] = [];
    const installed = await installServer(target.shell, options(events));
    expect(installed).toMatchObject({ how: "placed", facts: { noise: false } });
    const { binary } = installed;
    expect(dirname(binary)).toMatch(
      new RegExp(`^${target.home}/.local/share/codex-env/${version}-[0-9a-f]{12}$`),
    );
    expect(await Bun.$`${binary} --version`.text()).toBe(`${version}\n`);
    expect(await Bun.$`${join(dirname(binary), "codex-resources/bwrap")} --version`.text()).toContain(
      "bubblewrap",
    );
    expect(events).toEqual(["codex-env", "done"]);
    expect(await installServer(target.shell, options())).toMatchObject({ how: "present", binary });
  }, 60_000);

  test("takes the place of what nobody has started for long, when it is put there", async () => {
    using target = nearTarget({ programs: [...system, "ls", "grep"] });
    const versions = join(target.home, ".local/share/codex-env");
    const names = ["0.0.1-0123456789ab", "0.0.2-0123456789ab", "0.0.3-0123456789ab"];
    for (const [index, name] of names.entries()) {
      mkdirSync(join(versions, name), { recursive: true });
      const longAgo = new Date(Date.now() - (100 - index) * 86_400_000);
      utimesSync(join(versions, name), longAgo, longAgo);
    }
    const { binary, removed } = await installServer(target.shell, options());
    expect([...removed].sort()).toEqual(names.slice(0, 2));
    const left = [basename(dirname(binary)), names[2] ?? ""];
    expect(readdirSync(versions).sort()).toEqual(left.sort());
    expect(await installServer(target.shell, options())).toMatchObject({ how: "present", removed: [] });
  }, 60_000);

  test("is taken from the PATH where it is as new", async () => {
    using target = nearTarget({ programs: system });
    placeOnPath(target.home, version);
    expect(await installServer(target.shell, options())).toMatchObject({ how: "found", binary: "codex-env" });
  });

  test("says that it needs another build where ours is not for it", async () => {
    using target = nearTarget({ programs: system.filter((name) => name !== "uname") });
    const uname = "#!/bin/sh\ncase $1 in -s) echo Linux;; *) echo aarch64;; esac\n";
    writeFileSync(join(target.home, "uname"), uname);
    chmodSync(join(target.home, "uname"), 0o755);
    await expect(installServer(target.shell, { ...options(), own: "/bin/sh" })).rejects.toThrow(
      /\/codex-env-linux-arm64(-musl)? is needed and not there: build it with scripts\/build --all/,
    );
  });

  test("is not put where the account has no home, or one with control characters in its name", async () => {
    for (const directory of ["relative", "/tmp/\u001b[2J"]) {
      using target = nearTarget({ between: `shift 3; exec env -i "HOME=${directory}" PATH="$PATH" "$@"` });
      await expect(installServer(target.shell, options())).rejects.toThrow(
        /no home directory to put codex-env into/,
      );
    }
  });

  test("refuses a file that is no program for the target", async () => {
    using target = nearTarget({ programs: system });
    await expect(installServer(target.shell, { ...options(), given: import.meta.path })).rejects.toThrow(
      /install-server\.test\.ts is no program for Linux, and linux-/,
    );
  });

  test("that is there and does not run is told, with what it says", async () => {
    using target = nearTarget({ programs: system });
    // A program for this machine, and no codex-env.
    await expect(installServer(target.shell, { ...options(), given: "/bin/true" })).rejects.toThrow(
      /codex-env is there and does not run/,
    );
  });
});
