import { $ } from "bun";

/** Two network namespaces with a cable between them: hosts as far as the network is concerned. */
export interface TwoHosts extends AsyncDisposable {
  readonly addresses: { readonly near: string; readonly far: string };
  /** What stands before a command to run it on one of them. */
  on(host: "near" | "far"): readonly string[];
  /** Pulls the cable out, or plugs it in: nobody is told. */
  cable(state: "up" | "down"): Promise<void>;
  /** Makes every packet late or lose its way, as `tc netem` is told; undefined, or why the kernel cannot. */
  disturb(how: readonly string[]): Promise<string | undefined>;
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

export async function startTwoHosts(): Promise<TwoHosts> {
  made += 1;
  const id = `${process.pid}-${made}`;
  const names = { near: `codex-env-near-${id}`, far: `codex-env-far-${id}` };
  // Interfaces have short names, and these addresses are for documents only.
  const ends = { near: `cen${process.pid}${made}`.slice(-15), far: `cef${process.pid}${made}`.slice(-15) };
  const addresses = { near: "192.0.2.1", far: "192.0.2.2" };
  const remove = async () => {
    for (const name of Object.values(names)) await $`ip netns del ${name}`.quiet().nothrow();
  };
  try {
    for (const name of Object.values(names)) await $`ip netns add ${name}`.quiet();
    await $`ip link add ${ends.near} netns ${names.near} type veth peer name ${ends.far} netns ${names.far}`.quiet();
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
    async disturb(how) {
      const words = ["tc", "-n", names.far, "qdisc", "replace", "dev", ends.far, "root", "netem", ...how];
      const done = await $`${words}`.quiet().nothrow();
      return done.exitCode === 0 ? undefined : done.stderr.toString().trim();
    },
    [Symbol.asyncDispose]: remove,
  };
}
