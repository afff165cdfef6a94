import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { installReference } from "../install-reference.ts";
import { type ServedEnvironment, serve } from "./both-servers.ts";
import { commandSteps } from "./command-steps.ts";
import { fileSteps } from "./file-steps.ts";
import { inputSteps } from "./input-steps.ts";
import { finish, Running, script } from "./running.ts";

beforeAll(installReference, 120_000);

/** What a server tells of what it adds. */
async function additions({ environment }: ServedEnvironment): Promise<readonly string[]> {
  const { capabilities } = await environment.info();
  return Object.entries(capabilities).flatMap(([name, there]) => (there ? [name] : []));
}

describe.each(["websocket", "program"] as const)("our client, by %s", (way) => {
  let published: ServedEnvironment;
  let ours: ServedEnvironment;
  beforeAll(async () => {
    [published, ours] = await Promise.all([serve("the published server", way), serve("our server", way)]);
  });
  afterAll(async () => {
    await Promise.all([published, ours].map((served) => served[Symbol.asyncDispose]()));
  });

  test("learns the shell, the directory and the platform of both servers, and what each adds", async () => {
    expect(published.environment.state).toEqual({ kind: "unused" });
    for (const { environment } of [published, ours]) {
      const infos = await Promise.all([environment.info(), environment.info(), environment.askInfo()]);
      for (const info of infos) {
        expect([info.shell.path[0], info.platformOs, info.userHomeDir]).toEqual([
          "/",
          "linux",
          "file:///nonexistent",
        ]);
        expect(info.cwd).toStartWith("file:///");
      }
      expect(environment.state).toEqual({ kind: "ready" });
    }
    expect(await additions(published)).toEqual([]);
    expect((await ours.environment.askInfo()).sandboxMechanism).toBeString();
    expect((await published.environment.askInfo()).sandboxMechanism).toBeUndefined();
  });

  test.each([...commandSteps, ...inputSteps, ...fileSteps].map((step) => [step.name, step] as const))(
    "on both servers: %s",
    async (_, { act, wants, without }) => {
      const [theirs, mine] = await Promise.all([
        act(published.environment, published.place()),
        act(ours.environment, ours.place()),
      ]);
      expect(mine).toEqual(wants);
      expect(theirs).toEqual(without === undefined ? wants : without.wants);
      if (without !== undefined) expect(await additions(ours)).toContain(without.addition);
    },
  );

  test("ends on both servers what it has left running, when it is closed", async () => {
    for (const served of [published, ours]) {
      const { environment } = served;
      const left = await Running.start(environment, script("echo up; sleep 299", served.place()));
      await left.says("up\n");
      await environment.close();
      expect((await left.outcome()).ending.join()).toMatch(/^exited 137,closed$|^lost: /);
      expect(environment.state).toEqual({ kind: "closed" });
      expect(finish(environment, script("true", "/"))).rejects.toThrow("it was closed");
    }
  });
});
