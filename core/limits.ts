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
  /** The same answer as it goes out: base64 and JSON around many small chunks must stay well below a frame. */
  readAnswerWireBytes: 8 * MiB,
  /** Unsent bytes on a connection above which its processes are no longer read. 256 KiB is as fast as 1 MiB. */
  outboundHighWaterBytes: 256 * KiB,
  outboundLowWaterBytes: 64 * KiB,
  /** Raw bytes of one process that an attached connection may lag behind before the child is held back. */
  unsentOutputBytes: 256 * KiB,
  /** Output kept behind what was sent, a session: a cut link swallows what sits in socket buffers (5 to 15 MiB). */
  sentRetentionBytes: 32 * MiB,
  /** What one retained event costs beside its bytes: about what its frame and its entry take. */
  eventOverheadBytes: 256,
  /** Retained output in memory, the whole server; what is beyond lies in unlinked files. */
  retainedMemoryBytes: 34 * MiB,
  /** Output of one process that may wait unsent while nobody is attached; then the child waits. */
  spillProcessBytes: 1024 * MiB,
  /** Output on disk, the whole server. */
  spillServerBytes: 4096 * MiB,
  /** One unlinked file; its space returns as a whole. */
  spillSegmentBytes: 16 * MiB,
  /** Requests of one connection that may be unanswered at a time (long polls, blocked writes, slow files). */
  requestsInFlight: 16_384,
  /** Chunks and bytes of one process's stdin that are acknowledged before the kernel took them. Reference: 128 chunks. */
  inputQueueChunks: 128,
  inputQueueBytes: 8 * MiB,
  /** Bytes of one process's stdin that may wait in all; more is refused, since a websocket cannot be told to wait. */
  inputWaitingBytes: 64 * MiB,
  /** Exact byte positions kept of events that retention has dropped, a process; older ones are told as one gap. */
  droppedPositions: 65_536,
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
