import { once } from "../schema/once.ts";
import { flag } from "../schema/scalars.ts";
import { struct } from "../schema/struct.ts";

/** Both are accepted and not acted upon yet; only their outermost shape is looked at. */
export const managedNetwork = once(() => struct("ManagedNetworkSandboxContext", {}));

export const networkProxy = once(() =>
  struct("RemoteNetworkProxyLaunchConfig", {
    proxy: struct("RemoteNetworkProxyConfig", { enabled: flag, enableSocks5: flag }),
  }),
);
