import { isAlive, killNow } from "../../support/process-state.ts";
import { until } from "../../support/wait.ts";
import { fromBase64 } from "../../support/wire-client.ts";
import { addTo, type Case } from "../case.ts";
import type { CaseContext } from "../case-context.ts";
import { shell, start } from "./process-run.ts";
import { StdioLink } from "./stdio-link.ts";

export const stdioCases: Case[] = [];
const add = addTo(stdioCases);

const status = (id: number) => ({ id, method: "environment/status" });

/** What a server on stdio answers to these bytes after the handshake, then to a fence, then how it ends. */
async function exchange(t: CaseContext, bytes: string | Uint8Array, fenceMs = 3000): Promise<unknown> {
  const link = new StdioLink(t);
  link.initialize();
  await link.waitFor((message) => message.id === "init");
  link.write(bytes);
  link.send({ id: "fence", method: "environment/status" });
  const fence = await link.waitFor((message) => message.id === "fence", fenceMs);
  const end = await link.end();
  const replies = link.lines.filter((text) => !/"id":"(init|fence)"/.test(text));
  return { replies, fence: fence ? "answered" : "none", end };
}

for (const listen of ["stdio", "stdio://"]) {
  add(`stdio.handshake.${listen === "stdio" ? "plain" : "url"}`, async (t) => {
    const link = new StdioLink(t, listen);
    link.initialize();
    link.send(status(1));
    const reply = await link.waitFor((message) => message.id === 1);
    return { reply, end: await link.end(), lines: link.lines.length };
  });
}
const line = `${JSON.stringify(status(1))}\n`;
const texts: Readonly<Record<string, string>> = {
  two_lines: `${line}${JSON.stringify(status(2))}\n`,
  crlf: line.replace("\n", "\r\n"),
  blank_lines: `\n\r\n  \n${line}`,
  malformed: "{nope\n",
  json_null: "null\n",
  batch: `[${JSON.stringify(status(1))}]\n`,
  empty_object: "{}\n",
  id_null: '{"id":null,"method":"environment/status"}\n',
  unknown_method: '{"id":1,"method":"foo"}\n',
  id_i64_max: '{"id":9223372036854775807,"method":"nope"}\n',
  unicode: '{"id":"é☃","method":"environment/status"}\n',
};
for (const [name, text] of Object.entries(texts)) add(`stdio.line.${name}`, (t) => exchange(t, text));

const violations: Readonly<Record<string, string>> = {
  unknown_notification: '{"method":"foo"}\n',
  response: '{"id":1,"result":{}}\n',
};
for (const [name, text] of Object.entries(violations))
  add(`stdio.violation.${name}`, (t) => exchange(t, text, 800));

add("stdio.line.invalid_utf8", (t) => exchange(t, Buffer.from([0x7b, 0xff, 0xfe, 0x0a]), 800));
add("stdio.line.20MB", async (t) => {
  const link = new StdioLink(t);
  link.initialize();
  link.send({ ...status(1), pad: "x".repeat(20_000_000) });
  const reply = await link.waitFor((message) => message.id === 1, 15000);
  return { reply, end: await link.end() };
});
add("stdio.last_line_without_newline", async (t) => {
  const link = new StdioLink(t);
  link.initialize();
  await link.waitFor((message) => message.id === "init");
  link.write(JSON.stringify(status(1)));
  const end = await link.end();
  return { end };
});
add("stdio.end_before_initialize", async (t) => new StdioLink(t).end());
add("stdio.runs_a_process", async (t) => {
  const link = new StdioLink(t);
  link.initialize();
  link.send({ id: 2, method: "process/start", params: start("p", shell("echo hi; exit 3")) });
  await link.waitFor((message) => message.method === "process/closed");
  await link.waitFor((message) => message.method === "process/exited");
  const events = link.messages().filter((message) => message.method?.startsWith("process/"));
  const output = events.filter((event) => event.method === "process/output");
  const exit = events.find((event) => event.method === "process/exited");
  return {
    output: output.map((event) => fromBase64(event.params?.chunk ?? "").toString()).join(""),
    exitCode: exit?.params?.exitCode,
    end: await link.end(),
  };
});
add("stdio.eof_kills_processes", async (t) => {
  const link = new StdioLink(t);
  link.initialize();
  link.send({ id: 2, method: "process/start", params: start("p", shell("echo $$; exec sleep 40")) });
  const first = await link.waitFor((message) => message.method === "process/output");
  const pid = fromBase64(first?.params?.chunk ?? "")
    .toString()
    .trim();
  const end = await link.end();
  const killed = await until(() => !isAlive(pid), 2000);
  killNow(pid);
  return { end, killed };
});
