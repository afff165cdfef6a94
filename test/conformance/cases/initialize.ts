import type { Params } from "../../support/wire-client.ts";
import { addTo, type Case } from "../case.ts";
import { answer, ask } from "./exchange.ts";
import { start } from "./process-run.ts";

export const initializeCases: Case[] = [];
const add = addTo(initializeCases);

const shallowWalk = { maxDepth: 0, maxDirectories: 1, maxEntries: 1, followDirectorySymlinks: false };

/** One request of every family, with params that pass. */
const methods: readonly (readonly [method: string, params: Params | undefined])[] = [
  ["environment/info", undefined],
  ["environment/status", undefined],
  ["environmentConfig/read", { cwd: "file:///tmp", configPaths: [["a"]], requirementsPaths: [] }],
  ["capabilities/discoverV2", { cwd: "file:///tmp" }],
  ["capabilityRoots/discoverV1", { roots: [] }],
  ["process/start", start("x", ["/bin/true"])],
  ["process/read", { processId: "x" }],
  ["process/write", { processId: "x", chunk: "", writeId: "w" }],
  ["process/signal", { processId: "x", signal: "interrupt" }],
  ["process/terminate", { processId: "x" }],
  ["fs/readFile", { path: "file:///etc/hostname" }],
  ["fs/open", { handleId: "h", path: "file:///etc/hostname" }],
  ["fs/close", { handleId: "h" }],
  ["fs/watchMissing", { watchId: 1, missing: [] }],
  ["fs/walk", { path: "file:///tmp", options: shallowWalk }],
  ["http/request", { method: "GET", url: "http://127.0.0.1:1/", requestId: "r" }],
];
for (const [method, params] of methods) {
  add(`init.before_initialize.${method}`, async (t) => ask(await t.client({ init: false }), method, params));
  add(`init.before_initialized.${method}`, async (t) => {
    const client = await t.client({ init: false });
    await client.request("initialize", { clientName: "x" });
    return ask(client, method, params);
  });
}

add("init.bad_params_checked_before_state", async (t) =>
  ask(await t.client({ init: false }), "process/terminate", {}),
);

const refused: readonly (readonly [name: string, params: Params | undefined])[] = [
  ["no_params", undefined],
  ["empty_params", {}],
  ["client_name_number", { clientName: 5 }],
  ["client_name_null", { clientName: null }],
  ["resume_unknown", { clientName: "x", resumeSessionId: "nope" }],
  ["resume_empty", { clientName: "x", resumeSessionId: "" }],
  ["resume_number", { clientName: "x", resumeSessionId: 5 }],
  ["resume_forged_uuid", { clientName: "x", resumeSessionId: "00000000-0000-4000-8000-000000000000" }],
];
for (const [name, params] of refused) {
  add(`init.error.${name}`, async (t) => {
    const client = await t.client({ init: false });
    const first = await ask(client, "initialize", params);
    const again = await client.call("initialize", { clientName: "x" });
    return { first, secondAttemptOk: !again.error };
  });
}

add("init.ok_shape", async (t) => {
  const client = await t.client({ init: false });
  const result = await client.request("initialize", { clientName: "x" });
  const uuid4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  return {
    keys: Object.keys(result),
    info: result.environmentInfo,
    sessionIdIsUuidV4: uuid4.test(result.sessionId),
  };
});

const accepted: readonly (readonly [name: string, params: Params])[] = [
  ["resume_null", { clientName: "x", resumeSessionId: null }],
  ["client_name_empty", { clientName: "" }],
  ["extra_fields", { clientName: "x", capabilities: {}, protocolVersion: 3 }],
  ["positional_array", ["x", null]],
];
for (const [name, params] of accepted) {
  add(`init.ok.${name}`, async (t) => {
    const client = await t.client({ init: false });
    const reply = await client.call("initialize", params);
    return reply.error ?? Object.keys(reply.result ?? {});
  });
}

add("init.twice", async (t) => ask(await t.client(), "initialize", { clientName: "x" }));
add("init.twice_before_initialized", async (t) => {
  const client = await t.client({ init: false });
  await client.request("initialize", { clientName: "x" });
  return ask(client, "initialize", { clientName: "x" });
});
add("init.pipelined_without_waiting", async (t) => {
  const client = await t.client({ init: false });
  client.sendJson({ id: 1, method: "initialize", params: { clientName: "x" } });
  client.sendJson({ method: "initialized" });
  client.sendJson({ id: 2, method: "environment/status" });
  await client.waitFor(() => client.inbound.length >= 2);
  return client.inbound.map((message) => [message.id, message.error ?? Object.keys(message.result ?? {})]);
});
add("init.distinct_sessions", async (t) => {
  const [a, b] = [await t.client(), await t.client()];
  return a.sessionId !== b.sessionId;
});
add("init.process_ids_are_per_session", async (t) => {
  const [a, b] = [await t.client(), await t.client()];
  const request = start("same", ["/bin/true"]);
  return [answer(await a.call("process/start", request)), answer(await b.call("process/start", request))];
});
add("init.other_session_cannot_read", async (t) => {
  const [a, b] = [await t.client(), await t.client()];
  await a.request("process/start", start("mine", ["/bin/true"]));
  return ask(b, "process/read", { processId: "mine" });
});
