import { writeFileSync } from "node:fs";
import { sleep } from "../../support/wait.ts";
import { addTo, type Case } from "../case.ts";
import { ask, askOnce } from "./exchange.ts";

export const fsWatchCases: Case[] = [];
const add = addTo(fsWatchCases);

const watchMissing = "fs/watchMissing";
const badParams: readonly Readonly<Record<string, unknown>>[] = [
  { watchId: "w" },
  { watchId: 1 },
  { watchId: -1, missing: [] },
  { watchId: 1, missing: {} },
  { watchId: 1, missing: [5] },
  { watchId: 1, missing: ["/tmp/x"] },
  { watchId: 1, missing: [] },
];
add("fs.watchMissing.params", async (t) => {
  const client = await t.client();
  const answers: unknown[] = [];
  for (const params of badParams) answers.push([watchMissing, await ask(client, watchMissing, params)]);
  return answers;
});
add("fs.watchMissing.fires_once", async (t) => {
  const client = await t.client();
  const r = await ask(client, watchMissing, { watchId: 5, missing: [t.uri("n1"), t.uri("n2")] });
  writeFileSync(t.path("n1"), "");
  await client.waitFor(() => client.notifications.length > 0, 3000).catch(() => {});
  writeFileSync(t.path("n2"), "");
  await sleep(400);
  return { r, notifications: client.notifications.map((event) => [event.method, event.params]) };
});
add("fs.watchMissing.existing_path", (t) => {
  writeFileSync(t.path("e"), "");
  return askOnce(t, watchMissing, { watchId: 1, missing: [t.uri("e")] });
});
add("fs.watchMissing.ids_must_grow_and_latest_wins", async (t) => {
  const client = await t.client();
  const r: unknown[] = [];
  for (const [watchId, name] of [
    [5, "a"],
    [6, "b"],
    [4, "c"],
    [6, "d"],
  ] as const) {
    r.push((await client.call(watchMissing, { watchId, missing: [t.uri(name)] })).result);
  }
  for (const name of "abcd") writeFileSync(t.path(name), "");
  await client.waitFor(() => client.notifications.length > 0, 3000).catch(() => {});
  await sleep(400);
  return { r, notifications: client.notifications.map((event) => event.params) };
});
add("fs.watchMissing.64_paths_max", async (t) => {
  const client = await t.client();
  const paths = (count: number) => Array.from({ length: count }, (_, i) => t.uri(`m${i}`));
  const at64 = await client.call(watchMissing, { watchId: 1, missing: paths(64) });
  const at65 = await client.call(watchMissing, { watchId: 2, missing: paths(65) });
  return [at64.result, at65.result];
});
