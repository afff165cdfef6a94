import { rmSync, writeFileSync } from "node:fs";
import { addTo, type Case } from "../case.ts";
import type { CaseContext } from "../case-context.ts";
import { ask, askOnce } from "./exchange.ts";
import { addTreeCase, makeTree } from "./fs-tree.ts";
import { walkOptions } from "./fs-walk.ts";

export const fsPathCases: Case[] = [];
const add = addTo(fsPathCases);

const paths: readonly (readonly [name: string, path: (t: CaseContext) => unknown])[] = [
  ["plain_absolute", (t) => t.path("a.txt")],
  ["relative", () => "a.txt"],
  ["empty", () => ""],
  ["null", () => null],
  ["number", () => 5],
  ["tilde", () => "~/x"],
  ["windows_path", () => "C:\\x"],
  ["unc", () => "\\\\host\\share"],
  ["http_scheme", () => "http://h/tmp/x"],
  ["data_scheme", () => "data:text/plain,x"],
  ["uppercase_scheme", (t) => `FILE://${t.path("a.txt")}`],
  ["file_colon", (t) => `file:${t.path("a.txt")}`],
  ["file_colon_no_slash", () => "file:etc/hostname"],
  ["file_only", () => "file:"],
  ["file_slashes_only", () => "file://"],
  ["root", () => "file:///"],
  ["localhost", (t) => `file://localhost${t.path("a.txt")}`],
  ["localhost_upper", (t) => `file://LOCALHOST${t.path("a.txt")}`],
  ["other_host", () => "file://otherhost/tmp/x"],
  ["ip_host", () => "file://127.0.0.1/tmp/x"],
  ["userinfo", () => "file://user@/etc/hostname"],
  ["query", (t) => t.uri("a.txt?q")],
  ["empty_query", (t) => t.uri("a.txt?")],
  ["fragment", (t) => t.uri("a.txt#f")],
  ["empty_fragment", (t) => t.uri("a.txt#")],
  ["encoded_letter", (t) => t.uri("%61.txt")],
  ["bad_percent", (t) => t.uri("%zz")],
  ["encoded_nul", (t) => t.uri("a%00b")],
  ["windows_drive_uri", () => "file:///C:/x"],
  ["backslash", (t) => t.uri("d\\x")],
  ["dot", (t) => t.uri("./a.txt")],
  ["dotdot", (t) => t.uri("d/../a.txt")],
  ["dotdot_through_symlink_is_lexical", (t) => t.uri("d/up/../x")],
  ["dotdot_above_root", () => "file:///../../etc/hostname"],
  ["double_slash", (t) => t.uri("/a.txt")],
  ["four_slashes", () => "file:////etc/hostname"],
  ["trailing_slash_on_file", (t) => t.uri("a.txt/")],
  ["leading_space", (t) => ` ${t.uri("a.txt")}`],
  ["tab_inside", (t) => t.uri("a.\ttxt")],
  ["space_unencoded", (t) => t.uri("sp ace")],
];
for (const [name, path] of paths) {
  addTreeCase(add, {
    name: `fs.path.${name}`,
    method: "fs/canonicalize",
    params: (t) => {
      writeFileSync(t.path("sp ace"), "");
      return { path: path(t) };
    },
  });
}

add("fs.path.output_encoding", async (t) => {
  const client = await t.client();
  const encoded: Record<string, unknown> = {};
  for (const character of " !\"#$%&'()*+,-.:;<=>?@[\\]^_`{|}~é☃\u007f\u0001") {
    const name = `n${character}m`;
    writeFileSync(t.path(name), "");
    const reply = await client.call("fs/canonicalize", { path: t.uri(encodeURIComponent(name)) });
    const code = (character.codePointAt(0) ?? 0).toString(16).padStart(4, "0");
    encoded[`U+${code}`] = reply.error ?? reply.result?.path.split("/").pop();
    rmSync(t.path(name));
  }
  return encoded;
});
add("fs.path.encoded_slash_is_separator", (t) => {
  makeTree(t);
  return askOnce(t, "fs/readFile", { path: t.uri("d%2Fx") });
});
add("fs.path.non_utf8_name", async (t) => {
  writeFileSync(Buffer.concat([Buffer.from(t.path("bad")), Buffer.from([0xff])]), "raw");
  const client = await t.client();
  return {
    read: await ask(client, "fs/readFile", { path: t.uri("bad%FF") }),
    canon: await ask(client, "fs/canonicalize", { path: t.uri("bad%FF") }),
    dir: await ask(client, "fs/readDirectory", { path: t.uri("") }),
    walk: await ask(client, "fs/walk", { path: t.uri(""), options: walkOptions() }),
  };
});
