import { afterAll, beforeAll, expect, test } from "bun:test";
import { renameSync, statSync } from "node:fs";
import { WireClient } from "../support/wire-client.ts";
import { reads } from "./acts.ts";
import { denyFile, denyGlob } from "./profiles.ts";
import { Scene } from "./scene.ts";
import { type AttackedServer, allSurroundings, attackedServer } from "./surroundings.ts";

const [surroundings] = allSurroundings; // The first one has namespaces.
let attacked: AttackedServer;
let client: WireClient;

beforeAll(async () => {
  if (!surroundings) throw new Error("there are no surroundings");
  attacked = await attackedServer(surroundings);
  client = await WireClient.open(attacked.server.url);
});
afterAll(async () => {
  client.vanish();
  await attacked[Symbol.asyncDispose]();
});

test("a file that comes to match a deny pattern while a command runs is readable to it, and to nobody after it", async () => {
  const scene = new Scene(attacked, client);
  scene.sandbox = denyGlob(scene);
  const running = await scene.background(
    ["/bin/sh", "-c", "echo up; read go; cat late.env; read again; cat late.env"],
    { sandbox: scene.sandbox, pipeStdin: true },
  );
  await running.says(/up/);
  scene.write("ws/late.env", scene.secrets.env);
  await running.write("\n");
  await running.says(new RegExp(scene.secrets.env));
  // What comes later is held: a request, and another command.
  expect(await reads(scene, "ws/late.env", scene.secrets.env)).toMatchObject({ kind: "held" });
  const next = await scene.run(["/bin/cat", "late.env"]);
  expect([next.output.includes(scene.secrets.env), next.exitCode]).toEqual([false, 1]);
  await scene.end();
});

test("a command leaves a program that carries its account's rights, which are root's where the server is", async () => {
  const scene = new Scene(attacked, client);
  scene.sandbox = denyGlob(scene);
  await scene.run(["/bin/sh", "-c", "echo > as-owner; chmod 4755 as-owner"]);
  const { mode, uid } = statSync(scene.path("ws/as-owner"));
  expect([mode & 0o4000, uid]).toEqual([0o4000, scene.uid]);
  await scene.end();
});

test("a denied file that is replaced from outside while a command runs is readable to it, and to nobody after it", async () => {
  const scene = new Scene(attacked, client);
  scene.sandbox = denyFile(scene);
  const running = await scene.background(
    [
      "/bin/sh",
      "-c",
      "echo up; read go; cat priv/p.txt; echo before; read go; cat priv/p.txt; echo after; read again",
    ],
    { sandbox: scene.sandbox, pipeStdin: true },
  );
  await running.says(/up/);
  await running.write("\n");
  await running.says(/before/);
  expect(running.output).not.toContain(scene.secrets.denied);
  scene.write("ws/priv/new", scene.secrets.denied);
  renameSync(scene.path("ws/priv/new"), scene.path("ws/priv/p.txt"));
  await running.write("\n");
  await running.says(/after/);
  expect(running.output).toContain(scene.secrets.denied);
  // What comes later is held: a request, and another command.
  expect(await reads(scene, "ws/priv/p.txt", scene.secrets.denied)).toMatchObject({ kind: "held" });
  const next = await scene.run(["/bin/cat", "priv/p.txt"]);
  expect([next.output.includes(scene.secrets.denied), next.exitCode]).toEqual([false, 1]);
  await scene.end();
});

test("a command that makes a file of a denied name reads what it wrote itself", async () => {
  const scene = new Scene(attacked, client);
  scene.sandbox = denyGlob(scene);
  const ran = await scene.run(["/bin/sh", "-c", "echo mine > own.env; cat own.env"]);
  expect(ran.output).toBe("mine\n");
  expect(await reads(scene, "ws/own.env", "mine")).toMatchObject({ kind: "held" });
  await scene.end();
});
