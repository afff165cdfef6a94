/** `bun test/conformance/install.ts`: installs the published codex beside the tests, when they want it. */
const install = Bun.spawnSync([process.execPath, "install", "--frozen-lockfile"], {
  cwd: import.meta.dir,
  stdout: "inherit",
  stderr: "inherit",
});
process.exit(install.exitCode);
