import { type Carrier, carrierOf } from "../../core/environment/install/carrier.ts";
import { type InstalledServer, installServer } from "../../core/environment/install/install-server.ts";
import { ownBinary } from "../../core/environment/install/own-binary.ts";
import { showProgress } from "../cp/show-progress.ts";
import { version } from "../version.ts";
import { warn } from "./warn.ts";

/** The command of an entry, which starts a codex-env elsewhere. */
export interface RemoteCommand {
  /** What people call the place: `ssh me@box`. */
  readonly label: string;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string | undefined;
  /** `--binary`. */
  readonly given?: string | undefined;
}

/** What is there now, and the command that starts it. */
export interface PlacedServer extends InstalledServer {
  readonly argv: readonly [string, ...string[]];
}

/**
 * Sees to it that there is a codex-env where the command leads, with a progress bar, and says on stderr what was done.
 * Undefined where the command starts no codex-env elsewhere. Rejects with InstallError.
 */
export async function placeServer(command: RemoteCommand): Promise<PlacedServer | undefined> {
  const carrier = carrierOf(command.argv);
  if (carrier === undefined) return undefined;
  const installed = await install(command, carrier);
  if (installed.how === "placed") {
    await warn([`codex-env ${version} is on ${command.label} now, at ${installed.binary}`]);
  }
  if (installed.removed.length > 0) {
    await warn([`removed from ${command.label}, long unused: ${installed.removed.join(", ")}`]);
  }
  return { ...installed, argv: carrier.argvWithServer(installed.binary) };
}

async function install(
  { label, env, cwd, given }: RemoteCommand,
  carrier: Carrier,
): Promise<InstalledServer> {
  const own = ownBinary();
  const far = carrier.far || isEngineElsewhere({ ...process.env, ...env });
  using progress = showProgress();
  return await installServer(
    {
      name: label,
      carrier: { ...carrier, far },
      ...(env === undefined ? {} : { env }),
      ...(cwd === undefined ? {} : { cwd }),
    },
    { version, progress, ...(own === undefined ? {} : { own }), ...(given === undefined ? {} : { given }) },
  );
}

/** Docker and podman may have been told of an engine on another machine. */
function isEngineElsewhere(variables: Readonly<Record<string, string | undefined>>): boolean {
  return ["DOCKER_HOST", "CONTAINER_HOST"].some((name) => /^(tcp|ssh|https?):/.test(variables[name] ?? ""));
}
