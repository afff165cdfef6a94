import type { Environment } from "../../../core/environment/environment.ts";
import { type ClientStep, exited } from "./client-step.ts";
import { finish, refusal, script } from "./running.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

async function content({ files }: Environment, path: string): Promise<string> {
  return new TextDecoder().decode(await files.readFile(path));
}

/** More than one answer may hold at a time: it has to go in blocks. */
const large = new Uint8Array(3_000_000).map((_, index) => (index * 31 + (index >> 11)) & 255);

/** What the published client's tools do with files, by our client. */
export const fileSteps: readonly ClientStep[] = [
  {
    name: "a file is added in a new directory, changed, copied and removed, and a command sees it",
    act: async (environment, place) => {
      const { files } = environment;
      await files.createDirectory(`${place}/new/deep`);
      await files.writeFile(`${place}/new/deep/one.txt`, bytes("alpha\nbeta\n"));
      await files.writeFile(`${place}/new/deep/one.txt`, bytes("alpha\ngamma\n"));
      await files.copy(`${place}/new/deep/one.txt`, `${place}/two.txt`, { recursive: false });
      await files.copy(`${place}/new`, `${place}/again`, { recursive: true });
      await files.remove(`${place}/new`, { recursive: true });
      const looks = "cat two.txt again/deep/one.txt; test -e new || echo removed";
      return await finish(environment, script(looks, place));
    },
    wants: { output: { stdout: "alpha\ngamma\nalpha\ngamma\nremoved\n" }, ending: exited(0) },
  },
  {
    name: "what a command made is read, listed, walked and resolved",
    act: async (environment, place) => {
      const { files } = environment;
      await finish(
        environment,
        script("mkdir -p made/sub; echo hi >made/sub/file; ln -s sub made/link", place),
      );
      const walked = await files.walk(`${place}/made`, {
        maxDepth: 8,
        maxDirectories: 100,
        maxEntries: 100,
        followDirectorySymlinks: false,
        pruneHiddenDirectories: false,
      });
      const listed = [...(await files.readDirectory(`${place}/made`))].map((entry) => ({ ...entry }));
      const { isFile, isDirectory, isSymlink, size } = await files.getMetadata(`${place}/made/sub/file`);
      return {
        content: await content(environment, `${place}/made/link/file`),
        listed: listed.sort((one, other) => one.fileName.localeCompare(other.fileName)),
        walked: walked.entries.map(({ path, kind }) => `${kind} ${String(path).replace(place, "")}`).sort(),
        metadata: { isFile, isDirectory, isSymlink, size },
        real: String(await files.canonicalize(`${place}/made/link/file`)).replace(place, ""),
      };
    },
    wants: {
      content: "hi\n",
      listed: [
        { fileName: "link", isDirectory: true, isFile: false },
        { fileName: "sub", isDirectory: true, isFile: false },
      ],
      walked: ["directory /made/sub", "file /made/sub/file"],
      metadata: { isFile: true, isDirectory: false, isSymlink: false, size: 3 },
      real: "/made/sub/file",
    },
  },
  {
    name: "a file of 3 MB is written and read in blocks",
    act: async ({ files }, place) => {
      const block = 1_000_000;
      const written = await files.open(`${place}/large`, "replace");
      for (let at = 0; at < large.length; at += block)
        await written.write(at, large.subarray(at, at + block));
      await written.close();
      const read = await files.open(`${place}/large`, "read");
      const pieces: Uint8Array[] = [];
      for (let at = 0; ; at += block) {
        const piece = await read.read(at, block);
        if (piece.length === 0) break;
        pieces.push(piece);
      }
      await read.close();
      return Buffer.concat(pieces).equals(large);
    },
    wants: true,
  },
  {
    name: "a file of 3 MB is written and read at once",
    act: async ({ files }, place) => {
      await files.writeFile(`${place}/at-once`, large);
      return Buffer.from(await files.readFile(`${place}/at-once`)).equals(large);
    },
    wants: true,
  },
  {
    name: "a missing file is an error with its code, and a directory is no file",
    act: async ({ files }, place) => [
      await codeOf(() => files.readFile(`${place}/missing`)),
      await codeOf(() => files.getMetadata(`${place}/missing`)),
      await codeOf(() => files.remove(`${place}/missing`, { force: false })),
      (await refusal(() => files.readFile(place))).replace(place, "PLACE"),
      await refusal(() => files.writeFile(`${place}/no/parent`, bytes("x"))),
    ],
    wants: [
      -32004,
      -32004,
      -32004,
      "RpcError: path `PLACE` is not a file",
      "RpcError: No such file or directory (os error 2)",
    ],
  },
  {
    name: "a link is not followed where that is not wanted",
    act: async (environment, place) => {
      const { files } = environment;
      await finish(environment, script("mkdir real; echo in >real/file; ln -s real alias", place));
      return [
        await content(environment, `${place}/alias/file`),
        await refusal(() => files.readFile(`${place}/alias/file`, { followSymlinks: false })),
      ];
    },
    wants: ["in\n", "RpcError: Not a directory (os error 20)"],
  },
  {
    name: "nothing is watched, so that the caller looks by itself",
    act: async ({ files }, place) => await files.watchMissing([`${place}/later`], () => {}),
    wants: null,
  },
];

async function codeOf(attempt: () => unknown): Promise<unknown> {
  try {
    await attempt();
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : String(error);
  }
  return "no error";
}
