import { join } from "node:path";
import { $ } from "bun";

/** Two network namespaces with a cable between them: hosts as far as the network is concerned. */
export interface TwoHosts extends AsyncDisposable {
  readonly addresses: { readonly near: string; readonly far: string };
  /** What stands before a command to run it on one of them. */
  on(host: "near" | "far"): readonly string[];
  /** Pulls the cable out, or plugs it in: nobody is told. */
  cable(state: "up" | "down"): Promise<void>;
}

/** A cable that makes packets late, by so many ms more or less, and loses some. */
export interface PoorCable {
  readonly delayMs: number;
  readonly jitterMs: number;
  readonly lossPercent: number;
  readonly seed: number;
}

let made = 0;

/** Why there can be no such hosts here; undefined where there can. */
export async function lacksNamespaces(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return "network namespaces need root";
  const name = `codex-env-${process.pid}-try`;
  const tried =
    await $`ip netns add ${name} && ip link add ${`c${process.pid}`} type veth peer name ${`d${process.pid}`}`
      .quiet()
      .nothrow();
  await $`ip link del ${`c${process.pid}`}; ip netns del ${name}`.quiet().nothrow();
  return tried.exitCode === 0 ? undefined : `ip: ${tried.stderr.toString().trim()}`;
}

export async function startTwoHosts(poor?: PoorCable): Promise<TwoHosts> {
  made += 1;
  const id = `${process.pid}-${made}`;
  const names = { near: `codex-env-near-${id}`, far: `codex-env-far-${id}` };
  // Interfaces have short names, and these addresses are for documents only.
  const ends = { near: `cen${process.pid}${made}`.slice(-15), far: `cef${process.pid}${made}`.slice(-15) };
  const addresses = { near: "192.0.2.1", far: "192.0.2.2" };
  let relay: Bun.Subprocess<"pipe", "pipe", "inherit"> | undefined;
  const remove = async () => {
    relay?.stdin.end();
    await relay?.exited;
    for (const name of Object.values(names)) await $`ip netns del ${name}`.quiet().nothrow();
  };
  try {
    for (const name of Object.values(names)) await $`ip netns add ${name}`.quiet();
    if (poor === undefined) {
      await $`ip link add ${ends.near} netns ${names.near} type veth peer name ${ends.far} netns ${names.far}`.quiet();
    } else {
      relay = await startRelay(ends, poor);
      for (const host of ["near", "far"] as const)
        await $`ip link set ${ends[host]} netns ${names[host]}`.quiet();
    }
    for (const host of ["near", "far"] as const) {
      await $`ip -n ${names[host]} address add ${addresses[host]}/24 dev ${ends[host]}`.quiet();
      await $`ip -n ${names[host]} link set ${ends[host]} up`.quiet();
      await $`ip -n ${names[host]} link set lo up`.quiet();
    }
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    addresses,
    on: (host) => ["ip", "netns", "exec", names[host]],
    cable: async (state) => void (await $`ip -n ${names.far} link set ${ends.far} ${state}`.quiet()),
    [Symbol.asyncDispose]: remove,
  };
}

async function startRelay(ends: { readonly near: string; readonly far: string }, poor: PoorCable) {
  const numbers = [poor.delayMs, poor.jitterMs, poor.lossPercent, poor.seed].map(String);
  const program = join(import.meta.dir, "poor-cable.py");
  const relay = Bun.spawn(["python3", program, ends.near, ends.far, ...numbers], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });
  const { value } = await relay.stdout.getReader().read();
  if (value === undefined) throw new Error(`the cable ended with ${await relay.exited}`);
  return relay;
}
