type Members = Readonly<Record<string, unknown>>;

const says = (text: string, code: number, stream = "") => `echo '${text}'${stream}; exit ${code}`;
const phrase = "permission denied";
/** So many KiB of output that is no phrase. */
const filler = (kib: number) => `head -c ${kib * 1024} /dev/zero | tr '\\0' .; echo`;

const readOnly = {
  permissions: {
    type: "managed",
    file_system: {
      type: "restricted",
      entries: [{ path: { type: "special", value: { kind: "root" } }, access: "read" }],
    },
    network: "restricted",
  },
  cwd: "file:///tmp",
  workspaceRoots: ["file:///tmp"],
  windowsSandboxLevel: "disabled",
};
const permitting = (permissions: unknown) => ({ permissions, windowsSandboxLevel: "disabled" });

const named: Readonly<Record<string, { readonly script: string; readonly members?: Members }>> = {
  "split across streams": { script: "printf 'permission '; sleep 0.1; printf denied >&2; exit 1" },
  "split in time, same stream": { script: "printf permis; sleep 0.1; printf 'sion denied'; exit 1" },
  "text then 100 KiB": { script: `echo ${phrase}; ${filler(100)}; exit 1` },
  "text then 1000 KiB": { script: `echo ${phrase}; ${filler(1000)}; exit 1` },
  "text then 1100 KiB": { script: `echo ${phrase}; ${filler(1100)}; exit 1` },
  "1100 KiB then text": { script: `${filler(1100)}; echo ${phrase}; exit 1` },
  "tty, text": { script: says(phrase, 1), members: { tty: true } },
  "no sandbox, text": { script: says(phrase, 1), members: { sandbox: null } },
  "disabled profile, text": {
    script: says(phrase, 1),
    members: { sandbox: permitting({ type: "disabled" }) },
  },
  "external profile, text": {
    script: says(phrase, 1),
    members: { sandbox: permitting({ type: "external", network: "restricted" }) },
  },
  "killed by signal KILL": { script: `echo ${phrase}; kill -9 $$` },
};

/** The members of `process/start` that a label of the record stands for. */
export function deniedCommand(label: string): Members {
  const { script, members = {} } = named[label] ?? { script: scriptOf(label) };
  return { argv: ["/bin/sh", "-c", script], sandbox: readOnly, ...members };
}

function scriptOf(label: string): string {
  const [, stream, text, code] = /^(?:(stdout|stderr) )?(?:"(.*?)"|no text),? exit (\d+)$/.exec(label) ?? [];
  if (code === undefined) throw new Error(`no command is known for ${label}`);
  return text === undefined ? `exit ${code}` : says(text, Number(code), stream === "stderr" ? " >&2" : "");
}
