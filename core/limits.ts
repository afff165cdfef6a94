/**
 * Every limit that a peer or a person can meet: its name, its unit, its default and the reason. What only tunes one
 * piece of code (when it yields, joins, collects), and what the kernel or a format fixes, stands beside that code.
 */

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
  /** Characters of an error's text; what is longer repeats something huge that a client sent. The reference has no limit. */
  errorTextCharacters: 16_384,
  /** Raw bytes in one process/output chunk; every published client takes 128 KiB. */
  outputChunkBytes: 128 * KiB,
  /** After this much output a pipe is widened from 64 KiB: a quarter less CPU a byte. 64 MiB of pipes an account. */
  narrowPipeBytes: 512 * KiB,
  widePipeBytes: 256 * KiB,
  /** Raw bytes in one process/read answer; the published client cannot take 40 MB at once. */
  readAnswerBytes: 4 * MiB,
  /** The same answer as it goes out: base64 and JSON around many small chunks must stay well below a frame. */
  readAnswerWireBytes: 8 * MiB,
  /** Unsent bytes on a connection above which its processes are no longer read. 256 KiB is as fast as 1 MiB. */
  outboundHighWaterBytes: 256 * KiB,
  outboundLowWaterBytes: 64 * KiB,
  /** Answers that a client may leave untaken; beyond it the connection ends, since nothing else stops its requests. */
  untakenAnswerBytes: 128 * MiB,
  /** Raw bytes of one process that an attached connection may lag behind before the child is held back. */
  unsentOutputBytes: 256 * KiB,
  /** Output kept behind what was sent, a session: a cut link swallows what sits in socket buffers (5 to 15 MiB). */
  sentRetentionBytes: 32 * MiB,
  /** Output that stays readable beyond that, a process and a session. Reference: 1 MiB a process. */
  readableProcessBytes: 1 * MiB,
  readableSessionBytes: 4 * MiB,
  /** What one retained event costs beside its bytes: about what its frame and its entry take. */
  eventOverheadBytes: 256,
  /** Memory for retained output, the whole server, in whole segments; what is beyond lies in unlinked files. */
  retainedMemoryBytes: 42 * MiB,
  /** Retained events, the whole server: past it a child that nobody listens to waits. An event takes some 150 bytes. */
  retainedEvents: 1_048_576,
  /** After this long without new output, ms, more than so many bytes of it move from memory to disk. */
  retainedQuietMs: 1_000,
  retainedQuietBytes: 4 * MiB,
  retainedQuietStepBytes: 2 * MiB,
  retainedQuietStepMs: 20,
  /** A piece of the memory for retained output, and how many empty ones are kept for the next output. */
  arenaSegmentBytes: 1 * MiB,
  arenaFreeSegments: 4,
  /** Output of one process that may wait unsent while nobody is attached; then the child waits. */
  spillProcessBytes: 1024 * MiB,
  /** Output on disk, the whole server. */
  spillServerBytes: 4096 * MiB,
  /** After the disk took nothing it is asked again, ms. */
  spillRetryMs: 1_000,
  /** One unlinked file; its space returns as a whole. */
  spillSegmentBytes: 16 * MiB,
  /** Requests of one connection that may be unanswered at a time (long polls, blocked writes, slow files). */
  requestsInFlight: 16_384,
  /** Chunks and bytes of one process's stdin that are acknowledged before the kernel took them. Reference: 128 chunks. */
  inputQueueChunks: 128,
  inputQueueBytes: 8 * MiB,
  /** Characters of a process id: every event carries it. */
  processIdCharacters: 64 * KiB,
  /** Bytes of one process's stdin that may wait in all; more is refused, since a websocket cannot be told to wait. */
  inputWaitingBytes: 64 * MiB,
  /** Exact byte positions kept of events that retention has dropped, a process; beyond them a gap may be told too large. */
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
  /** Sessions at a time, the whole server; one that nobody holds and that owns nothing makes room for another. */
  sessions: 16_384,
  /** How long a closed process stays readable while its session has a connection, ms. Reference: 80 s measured, always. */
  closedRetentionMs: 80_000,
  /** Remembered writeIds of a process. Reference: 4,096. */
  rememberedWriteIds: 4_096,
  /** PTY size where the request names none. Reference: 24 x 80. */
  ptyRows: 24,
  ptyColumns: 80,
  /** How long a stream of a killed tree may stay silent and open before it is closed on this side, ms. */
  killedDrainMs: 1_000,
  /** From the first stop signal to exit, ms. */
  shutdownDeadlineMs: 5_000,
  /** Bytes of a file that fs/readFile considers at all. Reference: 512 MiB. */
  fsReadFileBytes: 512 * MiB,
  /** What an fs/readFile answer needs beside its base64: the envelope and the request's id. */
  fsAnswerOverheadBytes: 4 * KiB,
  /** Bytes up to which file content is read or written on the spot; a thread pool costs 20 us a hop. */
  fsSynchronousBytes: 256 * KiB,
  /** The largest decoded content whose buffer is kept for the next write, and for how long without one, ms. */
  fsScratchBytes: 12 * MiB,
  fsScratchIdleMs: 1_000,
  /** Size of a directory file up to which its names are read on the spot. */
  fsSynchronousDirectoryBytes: 16 * KiB,
  /** Bytes moved at a time while a file is copied. */
  fsCopyChunkBytes: 1 * MiB,
  /** Bytes of one fs/readBlock or fs/writeBlock. Reference: 1 MiB. */
  fsBlockBytes: 1 * MiB,
  /** Open file handles of a connection, and UTF-8 bytes of a handle's id. Reference: 128 and 32. */
  fsHandles: 128,
  fsHandleIdBytes: 32,
  /** Entries of one fs/readDirectory answer. Reference: 50,000. */
  fsDirectoryEntries: 50_000,
  /** Bounds of fs/walk. Reference: 64 levels, 10,000 directories, 50,000 entries, 4 MiB with 64 bytes an item. */
  fsWalkDepth: 64,
  fsWalkDirectories: 10_000,
  fsWalkEntries: 50_000,
  fsWalkAnswerBytes: 4 * MiB,
  fsWalkItemBytes: 64,
  /** Directories that a walk reads ahead, and entries that it looks at before other work has its turn. */
  fsWalkReadAhead: 8,
  fsEntriesPerTurn: 2_048,
  /** Requests of one connection that read at the same time; each may hold one answer's worth of content. */
  fsReadsAtOnce: 4,
  /** Links in a row that are followed by hand; as the kernel, more are taken for a loop (ELOOP). */
  fsLinks: 40,
  /** Components looked up for one sandboxed path, links and all; as the kernel's own, an endless one is a loop (ELOOP). */
  fsPathSteps: 4_096,
  /** Looks at what others exchange for something else between one look and the next, until a request fails (EAGAIN). */
  fsExchanges: 64,
  /** Filesystem helpers of one connection, and of the whole server: one takes 9 MiB of its own. */
  fsHelpersPerConnection: 4,
  fsHelpers: 64,
  /**
   * How long the helpers of a plan are at one request each, ms, before those that wait get another helper; the second for
   * one that has just been started.
   */
  fsHelperBusyMs: 50,
  fsHelperColdBusyMs: 300,
  /** How long a helper without work is kept, ms, and how long one lives: its mounts are a picture of when it started. */
  fsHelperIdleMs: 2_000,
  fsHelperLifeMs: 10_000,
  /**
   * How long a sandboxed request may take, ms, from when it came, its helper's start included; and what is left of that at
   * least when its turn has come. Reference: for ever.
   */
  fsHelperRequestMs: 60_000,
  fsHelperLateMs: 5_000,
  /** How long a request waits for one of the server's helpers, ms. */
  fsHelperWaitMs: 10_000,
  /** Bytes of one answer of a helper, and characters of its last words in an error. */
  fsHelperAnswerBytes: 32 * MiB,
  fsHelperWordsCharacters: 2_048,
  /** Content from this size on is read through a descriptor that the helper hands over, not as text. */
  fsHelperHandedBytes: 64 * KiB,
  /** Longest path that is read before the helper is there. The kernel's own limit for one that is resolved in one go. */
  fsPlainPathBytes: 4_095,
  /** How long what stands at the system's own directories is taken for true, ms. */
  fsSystemFactsMs: 1_000,
  /** Verdicts on paths that a helper keeps; one costs about 200 bytes. */
  fsVerdictsKept: 4_096,
  /** The clock that files are stamped by stands still for up to so long, ms: a tick of the slowest kernel (HZ=100). */
  fsClockTickMs: 10,
  /** Looks for further names of denied files that one sandboxed request is worth; then it is refused. */
  fsDeniedLooks: 3,
  /** Policies of one connection that are kept in resolved form. */
  fsPolicies: 32,
  /** Paths of one fs/watchMissing. Reference: 64. */
  fsWatchPaths: 64,
  /** How often a watch looks by itself, ms: for changes that inotify does not tell (network mounts, a moved ancestor). */
  fsWatchRecheckMs: 5_000,
  /** Websockets open at a time on one listener; fewer where the process may not open twice as many files. */
  connections: 8_192,
  /** Bytes of a Unix socket's path: sun_path holds 108 with its final NUL. */
  unixSocketPathBytes: 107,
  /** Bytes that a secret for signed tokens has at least: a shorter one weakens HS256 (RFC 7518, 3.2). */
  signingSecretBytes: 32,
  /** How far an issuer's clock may be off where no flag says it, s. Reference: 30. */
  clockSkewSeconds: 30,
  /** A peer that opens a TCP connection and asks nothing is kept so long, s. */
  handshakeIdleSeconds: 30,
  /** How long peers may take to read what was sent to them before the end, ms. */
  lastWordsMs: 1_000,
  /** How long codex-env dial waits, after the end of its input, for answers to what was asked before, ms. */
  lastAnswersMs: 5_000,
  /** A server that has had nothing to do for so long, ms, has started: what only its start needed is given back. */
  startUpQuietMs: 20,
  /** How long the last log lines may take to be read, ms. */
  logFlushMs: 200,
  /** Log lines that wait while stderr is blocked; further ones are dropped and counted. */
  logQueueLines: 1_024,
  /** Starts that the guardian has been asked for and has not answered; the others wait without descriptors. */
  startsInFlight: 32,
  /** How often a dead guardian's commands are looked after, ms; nobody tells any more when their shim is killed. */
  orphanLookMs: 100,
  /** How long the end of the server, and that of a failed start, waits for trees to end, ms; few ever take longer. */
  treesEndDeadlineMs: 4_000,
  /** First wait between two attempts of a client to get its link back, ms; it doubles up to the longest. */
  reconnectFirstMs: 100,
  reconnectLongestMs: 5_000,
  /** Messages that are none of the protocol, within so long, ms, that a client takes for an accident. */
  protocolFaults: 2,
  protocolFaultsMs: 60_000,
  /** How long nothing listens where a server of this machine did, until it is taken for ended, ms. */
  serverGoneMs: 4_000,
  /** From the first packet to the end of the upgrade, when a client dials, ms. */
  dialDeadlineMs: 15_000,
  /** How long `dial` tries to reach its environment before it says why not, ms: a published client waits 10 s. */
  bridgeConnectMs: 8_000,
  /** How long an environment that could not be reached is tried again in the background, ms. */
  backgroundConnectMs: 600_000,
  /** How long the commands of an environment that is closed may take to end, ms; its link may be cut just then. */
  environmentEndMs: 2_000,
  /** How much longer than its session lives a client tries to get its link back, ms: a half-open one is noticed late. */
  recoverMarginMs: 20_000,
  /** How long a client waits for the answer to a request that should be quick, ms; for one about files. */
  quickRequestMs: 30_000,
  fileRequestMs: 60_000,
  /** Bytes of one process/write of a client, and how many may be unanswered: a child that does not read holds us back. */
  stdinChunkBytes: 64 * KiB,
  stdinWindow: 4,
  /** How long a client lets a hole in the numbers of events be, ms: the reference swaps neighbours. */
  holePatienceMs: 30,
  /** After catching up on a backlog: how long a client waits for the rest to come by itself, ms. */
  catchUpSettleMs: 250,
  /** Events and bytes that a client holds back behind a hole; past that it lets go, and reads them again. */
  heldEvents: 1_024,
  heldEventBytes: 8 * MiB,
  /** Output that a client has received and nobody has taken; above the high mark it stops reading until the low one. */
  inboundHighWaterBytes: 4 * MiB,
  inboundLowWaterBytes: 1 * MiB,
  /** Cuts of the link that one read of a file outlives, and one upload. */
  readAttempts: 10,
  uploadAttempts: 5,
  /** Bytes of one frame of a client; longer messages go in fragments. Reference: takes frames up to 16 MiB. */
  clientFragmentBytes: 8 * MiB,
  /** Bytes of the header that answers an upgrade, and of a refusal that is shown. */
  upgradeHeaderBytes: 16 * KiB,
  upgradeReasonBytes: 300,
  /** Messages that a connection in memory hands over before the event loop has its turn. */
  memoryBatch: 64,
  /** A command that carries a connection: from the end of its input to SIGTERM, ms, and to SIGKILL of its tree. */
  commandTermMs: 500,
  commandEndMs: 2_000,
  /** How long its last complaint is waited for once it has ended, ms, and bytes of a line it prints that are kept. */
  lastComplaintMs: 100,
  noiseLineBytes: 4 * KiB,
  /** Lines beside its messages that are passed on of one such command; it may print without end. */
  noiseLines: 200,
  /** Lines of the REPL's history; its file may grow to twice that. */
  historyLines: 2_000,
  /** How long a completion may take, ms: a key press waits for it. And how much it offers. */
  completionMs: 2_000,
  completionCandidates: 200,
  /** After an exit: how long output of children may go on before a line of the REPL is done, ms; and a command of `exec`. */
  lineLingerMs: 60,
  execLingerMs: 300,
  /** First pause between the lines of `exec` on a terminal that say a cut link is still being restored, ms; it doubles up to the longest. */
  linkReminderFirstMs: 10_000,
  linkReminderLongestMs: 60_000,
  /** How long a first connect may take before a person at a terminal is told that it goes on, ms. */
  connectNoticeMs: 2_000,
  /** After a death by SIGKILL: how long `exec` and the REPL wait to hear that it was the server's own end, ms. */
  serverEndNoticeMs: 100,
  /** Ended jobs that stay listed for their log, and bytes of that log. */
  endedJobs: 50,
  jobLogBytes: 1 * MiB,
  /** Entries of the registry of sessions, bytes of one, and characters of a line in it. */
  registryEntries: 4_096,
  registryEntryBytes: 1 * MiB,
  registryLineCharacters: 1_000,
  /** After which a file of the registry that was never put in place is removed, ms. */
  registryTemporaryMs: 60_000,
  /** How long a session that another connection seems to hold is asked for again, ms: its end may not be known yet. */
  attachedRetryMs: 5_000,
  /** Metadata that `.ls -l` asks for at a time. */
  metadataInFlight: 32,
  /** Keys that wait for somebody to read them. */
  typeAheadBytes: 64 * KiB,
  /** How long a list of the environment's programs is taken for true, ms, and the directories it is made of. */
  programListMs: 60_000,
  programDirectories: 40,
  /** How long the REPL waits at its end for what it started to end, ms. */
  replCloseMs: 2_000,
  /** Directories below one another that `cp -r` follows; more is taken for a loop. */
  copyDepth: 64,
  /** Files and directories of one `cp -r`: all are listed before the first is written. */
  copyEntries: 2_000_000,
  /** Blocks of a file on their way at once. */
  blocksInFlight: 4,
  /** How long a bubblewrap may take to show what it can do, ms; it takes about 5. */
  sandboxProbeMs: 5_000,
  /** Bytes of the file in which the launcher remembers the bubblewrap that it has tried out; it takes about 1 KiB. */
  probeMemoryBytes: 16 * KiB,
  /** How long it is believed that bubblewrap cannot be used here, ms: then it is tried out again. */
  sandboxRetryMs: 10_000,
  /** After its start: when a server looks for what sandboxes of a killed one left, ms; nobody waits for that. */
  leftoversSweepMs: 500,
  /** First and longest time between looks after a placeholder that another account's sandbox still holds, ms. */
  placeholderSweepFirstMs: 250,
  placeholderSweepLongestMs: 30_000,
  /** Missing names that one sandbox keeps from being made: each takes a descriptor, and a start carries 253 in all. */
  placeholders: 64,
  /** How long what stood in for a name is looked for where it was made, ms, when it is not found there at its end. */
  placeholderLostMs: 600_000,
  /** How long `closed` waits for a sandbox to take its placeholders away, ms; longer when what it started lives on. */
  placeholderGoneMs: 200,
  /** How long a start waits for a name that another start is making or removing, ms; that takes microseconds. */
  placeholderWaitMs: 2_000,
  /** While sandboxes with network run, whose socket a local peer's is gets looked up: how long that may take, ms; and how long at a stretch. */
  peerSearchMs: 2_000,
  peerSearchTurnMs: 2,
  /** How long it is believed that such sandboxes run, ms. */
  peerMarkBelievedMs: 500,
  /** Peers that wait for it. */
  peerChecksWaiting: 64,
  /** The longest pause between two, ms, and how long one peer too many waits before it is turned away. */
  peerCheckPauseMs: 200,
  /** Looks, 1 ms apart, for the end of another change of the registry, where the event loop stands still meanwhile. */
  registryTries: 20,
  /** How long the exit of a failed sandboxed command waits for output that is there to be read, ms. */
  lastWordsOfProcessMs: 200,
  /** Bytes of the last output that are looked through for words of a denial. Reference: about 1 MiB. */
  deniedPhrasesBytes: 1 * MiB,
  /** How long a sandbox may take to be made, ms; it takes about 5. A mount on a server that does not answer hangs. */
  sandboxStartMs: 20_000,
  /** Bytes kept of what a launcher complains about. */
  launcherWordsBytes: 4 * KiB,
  /** After the order to end a sandbox's processes: how long its own first process has before it is killed as well, ms. */
  sandboxEndMs: 500,
  /** Bytes of environments.toml and of codex-env.toml: room for thousands of entries. And how deep values may nest. */
  environmentsFileBytes: 1 * MiB,
  environmentsFileDepth: 32,
  /** The longest timeout that a timer can keep, ms; configured ones are cut to it. */
  longestTimerMs: 2_147_483_647,
  /** How long an edit of such a file waits for another one, ms, and after which it takes that one for dead. */
  fileLockMs: 5_000,
  /** Environments that `env check` connects to at a time: each may be a program. */
  checksAtOnce: 64,
  /** Oddities of the files that are told; the rest is more of the same. */
  environmentWarnings: 5,
  /** Bytes of the id of an environment. Reference: 64. */
  environmentIdBytes: 64,
  /** Matches of one deny glob. Reference: 8,192. */
  sandboxGlobMatches: 8_192,
  /**
   * Entries looked at for one glob or one denied directory, 2 to 4 us each; what is left over is told, and refused where it
   * matters. Reference: no limit.
   */
  sandboxScanEntries: 500_000,
  /** How long such a search keeps everybody else waiting at a time, ms; one directory is the least. */
  sandboxSearchTurnMs: 5,
  /** Places remembered as written by sandboxes, a link in which grants nothing to the next; of more a common parent. */
  sandboxWrittenPlaces: 1_024,
  /** How long their list may become while any server of the account lives; beyond it every place counts as written. */
  sandboxWrittenPlacesBytes: MiB,
  /** Directories left over, and denied files with further names, that are told by name. */
  sandboxPathsNamed: 16,
  /** Bytes of a `.git` file that are read for the directory it names. */
  sandboxGitFileBytes: 8 * KiB,
  /** While codex-env is put elsewhere: how long an answer may take, and how long bytes may stand still, ms. */
  installAnswerMs: 60_000,
  installStallMs: 60_000,
  /** Bytes of a line over there that are looked through for an answer, and of its last complaints. */
  installLineBytes: 16 * KiB,
  /** Of a file that is cut off on its way there: the shortest beginning that is kept for the next try. */
  installPieceBytes: MiB,
  /**
   * Versions there that stay however old, days after which another one goes unless it was started meanwhile, and how many go
   * after one installation. Other machines' entries may name them, too.
   */
  installVersionsKept: 2,
  installUnusedDays: 30,
  installRemovedAtOnce: 16,
  /** How long `.kill` waits until the server has said that the job is over, ms. */
  killedJobMs: 1_000,
  /** JSON values in one answer: of the shortest entries of a directory a frame of 16 MiB holds 1.4 million. */
  answerJsonValues: 2_000_000,
  /** Text of so many UTF-16 units is parsed without a look at its values and nesting: it takes less than 3 MB. */
  jsonHarmlessLength: 64 * KiB,
} as const;
