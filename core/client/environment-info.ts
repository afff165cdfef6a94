import * as v from "valibot";

const flag = v.fallback(v.boolean(), false);

/** Those of a server that has none of our additions. */
export const noCapabilities = {
  processResize: false,
  processCloseStdin: false,
  processList: false,
  processSignalNames: false,
  processPtySize: false,
  sessionTtl: false,
};

/** What the client asks of `environment/info`; everything but the shell may be absent. */
export const environmentInfoSchema = v.object({
  shell: v.object({ name: v.string(), path: v.string() }),
  executorVersion: v.nullish(v.string()),
  /** Ours: the version of codex-env itself. */
  codexEnvVersion: v.nullish(v.string()),
  /** Of our own servers: which machine they are on. */
  providerId: v.nullish(v.string()),
  cwd: v.nullish(v.string()),
  userHomeDir: v.nullish(v.string()),
  platformOs: v.nullish(v.string()),
  tempDir: v.nullish(v.string()),
  /** Ours, in the answer to `environment/info` alone: what holds restricting sandboxes there. */
  sandboxMechanism: v.nullish(v.string()),
  capabilities: v.fallback(
    v.object({
      processResize: v.optional(flag, false),
      processCloseStdin: v.optional(flag, false),
      processList: v.optional(flag, false),
      processSignalNames: v.optional(flag, false),
      processPtySize: v.optional(flag, false),
      sessionTtl: v.optional(flag, false),
    }),
    noCapabilities,
  ),
});

export type EnvironmentInfo = v.InferOutput<typeof environmentInfoSchema> & {
  /** The server says nothing of itself: its shell is a guess, and it is not asked for any of our additions. */
  readonly untold?: true;
};

/** How the client uses `initialize` and `environment/*`. */
export const environmentMethods = {
  initialize: {
    name: "initialize",
    answer: v.object({ sessionId: v.string(), environmentInfo: v.nullish(environmentInfoSchema) }),
    afterCut: "report",
    deadlineMs: 15_000,
  },
  info: { name: "environment/info", answer: environmentInfoSchema, afterCut: "repeat", deadlineMs: 30_000 },
  status: {
    name: "environment/status",
    answer: v.object({ status: v.string() }),
    afterCut: "repeat",
    deadlineMs: 30_000,
  },
} as const;
