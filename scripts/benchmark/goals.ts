/** A pass mark: what a median of ours, or its ratio to the reference's, must reach. */
export interface Goal {
  readonly workload: string;
  readonly metric: string;
  readonly of: "ratio" | "value";
  readonly atMost?: number;
  readonly atLeast?: number;
}

const ratio = (workload: string, metric: string, bound: Pick<Goal, "atMost" | "atLeast">): Goal => ({
  workload,
  metric,
  of: "ratio",
  ...bound,
});

const value = (workload: string, metric: string, bound: Pick<Goal, "atMost" | "atLeast">): Goal => ({
  workload,
  metric,
  of: "value",
  ...bound,
});

/** What this server is held to, over the reference with its default flags in the same run. */
export const goals: readonly Goal[] = [
  ratio("spawn", "c1_p50_ms", { atMost: 0.05 }),
  ratio("spawn_quickack", "c1_p50_ms", { atMost: 0.25 }),
  ratio("spawn", "c8_per_s", { atLeast: 7 }),
  ratio("rtt", "meta_64_rps", { atLeast: 3 }),
  ratio("rtt", "status_seq_p50_us", { atMost: 1.05 }),
  ratio("rtt", "meta_seq_p50_us", { atMost: 1.05 }),
  ratio("rtt", "read_seq_p50_us", { atMost: 1.05 }),
  ratio("out_zero", "MBps", { atLeast: 1.3 }),
  ratio("out_zero", "cpu_s_per_GiB", { atMost: 0.6 }),
  ratio("pty_out", "MBps", { atLeast: 0.9 }),
  ratio("flood_rtt", "p99_us", { atMost: 0.4 }),
  value("pipeline", "answered_of_1000", { atLeast: 1000 }),
  ratio("many_50", "total_ms", { atMost: 0.7 }),
  value("many", "finished", { atLeast: 200 }),
  ratio("read_1k", "MBps", { atLeast: 1.1 }),
  ratio("read_1m", "MBps", { atLeast: 1.1 }),
  ratio("read_8m", "MBps", { atLeast: 1.1 }),
  ratio("write_1k", "MBps", { atLeast: 1.1 }),
  ratio("write_1m", "MBps", { atLeast: 1.1 }),
  ratio("write_8m", "MBps", { atLeast: 1.1 }),
  ratio("sandboxed_read", "p50_ms", { atMost: 0.02 }),
  ratio("sandboxed_read_cold", "p50_ms", { atMost: 0.5 }),
  ratio("sandboxed_spawn", "p50_ms", { atMost: 0.5 }),
  ratio("sessions", "KiB_per_session", { atMost: 0.1 }),
  ratio("idle", "rss_MiB", { atMost: 0.85 }),
  ratio("after", "rss_MiB", { atMost: 0.8 }),
  ratio("startup", "listening_ms", { atMost: 0.85 }),
  // The introduction takes as long on both; ours then loads its code for files, some 3 ms, for half of the memory.
  ratio("cold_stdio", "p50_ms", { atMost: 1.5 }),
  // A round trip and the replay: a client that waited before it came back would take 50 ms at least.
  value("recovery", "answered_p50_ms", { atMost: 10 }),
  value("recovery", "replayed_p50_ms", { atMost: 25 }),
  value("recovery", "bytes_twice", { atMost: 0 }),
  // A hundred take less than half of what a client takes without any.
  value("environments", "client_KiB_each", { atMost: 192 }),
  // Less than 4 KiB for each of a thousand reconnects; and one object that each left behind would make it 1.
  value("environments", "grown_MiB", { atMost: 4 }),
  value("environments", "objects_kept_per_reconnect", { atMost: 0.5 }),
  ratio("environments", "server_KiB_each", { atMost: 0.85 }),
  // Promised, the start of the program included: what a shell prompt or a completion may take.
  value("list_1000", "p50_ms", { atMost: 50 }),
];
