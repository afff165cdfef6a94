import { describe, expect, test } from "bun:test";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { homeFixture } from "./home-fixture.ts";

const fixture = homeFixture();
const { load, write } = fixture;

describe("codex-env.toml", () => {
  const entries = `[[environments]]\nid = "far"\nurl = "wss://far"\n[[environments]]\nid = "box"\nprogram = "ssh"\n`;

  test("says of an entry what the published client has no words for", () => {
    write(entries);
    write(
      `[environments.far]\ntoken_file = "secrets/far"\nca_file = "/etc/ca.pem"\nheaders = { X-Id = "sesame" }
       reconnect = { enabled = false, session_ttl_sec = 60 }
       [environments.box.ssh]\ndestination = "me@box"\njump = ["gate"]`,
      "codex-env.toml",
    );
    const { definitions, warnings } = load();
    expect(definitions[0]).toMatchObject({
      transport: {
        token: { kind: "file", path: join(fixture.home, "secrets/far") },
        authoritiesFile: "/etc/ca.pem",
        headers: [{ name: "X-Id" }],
      },
      reconnect: { enabled: false, sessionTtlSeconds: 60 },
    });
    expect(definitions[1]?.origin).toEqual({ kind: "ssh", destination: "me@box", jump: ["gate"] });
    expect(warnings).toEqual([]);
    expect(Bun.inspect(definitions, { depth: 9 })).not.toContain("sesame");
  });

  test("without environments.toml counts for nothing", () => {
    write("nonsense", "codex-env.toml");
    expect(load({ CODEX_EXEC_SERVER_URL: "ws://h" }).defaultId).toBe("remote");
  });

  test("about an unknown id is warned of, with the one that was meant", () => {
    write(entries);
    write("[environments.fat]\n", "codex-env.toml");
    expect(load().warnings).toEqual([
      "codex-env.toml speaks of `fat`, which environments.toml does not have, did you mean `far`?",
    ]);
  });

  test.each([
    ["[environments.far]\ntoken_fil = 1\n", "did you mean `token_file`?"],
    ["[environments.far]\ntoken_file = 1\n", "line 2, column 1 of codex-env.toml"],
    ["[environments.box]\ntoken_file = 'x'\n", "environment `box` token_file requires url"],
    ["[environments.far.ssh]\n", "environment `far` ssh requires program"],
    [
      "[environments.far]\nheaders = { Host = 'x' }\n",
      "cannot set the header `Host` itself (line 2, column 13",
    ],
    ["[environments.far]\nheaders = { 'a b' = 'x' }\n", "has a header without a name"],
    [
      '[environments.far]\nheaders = { a = "x\\r\\ny" }\n',
      "invalid value for exec-server WebSocket header `a`",
    ],
    ["[environments.far.reconnect]\nsession_ttl_sec = 0\n", "from 1 to 86400"],
    ["[environments.far.reconnect]\nsession_ttl_sec = 86401\n", "from 1 to 86400"],
    ["[environments.box.container]\nengine = 'lxc'\n", "unknown engine `lxc`"],
    ["[environments.box.dial]\nurl = 'ws://h'\n", "a Unix socket is written unix:///absolute/path.sock"],
    ["[environments.box.dial]\nurl = 'unix:///s'\nprogram = 'x'\n", "and no dial.program"],
    ["[environments.far.dial]\nurl = 'unix:///s'\n", "dial.url needs an entry with program"],
  ])("%j is refused", (text, reason) => {
    write(entries);
    write(text, "codex-env.toml");
    expect(() => load()).toThrow(reason);
  });

  test("and its neighbour are warned of where others can read the secrets in them", () => {
    const token = 'auth_bearer_token = "sesame"\n';
    write(entries.replace('"wss://far"\n', `"wss://far"\n${token}`));
    write("[environments.far]\nheaders = { a = 'sesame' }\n", "codex-env.toml");
    for (const name of ["environments.toml", "codex-env.toml"]) chmodSync(join(fixture.home, name), 0o644);
    expect(load().warnings).toEqual([
      `${fixture.home}/environments.toml holds a secret and can be read by others: chmod 600 it`,
      `${fixture.home}/codex-env.toml holds a secret and can be read by others: chmod 600 it`,
    ]);
    for (const name of ["environments.toml", "codex-env.toml"]) chmodSync(join(fixture.home, name), 0o600);
    expect(load().warnings).toEqual([]);
  });

  test("lets no secret travel in clear text to another machine", () => {
    write('[[environments]]\nid = "far"\nurl = "ws://far"\n');
    write("[environments.far]\ntoken_file = 'x'\n", "codex-env.toml");
    expect(() => load()).toThrow("require wss:// or a loopback destination");
    write("[environments.far]\nheaders = { a = 'x' }\n", "codex-env.toml");
    expect(() => load()).toThrow("require wss:// or a loopback destination");
  });
});
