import { compileC } from "./compile-c.ts";

const source = `${import.meta.dir}/exchange.c`;

/** Compiles what exchanges, which takes a while the first time. */
export async function prepareExchanging(): Promise<void> {
  await compileC(source);
}

/** Has a process exchange what stands at two paths, over and over, until it is disposed of. */
export async function exchanging(one: string, other: string): Promise<AsyncDisposable> {
  const program = await compileC(source);
  const child = Bun.spawn([program, one, other], { stdout: "pipe", stderr: "pipe" });
  const { done } = await child.stdout.getReader().read();
  if (done) throw new Error(`nothing is exchanged: ${await child.stderr.text()}`);
  return {
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}
