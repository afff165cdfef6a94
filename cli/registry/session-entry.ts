import * as v from "valibot";

const milliseconds = v.pipe(v.number(), v.finite());
const reach = v.variant("kind", [
  v.object({ kind: v.literal("environment"), name: v.string() }),
  v.object({
    kind: v.literal("url"),
    url: v.string(),
    tokenFile: v.optional(v.string()),
    caFile: v.optional(v.string()),
  }),
]);

const process = v.object({
  processId: v.pipe(v.string(), v.nonEmpty()),
  /** What was typed. */
  line: v.string(),
  startedAtMs: milliseconds,
  tty: v.boolean(),
  /** Whether it reads what is typed. */
  stdin: v.boolean(),
  /** How far its output was shown. */
  after: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  /** A file of the environment that nobody needs once the process has ended. */
  stateFile: v.optional(v.string()),
});

/** What the registry knows of one session: a file of its own, in JSON. */
export const sessionEntrySchema = v.object({
  version: v.literal(1),
  sessionId: v.string(),
  environment: v.string(),
  reach,
  /** The machine that this was, for people and for telling it from another one of the same name. */
  where: v.string(),
  /** What its server says of its machine. */
  provider: v.optional(v.string()),
  /** Which command of ours opened it. */
  command: v.picklist(["connect", "exec", "attach"]),
  openedAtMs: milliseconds,
  /** How long it lives without a link, s. */
  ttlSeconds: v.pipe(v.number(), v.minValue(0)),
  /** Whether another program can go on with it: a server of our own, or one behind a program, ends with its connection. */
  resumable: v.boolean(),
  holder: v.variant("kind", [
    v.object({ kind: v.literal("process"), pid: v.pipe(v.number(), v.safeInteger()), startTime: v.string() }),
    v.object({ kind: v.literal("nobody"), sinceMs: milliseconds }),
  ]),
  processes: v.array(process),
});

export type SessionEntry = v.InferOutput<typeof sessionEntrySchema>;
export type EntryProcess = SessionEntry["processes"][number];

/** When a session that nobody holds ends; undefined while somebody does. */
export function expiryOf({ holder, ttlSeconds }: SessionEntry): number | undefined {
  return holder.kind === "nobody" ? holder.sinceMs + ttlSeconds * 1_000 : undefined;
}
