import { existsSync } from "node:fs";
import type { Environment } from "../../../core/environment/environment.ts";
import { EffectUnknownError } from "../../../core/rpc/remote-calls.ts";
import { type ClientStep, exited } from "./client-step.ts";
import { finish, type Outcome, Running, script } from "./running.ts";

type Deed = Omit<ClientStep, "name">;

const counting = (pause: number) => `for i in $(seq 1 20); do echo n$i; sleep ${pause}; done; exit 6`;
const counted = Array.from({ length: 20 }, (_, index) => `n${index + 1}\n`).join("");
const whole: Outcome = { output: { stdout: counted }, ending: exited(6) };
const alive: Outcome = { output: { stdout: "still-alive\n" }, ending: exited(0) };

const works = (environment: Environment, place: string) =>
  finish(environment, script("echo still-alive", place));

/** A command that prints all the while, and another one after it. */
const count = (pause = 0.05): Deed => ({
  act: async (environment, place) => [
    await finish(environment, script(counting(pause), place)),
    await works(environment, place),
  ],
  wants: [whole, alive],
});

/** A command whose session is over before it is: its end is said not to be known, and the next one works. */
const lost = (why: string): Deed => ({
  act: async (environment, place) => {
    const { output, ending } = await finish(environment, script(counting(0.05), place));
    return [counted.startsWith(output["stdout"] ?? "-"), ending, await works(environment, place)];
  },
  wants: [true, [`lost: ${why}`], alive],
});

/** A command that leaves a mark each time that it is started. */
const startOnce: Deed = {
  act: async (environment, place) => [
    await finish(environment, script("echo mark >>marks; echo hello", place)),
    await finish(environment, script("cat marks", place)),
  ],
  wants: [
    { output: { stdout: "hello\n" }, ending: exited(0) },
    { output: { stdout: "mark\n" }, ending: exited(0) },
  ],
};

const typing: Deed = {
  act: async (environment, place) => {
    const stdio = { kind: "pty", rows: 24, columns: 80 } as const;
    const spec = script("stty -echo; echo ready; read l; echo got:$l; read m; echo bye:$m", place, { stdio });
    const running = await Running.start(environment, spec);
    await running.says("ready\r\n");
    await running.type("ping\n");
    await running.says("got:ping\r\n");
    await running.type("pong\n");
    return [await running.outcome(), await works(environment, place)];
  },
  wants: [{ output: { pty: "ready\r\ngot:ping\r\nbye:pong\r\n" }, ending: exited(0) }, alive],
};

const fileWrite: Deed = {
  act: async ({ files }, place) => {
    const text = new TextEncoder().encode("x\n");
    const first = await (async () => await files.writeFile(`${place}/x.txt`, text))().catch(
      (error: unknown) => error,
    );
    const there = existsSync(`${place}/x.txt`);
    await files.writeFile(`${place}/x.txt`, text);
    const read = new TextDecoder().decode(await files.readFile(`${place}/x.txt`));
    return [first instanceof EffectUnknownError, there, read];
  },
  // It is said that nobody knows, and it is not done again behind anybody's back.
  wants: [true, false, "x\n"],
};

const terminated: Deed = {
  act: async (environment, place) => {
    const running = await Running.start(environment, script("echo up; exec sleep 60", place));
    await running.says("up\n");
    await running.process.terminate();
    return [await running.outcome(), await works(environment, place)];
  },
  wants: [{ output: { stdout: "up\n" }, ending: exited(137) }, alive],
};

/** What our client does while the link breaks in each of the ways that the published client is put through. */
export const cutDeeds: Readonly<Record<string, Deed>> = {
  "cut in mid-command": count(),
  "cut twice in mid-command": count(),
  "cut before an output message": count(),
  "outage of 5 s": count(0.4),
  "outage through the exit": count(0.1),
  "start lost before the server saw it": startOnce,
  "start done, its reply lost": startOnce,
  "write lost before the server saw it": typing,
  "write done, its reply lost": typing,
  "file write lost": fileWrite,
  "cut between commands": terminated,
  "session still attached for three attempts": count(),
  "resume refused": lost("the session has expired on the server, and its processes with it"),
  "catch-up read refused": lost("the server has forgotten it: unknown process id"),
};
