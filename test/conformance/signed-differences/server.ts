import { absent } from "../difference.ts";
import { type Signature, signEach } from "../signature.ts";

const laterPieces =
  "these methods belong to later pieces and answer -32601 at any time; their capabilities are false";

const laterCapabilities = [
  "networkProxyLaunch",
  "networkProxyReviewDomains",
  "credentialMasking",
  "credentialMaskingCustomProviders",
  "capabilityDiscoverySandbox",
  "capabilityDiscoveryV2",
  "environmentConfigRead",
  "httpHeaderEnvVars",
  "shellSnapshotV2",
  "linuxRootWritePreservesDevices",
  "linuxApprovedRootWritePreservesRestrictions",
];

const capabilitiesBeyond = [
  "processResize",
  "processCloseStdin",
  "processList",
  "processSignalNames",
  "processPtySize",
  "sessionTtl",
];

/** Start-up, flags, handshake and what the server says of itself. */
export const serverDifferences: readonly Signature[] = [
  ...[
    "environmentConfig/read",
    "capabilities/discoverV2",
    "capabilityRoots/discoverV1",
    "http/request",
  ].flatMap((method): Signature[] => [
    {
      cases: `init.before_initialize*.${method}`,
      path: "error.code",
      reference: -32600,
      ours: -32601,
      kind: "later",
      reason: laterPieces,
    },
    {
      cases: `init.before_initialize*.${method}`,
      path: "error.message",
      reference: /^client must (call initialize|send initialized) before using/,
      ours: /does not implement/,
      kind: "later",
      reason: laterPieces,
    },
  ]),
  {
    cases: "init.ok_shape",
    path: "info.prependPathDirs[0]",
    reference: "file://<CODEX_DIR>/codex-path",
    ours: absent,
    kind: "truer",
    reason: "the reference brings tools of its own and names their directory; we bring none",
  },
  ...laterCapabilities.map(
    (name): Signature => ({
      cases: "init.ok_shape",
      path: `info.capabilities.${name}`,
      reference: true,
      ours: false,
      kind: "later",
      reason: "a capability is false until its piece is built; clients leave such parts out",
    }),
  ),
  ...capabilitiesBeyond.map(
    (name): Signature => ({
      cases: "init.ok_shape",
      path: `info.capabilities.${name}`,
      reference: absent,
      ours: true,
      kind: "beyond",
      reason: "what we can and the reference cannot stands behind flags of its own",
    }),
  ),
  {
    cases: "init.ok_shape",
    path: "info.codexEnvVersion",
    reference: absent,
    ours: /^\d+\.\d+\.\d+/,
    kind: "beyond",
    reason: "executorVersion speaks of compatibility, this of our own version",
  },
  {
    cases: "flags.listen.*",
    path: "firstLine",
    reference: /^Error: unsupported --listen URL `.*`; expected `ws:\/\/IP:PORT` or `stdio`$/,
    ours: /^Error: unsupported --listen URL `.*`; expected `ws:\/\/IP:PORT`, `wss:\/\/IP:PORT`, `unix:\/\/\/PATH` or `stdio`$/,
    kind: "beyond",
    reason: "TLS and a Unix socket can be listened on as well",
  },
  {
    cases: "flags.listen.foreign_address",
    path: "firstLine",
    reference: "Error: Address not available (os error 99)",
    ours: /without auth/,
    kind: "safer",
    reason: "that others could reach the server without auth is refused before the address is tried",
  },
  ...signEach(
    {
      cases: "flags.listen.any_address_without_auth",
      kind: "safer",
      reason:
        "whoever reaches the endpoint may run commands: without auth that takes --allow-unauthenticated",
    },
    {
      exitCode: [0, 1],
      firstLine: ["", /^Error: 0\.0\.0\.0 can be reached .*without auth/],
      stdout: [/^ws:\/\/0\.0\.0\.0:/, ""],
    },
  ),
  {
    cases: "flags.*",
    path: "firstLine",
    reference: /^error: (invalid value|unexpected argument|unrecognized subcommand)/,
    ours: /^codex-env serve: /,
    kind: "wording",
    reason: "bad usage exits with 2 on both; the sentence is ours and suggests the nearest right flag",
  },
];
