import { makes, reads, shellDoes, shellTells, writes } from "../acts.ts";
import type { Attack, Family, Outcome } from "../attack.ts";
import {
  alsoForLandlock,
  bothWrite,
  entries,
  managed,
  type Profile,
  pathEntry,
  rootRead,
  type Sandbox,
  special,
  unconfined,
  workspace,
  workspaceWrite,
} from "../profiles.ts";
import type { Scene } from "../scene.ts";

const parsed = "the object is read whole before anything is done; what is not understood is refused";
const literal =
  "an entry grants what it names and nothing else; the server's own directories stand for nothing";

const attack = (
  name: string,
  wall: string,
  confined: Profile,
  attempt: (scene: Scene) => Promise<Outcome> = (scene) => writes(scene, "ws/n.txt"),
  allowed: readonly Profile[] = [workspaceWrite, unconfined],
): Attack => ({ name: `policy: ${name}`, wall, confined: alsoForLandlock(confined), allowed, attempt });

const writeOutside = (scene: Scene) => writes(scene, "out/n.txt");
const outsideTwin: readonly Profile[] = [bothWrite, unconfined];
const own = [rootRead, workspace("write")];

/** Members of a sandbox over those of a workspace that may be written. */
const changed =
  (more: Sandbox): Profile =>
  (place) => ({ ...managed(place, own), ...more });
/** The permissions are something else altogether. */
const permitting = (permissions: unknown): Profile => changed({ permissions });

const subpath = (path: string, access = "write") => special("project_roots", access, { subpath: path });

export const policyAttacks: Family = [
  attack("no workspace root is given, only a cwd", literal, changed({ workspaceRoots: [] })),
  attack("workspace roots are absent, only a cwd", literal, changed({ workspaceRoots: undefined })),
  attack("the workspace root is missing on disk, and its parent is written", literal, (place) => ({
    ...managed(place, own),
    workspaceRoots: [`file://${place.workspace}/nowhere`],
  })),
  attack(
    "a subpath climbs out of the workspace",
    literal,
    entries(() => [rootRead, subpath("../out")]),
    writeOutside,
    outsideTwin,
  ),
  attack(
    "a subpath goes down and climbs out",
    literal,
    entries(() => [rootRead, subpath("sub/../../out")]),
    writeOutside,
    outsideTwin,
  ),
  attack(
    "a subpath is absolute",
    literal,
    entries((place) => [rootRead, subpath(place.outside)]),
    writeOutside,
    outsideTwin,
  ),
  attack(
    "a subpath is a link to the outside",
    "a root is where its real path is: the profile's author named the link, but a link in a workspace is not the author's word",
    entries(() => [rootRead, workspace("write"), subpath("link")]),
    (scene) => {
      scene.symlink("../out", "ws/link");
      return writes(scene, "ws/link/n.txt", "out/n.txt");
    },
    outsideTwin,
  ),
  attack(
    "an unknown special path grants the disk",
    literal,
    entries(() => [rootRead, special("unknown", "write", { path: ":everything" })]),
  ),
  attack("the current directory of the server is granted to a profile that names none", literal, (place) => ({
    ...managed(place, [rootRead, special("current_working_directory", "write")]),
    workspaceRoots: [],
  })),
  attack(
    "a plain path of / is no full disk: a denied path in it stays denied",
    literal,
    entries((place) => [pathEntry("/", "write"), pathEntry(`${place.workspace}/priv`, "deny")]),
    (scene) => reads(scene, "ws/priv/p.txt", scene.secrets.denied),
  ),
  attack(
    "deny and write name the same path, deny first",
    literal,
    entries((place) => [
      rootRead,
      pathEntry(`${place.workspace}/priv`, "deny"),
      pathEntry(`${place.workspace}/priv`, "write"),
    ]),
    (scene) => reads(scene, "ws/priv/p.txt", scene.secrets.denied),
  ),
  attack(
    "a read entry reopens a file under a denied directory",
    literal,
    entries((place) => [
      rootRead,
      workspace("write"),
      pathEntry(`${place.workspace}/priv`, "deny"),
      pathEntry(`${place.workspace}/priv/p.txt`, "read"),
    ]),
    (scene) => reads(scene, "ws/priv/p.txt", scene.secrets.denied),
  ),
  attack(
    "a denied path is spelt with dots and doubled slashes",
    literal,
    entries((place) => [
      rootRead,
      workspace("write"),
      pathEntry(`${place.workspace}/sub/..//./priv/`, "deny"),
    ]),
    (scene) => reads(scene, "ws/priv/p.txt", scene.secrets.denied),
  ),
  attack(
    "the old name of deny is none",
    literal,
    entries((place) => [rootRead, workspace("write"), pathEntry(`${place.workspace}/priv`, "none")]),
    (scene) => reads(scene, "ws/priv/p.txt", scene.secrets.denied),
  ),
  attack(
    "the client asks to bypass the sandbox at first",
    literal,
    changed({ sandboxOverride: "bypassSandboxFirstAttempt" }),
    writeOutside,
    outsideTwin,
  ),
  attack(
    "the client asks for the legacy mechanism",
    literal,
    changed({ useLegacyLandlock: true }),
    writeOutside,
    outsideTwin,
  ),
  attack("permissions are of no known type", parsed, permitting({ type: "lenient" })),
  attack("permissions are missing", parsed, changed({ permissions: undefined })),
  attack("permissions are disabled in capitals", parsed, permitting({ type: "Disabled" })),
  attack(
    "an access is of no known kind",
    parsed,
    entries(() => [rootRead, workspace("everything")]),
  ),
  attack(
    "a path is no URI",
    parsed,
    entries((place) => [rootRead, { path: { type: "path", path: place.workspace }, access: "all" }]),
  ),
  attack(
    "an entry's path is of no known type, and denies",
    parsed,
    entries(() => [rootRead, workspace("write"), { path: { type: "regex", pattern: ".*" }, access: "deny" }]),
  ),
  attack(
    "the entries are no list",
    parsed,
    permitting({
      type: "managed",
      file_system: { type: "restricted", entries: {} },
      network: "restricted",
    }),
  ),
  attack(
    "a scan depth of 0 is given",
    parsed,
    permitting({
      type: "managed",
      file_system: { type: "restricted", entries: own, glob_scan_max_depth: 0 },
      network: "restricted",
    }),
  ),
  attack("the sandbox is a text", parsed, () => Object("danger-full-access")),
  attack("the sandbox is an empty object", parsed, () => ({})),
  attack("the sandbox is a list", parsed, () => Object([])),
  attack("the sandbox is false", parsed, () => Object(false)),
  {
    name: "policy: a process gets a writable directory from a cwd alone",
    wall: literal,
    confined: [changed({ workspaceRoots: [] })],
    allowed: [workspaceWrite, unconfined],
    attempt: (scene) => shellDoes(scene, "echo x > n.txt", () => scene.exists("ws/n.txt")),
  },
  {
    name: "policy: a process with an unreadable sandbox runs without one",
    wall: parsed,
    confined: [permitting({ type: "lenient" })],
    allowed: [unconfined],
    attempt: (scene) => shellTells(scene, "cat ../out/o.txt", scene.secrets.outside),
  },
  {
    name: "policy: a process asks for a managed network that nobody enforces",
    wall: "enforceManagedNetwork without a proxy is refused",
    confined: alsoForLandlock(workspaceWrite),
    allowed: [unconfined],
    attempt: async (scene) => {
      const members = scene.sandbox === null ? {} : { enforceManagedNetwork: true };
      const ran = await scene.run(["/bin/echo", "it ran"], members);
      return ran.output.includes("it ran")
        ? { kind: "through", evidence: ran.output }
        : { kind: "held", how: ran.refused ?? "" };
    },
  },
  attack(
    "a writable entry is a file: what is beside it is written",
    literal,
    entries((place) => [rootRead, pathEntry(`${place.workspace}/a.txt`, "write")]),
    (scene) => writes(scene, "ws/n.txt"),
  ),
  attack(
    "a workspace root is a link: what is beside its target is written",
    literal,
    (place) => ({ ...managed(place, own), workspaceRoots: [`file://${place.directory}/alias`] }),
    (scene) => {
      scene.symlink("ws/sub", "alias");
      return makes(scene, "ws/new");
    },
  ),
];
