import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { $ } from "bun";
import { type PodApi, startPodApi } from "./pod-api.ts";

/** A pod that the kubectl of this machine finds; there is no cluster but its API and its one container. */
export interface KubectlTarget extends AsyncDisposable {
  readonly api: PodApi;
  /** With a `kubectl` on its PATH that knows the context `test`, and no other. */
  readonly variables: Readonly<Record<string, string>>;
  /** Kills every kubectl that runs with them. */
  killClients(): Promise<void>;
}

/** Why there can be none here; undefined where there can. */
export const lacksKubectl: string | undefined =
  Bun.which("kubectl") === null ? "there is no kubectl (Debian: kubernetes-client)" : undefined;

/** The pod `web` of the namespace `shop`, with the container `app`; `enter` stands before a command to run in there. */
export async function startKubectlTarget(enter: readonly string[]): Promise<KubectlTarget> {
  const api = await startPodApi({ namespace: "shop", name: "web", container: "app", enter });
  const directory = mkdtempSync(join(tmpdir(), "codex-env-kubectl-"));
  mkdirSync(join(directory, "bin"));
  // What it keeps beside its configuration.
  const script = `#!/bin/sh\nexec ${Bun.which("kubectl")} --cache-dir ${directory}/cache "$@"\n`;
  writeFileSync(join(directory, "bin/kubectl"), script, { mode: 0o755 });
  const configuration = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "test", cluster: { server: api.url } }],
    users: [{ name: "test", user: {} }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
  };
  writeFileSync(join(directory, "config"), JSON.stringify(configuration), { mode: 0o600 });
  return {
    api,
    variables: { PATH: `${directory}/bin:${process.env["PATH"]}`, KUBECONFIG: join(directory, "config") },
    // The directory is nobody else's.
    killClients: async () =>
      void (await $`pkill -KILL -f ${`kubectl.* --cache-dir ${directory}/cache `}`.quiet()),
    async [Symbol.asyncDispose]() {
      await api[Symbol.asyncDispose]();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
