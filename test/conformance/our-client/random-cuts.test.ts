import { beforeAll, describe, expect, test } from "bun:test";
import { CuttingProxy, type Harm } from "../../support/cutting-proxy.ts";
import { installReference } from "../install-reference.ts";
import { type ServedEnvironment, type ServerName, serve } from "./both-servers.ts";
import { exited } from "./client-step.ts";
import { finish, Running, script } from "./running.ts";

beforeAll(installReference, 120_000);

const servers: readonly ServerName[] = ["the published server", "our server"];
const cuts = 6;
/** What the published server keeps, with room to spare: neither may lose any of it. */
const lines = Array.from({ length: 60_000 }, (_, index) => `${index + 1}\n`).join("");

/** A generator of its own, so that a failing run can be repeated by its seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** An environment over a proxy that breaks the first connections. */
async function over(
  name: ServerName,
  harm: () => Harm,
): Promise<ServedEnvironment & { readonly proxy: CuttingProxy }> {
  let proxy: CuttingProxy | undefined;
  const served = await serve(name, "websocket", async (url) => {
    const { hostname: host, port } = new URL(url);
    proxy = new CuttingProxy({
      host,
      port: Number(port),
      harm: (connection) => (connection < cuts ? harm() : { kind: "none" }),
    });
    return proxy.url;
  });
  if (proxy === undefined) throw new Error("there is no proxy");
  return {
    ...served,
    proxy,
    async [Symbol.asyncDispose]() {
      await served[Symbol.asyncDispose]();
      proxy?.[Symbol.dispose]();
    },
  };
}

describe.each(servers)("our client on %s, cut at random bytes", (name) => {
  test.each([1, 2, 3])("takes output whole, once and in order (seed %i)", async (seed) => {
    const random = seeded(seed);
    const harm = (): Harm => ({ kind: "cut", afterBytes: 600 + Math.floor(random() * 150_000) });
    await using served = await over(name, harm);
    const { output, ending } = await finish(
      served.environment,
      script("seq 1 60000; exit 7", served.place()),
    );
    expect(ending).toEqual(exited(7));
    expect(output["stdout"] === lines).toBe(true);
    expect(served.proxy.connections).toBeGreaterThan(1);
  });

  test.each([4, 5])("gives stdin whole, once and in order (seed %i)", async (seed) => {
    const random = seeded(seed);
    const harm = (): Harm => ({ kind: "cut upload", afterBytes: 1_000 + Math.floor(random() * 150_000) });
    await using served = await over(name, harm);
    const spec = script(`head -c ${lines.length} | sha256sum`, served.place(), {
      stdio: { kind: "pipes", stdin: true },
    });
    const running = await Running.start(served.environment, spec);
    await running.type(lines);
    const { output, ending } = await running.outcome();
    expect(ending).toEqual(exited(0));
    expect(output["stdout"]).toBe(`${new Bun.CryptoHasher("sha256").update(lines).digest("hex")}  -\n`);
    expect(served.proxy.connections).toBeGreaterThan(1);
  });
});
