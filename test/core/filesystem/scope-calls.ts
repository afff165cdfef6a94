/** A program for tests: sends the requests that its argument lists, and prints what each came to, as JSON. */
import type { FsMethodName } from "../../../core/protocol/methods.ts";
import { ScopeFixture } from "./scope-fixture.ts";

// Sound: the tests are the only ones to start it.
const calls = JSON.parse(process.argv[2] ?? "[]") as [FsMethodName, Record<string, unknown>][];
await using fixture = new ScopeFixture();
const outcomes = [];
for (const [method, params] of calls) outcomes.push(await fixture.call(method, params));
console.log(JSON.stringify(outcomes));
