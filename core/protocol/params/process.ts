import type * as v from "valibot";
import { decodeBase64 } from "../base64.ts";
import { PathUri } from "../path/path-uri.ts";
import { sandboxContext } from "../sandbox.ts";
import { boundedInteger } from "../schema/bounded-integer.ts";
import { list } from "../schema/list.ts";
import { once } from "../schema/once.ts";
import { defaulted, defaultedOption, option } from "../schema/optional.ts";
import { parsed } from "../schema/parsed.ts";
import { count, flag, size, text } from "../schema/scalars.ts";
import { stringMap } from "../schema/string-map.ts";
import { struct } from "../schema/struct.ts";
import { variant } from "../schema/variant.ts";
import { managedNetwork, networkProxy } from "./network.ts";
import { signalName } from "./signal-name.ts";
import { parseUuid } from "./uuid.ts";

export const pathUri = parsed(PathUri.parse);
const bytes = parsed(decodeBase64);

const metadata = once(() =>
  struct("ExecMetadata", {
    threadId: defaultedOption(parsed(parseUuid)),
    toolCallId: defaultedOption(text),
  }),
);

const envPolicy = once(() =>
  struct("ExecEnvPolicy", {
    inherit: variant(["core", "all", "none"]),
    ignoreDefaultExcludes: flag,
    exclude: list(text),
    set: stringMap,
    includeOnly: list(text),
  }),
);

const shellSnapshot = once(() =>
  struct("ShellSnapshotRequest", {
    scopeId: text,
    shell: struct("ShellInfo", { name: text, path: text }),
  }),
);

const terminalLength = boundedInteger(1, 65_535);
const ptySize = once(() => struct("PtySize", { rows: terminalLength, columns: terminalLength }));

/** `ptySize` is ours. */
export const start = once(() =>
  struct(
    "WireExecParams",
    {
      processId: text,
      metadata: option(metadata()),
      argv: list(text),
      cwd: pathUri,
      envPolicy: option(envPolicy()),
      shellSnapshot: option(shellSnapshot()),
      env: stringMap,
      tty: flag,
      pipeStdin: defaulted(flag, false),
      arg0: option(text),
      sandbox: option(sandboxContext),
      enforceManagedNetwork: defaulted(flag, false),
      managedNetwork: option(managedNetwork()),
      networkProxy: option(networkProxy()),
      ptySize: option(ptySize()),
    },
    ["ptySize"],
  ),
);

export const read = once(() =>
  struct("ReadParams", {
    processId: text,
    afterSeq: option(count),
    maxBytes: option(size),
    waitMs: option(count),
  }),
);

/** The reference requires `writeId`; clients of its time up to 0.131.0 send none. */
export const write = once(() =>
  struct("WriteParams", { processId: text, chunk: bytes, writeId: option(text) }),
);
export const signal = once(() => struct("SignalParams", { processId: text, signal: signalName }));
export const terminate = once(() => struct("TerminateParams", { processId: text }));

/** The rest is ours. */
export const resize = once(() =>
  struct("ResizeParams", {
    processId: text,
    rows: terminalLength,
    columns: terminalLength,
  }),
);
export const closeStdin = once(() => struct("CloseStdinParams", { processId: text }));

export type EnvPolicy = v.InferOutput<ReturnType<typeof envPolicy>>;
export type ProcessMetadata = v.InferOutput<ReturnType<typeof metadata>>;
export type ProcessStartParams = v.InferOutput<ReturnType<typeof start>>;
