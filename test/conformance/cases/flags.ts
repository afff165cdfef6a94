import { writeFileSync } from "node:fs";
import { addTo, type Case } from "../case.ts";
import type { CaseContext } from "../case-context.ts";
import { type LaunchOptions, runToEnd } from "../launch.ts";

export const flagCases: Case[] = [];
const add = addTo(flagCases);

/** How a start ends: the exit code, the first line on stderr where it failed, and stdout, which holds the URL alone. */
async function startUp(t: CaseContext, options: LaunchOptions): Promise<unknown> {
  const { exitCode, stdout, stderr } = await runToEnd(t.side, options);
  return { exitCode, firstLine: exitCode === 0 ? "" : stderr.split("\n")[0], stdout };
}

const listens: Readonly<Record<string, string>> = {
  ipv4: "ws://127.0.0.1:0",
  ipv6: "ws://[::1]:0",
  localhost_name: "ws://localhost:0",
  no_port: "ws://127.0.0.1",
  path_after_port: "ws://127.0.0.1:0/x",
  slash_after_port: "ws://127.0.0.1:0/",
  query_after_port: "ws://127.0.0.1:0?x",
  port_too_large: "ws://127.0.0.1:65536",
  port_not_a_number: "ws://127.0.0.1:abc",
  other_scheme: "http://127.0.0.1:0",
  upper_case_scheme: "WS://127.0.0.1:0",
  junk: "junk",
  empty: "",
  foreign_address: "ws://203.0.113.1:0",
};
for (const [name, listen] of Object.entries(listens))
  add(`flags.listen.${name}`, (t) => startUp(t, { listen }));

add("flags.listen.port_taken", (t) => startUp(t, { listen: t.url }));
add("flags.listen.any_address_without_auth", (t) => startUp(t, { listen: "ws://0.0.0.0:0" }));

const flagLists: Readonly<Record<string, readonly string[]>> = {
  concurrent_1: ["--concurrent-requests", "1"],
  concurrent_16: ["--concurrent-requests", "16"],
  concurrent_0: ["--concurrent-requests", "0"],
  concurrent_negative: ["--concurrent-requests=-1"],
  concurrent_junk: ["--concurrent-requests", "x"],
  unknown_flag: ["--no-such-flag"],
  stray_argument: ["stray"],
  auth_unknown: ["--ws-auth", "zzz"],
  capability_without_token: ["--ws-auth", "capability-token"],
  capability_with_both: [
    "--ws-auth",
    "capability-token",
    "--ws-token-file",
    "/x",
    "--ws-token-sha256",
    "0".repeat(64),
  ],
  capability_short_digest: ["--ws-auth", "capability-token", "--ws-token-sha256", "abc"],
  capability_digest_not_hex: ["--ws-auth", "capability-token", "--ws-token-sha256", "z".repeat(64)],
  capability_file_missing: ["--ws-auth", "capability-token", "--ws-token-file", "/no/such/file"],
  capability_with_secret: ["--ws-auth", "capability-token", "--ws-shared-secret-file", "/x"],
  capability_with_issuer: [
    "--ws-auth",
    "capability-token",
    "--ws-token-sha256",
    "0".repeat(64),
    "--ws-issuer",
    "x",
  ],
  signed_without_secret: ["--ws-auth", "signed-bearer-token"],
  signed_file_missing: ["--ws-auth", "signed-bearer-token", "--ws-shared-secret-file", "/no/such/file"],
  signed_with_token: ["--ws-auth", "signed-bearer-token", "--ws-token-file", "/x"],
  signed_skew_negative: ["--ws-auth", "signed-bearer-token", "--ws-max-clock-skew-seconds=-1"],
  token_file_without_auth: ["--ws-token-file", "/x"],
  issuer_without_auth: ["--ws-issuer", "x"],
  skew_without_auth: ["--ws-max-clock-skew-seconds", "5"],
};
for (const [name, flags] of Object.entries(flagLists)) add(`flags.${name}`, (t) => startUp(t, { flags }));

add("flags.capability_file_empty", (t) => {
  writeFileSync(t.path("empty"), " \n");
  return startUp(t, { flags: ["--ws-auth", "capability-token", "--ws-token-file", t.path("empty")] });
});
add("flags.signed_secret_short", (t) => {
  writeFileSync(t.path("short"), `${"x".repeat(31)}\n`);
  return startUp(t, {
    flags: ["--ws-auth", "signed-bearer-token", "--ws-shared-secret-file", t.path("short")],
  });
});
add("flags.auth_on_stdio", (t) =>
  startUp(t, {
    listen: "stdio",
    flags: ["--ws-auth", "capability-token", "--ws-token-sha256", "0".repeat(64)],
  }),
);

for (const name of ["SIGTERM", "SIGINT"] as const) {
  add(`flags.${name}_exit_code`, async (t) => {
    const server = await t.launch({});
    const client = await t.clientOf(server.url);
    server.signal(name);
    const exitCode = await server.exited;
    await client.waitClosed();
    return {
      exitCode,
      stdoutIsTheUrlAlone: server.stdout() === `${server.url}\n`,
    };
  });
}
