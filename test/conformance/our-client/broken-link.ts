import type { Environment } from "../../../core/environment/environment.ts";
import { type Fate, type LinkProxy, type Passing, startLinkProxy } from "../client/link-proxy.ts";
import { type ServerName, serve } from "./both-servers.ts";

/** An environment on a server of its own, by a link that breaks. */
export interface BrokenLink extends AsyncDisposable {
  readonly environment: Environment;
  readonly proxy: LinkProxy;
  readonly place: string;
}

/** `decide` says what becomes of each message. */
export async function openBrokenLink(
  name: ServerName,
  decide: (proxy: () => LinkProxy) => (passing: Passing) => Fate,
): Promise<BrokenLink> {
  const started = Promise.withResolvers<LinkProxy>();
  let proxy: LinkProxy | undefined;
  const theProxy = (): LinkProxy => {
    if (proxy === undefined) throw new Error("the proxy is not there yet");
    return proxy;
  };
  const served = await serve(name, "websocket", async (url) => {
    proxy = await startLinkProxy(url, decide(theProxy));
    started.resolve(proxy);
    return proxy.url;
  });
  return {
    environment: served.environment,
    proxy: await started.promise,
    place: served.place(),
    async [Symbol.asyncDispose]() {
      await served[Symbol.asyncDispose]();
      await proxy?.[Symbol.asyncDispose]();
    },
  };
}
