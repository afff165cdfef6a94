import { expect, test } from "bun:test";
import { ourServerCommand } from "../../support/our-program.ts";
import { WireClient } from "../../support/wire-client.ts";

interface Seen {
  readonly mechanism: unknown;
  readonly stderr: string;
}

/** Starts a server, asks it at once what holds sandboxes, and ends it after `until` has shown up in its log. */
async function serveAndAsk(before: readonly string[], until: string): Promise<Seen> {
  const child = Bun.spawn([...before, ...ourServerCommand()], { stdout: "pipe", stderr: "pipe" });
  const { value } = await child.stdout.getReader().read();
  const client = await WireClient.open(new TextDecoder().decode(value).trim());
  const { sandboxMechanism } = await client.request("environment/info");
  await client.close();
  let stderr = "";
  const decoder = new TextDecoder();
  for await (const bytes of child.stderr) {
    stderr += decoder.decode(bytes);
    if (stderr.includes(until)) child.kill();
  }
  return { mechanism: sandboxMechanism, stderr };
}

test("where bubblewrap works, environment/info says so and the log says nothing about it", async () => {
  const { mechanism, stderr } = await serveAndAsk([], "connection closed");
  expect(mechanism).toBe("bubblewrap");
  expect(stderr).not.toContain("sandbox");
});

test("where no namespaces can be made, environment/info and one line at the start say what is left", async () => {
  const forbid = 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"';
  const { mechanism, stderr } = await serveAndAsk(["unshare", "-Urm", "sh", "-c", forbid, "sh"], "doctor");
  expect(mechanism).not.toBe("bubblewrap");
  const said = stderr.split("\n").filter((line) => line.includes(" warn "));
  expect(said.length).toBe(1);
  expect(said[0]).toContain(
    mechanism === "landlock"
      ? "only Landlock can hold sandboxes: profiles that it cannot express will be refused"
      : "work that asks for a restricting sandbox will be refused",
  );
  expect(said[0]).toContain("user.max_user_namespaces is 0");
  expect(said[0]).toContain('cure="see codex-env doctor"');
});
