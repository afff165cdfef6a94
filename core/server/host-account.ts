import { homedir, userInfo } from "node:os";

export interface HostAccount {
  /** The login shell of the passwd entry, not $SHELL; `/bin/sh` where the account has none. */
  readonly shell: string;
  readonly home: string;
}

/** The account the server runs as. */
export function hostAccount(): HostAccount {
  try {
    const { shell, homedir: home } = userInfo();
    return { shell: shell === null || shell === "" ? "/bin/sh" : shell, home };
  } catch {
    // An account without a passwd entry: a uid that a container was given.
    return { shell: "/bin/sh", home: homedir() };
  }
}
