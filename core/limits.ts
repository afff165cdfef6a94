/** Every limit of codex-env: its name, its unit, its default and the reason. Nothing else defines one. */

const KiB = 1024;
const MiB = 1024 * KiB;

export const limits = {
  /** Bytes of one message that a peer may send us. Reference: 64 MiB a message. */
  incomingMessageBytes: 64 * MiB,
  /** Bytes of one frame that we send. The published client drops the link on a frame over 16 MiB. */
  outgoingFrameBytes: 16 * MiB,
  /** JSON values in one message. Reference: 262,144. */
  jsonValues: 262_144,
  /** Nesting of one message. Reference: serde_json's 128 levels of recursion. */
  jsonDepth: 127,
  /** Raw bytes in one process/output chunk; every published client takes 128 KiB. */
  outputChunkBytes: 128 * KiB,
  /** Raw bytes in one process/read answer; the published client cannot take 40 MB at once. */
  readAnswerBytes: 4 * MiB,
  /** Unsent bytes on a connection above which its processes are no longer read. 256 KiB is as fast as 1 MiB. */
  outboundHighWaterBytes: 256 * KiB,
  outboundLowWaterBytes: 64 * KiB,
  /** Interval of our pings, ms. With {@link pongDeadlineMs} a dead peer is noticed within 20 s. */
  pingIntervalMs: 5_000,
  pongDeadlineMs: 15_000,
  /** A peer that has unread data from us may just be reading slowly, ms. */
  slowReaderDeadlineMs: 60_000,
  /** How long a detached session lives, s. Reference: 80 s measured. */
  sessionTtlSeconds: 80,
  /** The longest detached life one of our own clients may ask for, s: one day. */
  sessionTtlMaxSeconds: 86_400,
  /** How long a closed process stays readable, ms. Reference: 80 s measured. */
  closedRetentionMs: 80_000,
  /** Remembered writeIds of a process. Reference: 4,096. */
  rememberedWriteIds: 4_096,
  /** PTY size where the request names none. Reference: 24 x 80. */
  ptyRows: 24,
  ptyColumns: 80,
  /** From the first stop signal to exit, ms. */
  shutdownDeadlineMs: 5_000,
} as const;
