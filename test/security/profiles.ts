import type { Place } from "./place.ts";

/** The `sandbox` member of a request. */
export type Sandbox = Readonly<Record<string, unknown>>;

/** A sandbox over the files of a place; null is none at all. */
export type Profile = (place: Place) => Sandbox | null;

type Entry = Readonly<Record<string, unknown>>;

const special = (kind: string, access: string, more: Entry = {}): Entry => ({
  path: { type: "special", value: { kind, ...more } },
  access,
});
const rootRead = special("root", "read");
const workspace = (access: string): Entry => special("project_roots", access);
export const pathEntry = (path: string, access: string): Entry => ({
  path: { type: "path", path: `file://${path}` },
  access,
});
export const globEntry = (pattern: string, access = "deny"): Entry => ({
  path: { type: "glob_pattern", pattern },
  access,
});

/** A managed sandbox of these entries over a place's workspace. */
export function managed(place: Place, entries: readonly Entry[], more: Entry = {}): Sandbox {
  return {
    permissions: {
      type: "managed",
      file_system: { type: "restricted", entries },
      network: "restricted",
    },
    cwd: `file://${place.workspace}`,
    workspaceRoots: [`file://${place.workspace}`],
    windowsSandboxLevel: "disabled",
    ...more,
  };
}

export function withNetwork(sandbox: Sandbox | null): Sandbox {
  return { ...sandbox, permissions: { ...Object(sandbox?.["permissions"]), network: "enabled" } };
}

const of =
  (entries: (place: Place) => readonly Entry[]): Profile =>
  (place) =>
    managed(place, entries(place));

/** The whole disk is the workspace, which is less than a full disk: the kernel's settings and our own directory stay closed. */
export const diskIsWorkspace: Profile = (place) => ({
  ...managed(place, [rootRead, workspace("write")]),
  workspaceRoots: ["file:///"],
});
/** No sandbox: what the server's own account may do. */
export const unconfined: Profile = () => null;
export const readOnly: Profile = of(() => [rootRead]);
export const workspaceWrite: Profile = of(() => [rootRead, workspace("write")]);
export const withTemporary: Profile = of(() => [
  rootRead,
  workspace("write"),
  special("slash_tmp", "write"),
  special("tmpdir", "write"),
]);
/** A directory that may be written, with nothing protected in it. */
export const unprotectedWrite = (directory: string): readonly Entry[] =>
  ["", "/.git", "/.agents", "/.codex", "/.aws"].map((name) => pathEntry(`${directory}${name}`, "write"));

/** Only one file may be written: what Landlock can hold as well, since nothing in a file has to be protected. */
const fileWrite: Profile = of((place) => [rootRead, pathEntry(`${place.workspace}/a.txt`, "write")]);
const minimalFileWrite: Profile = of((place) => [
  special("minimal", "read"),
  workspace("read"),
  pathEntry(`${place.workspace}/a.txt`, "write"),
]);
export const workspaceReadOnly: Profile = of(() => [special("minimal", "read"), workspace("read")]);
/** Reads the workspace and what programs need, writes the workspace. */
export const minimalWrite: Profile = of(() => [special("minimal", "read"), workspace("write")]);
export const denyPath: Profile = of((place) => [
  rootRead,
  workspace("write"),
  pathEntry(`${place.workspace}/priv`, "deny"),
]);
export const denyFile: Profile = of((place) => [
  rootRead,
  workspace("write"),
  pathEntry(`${place.workspace}/priv/p.txt`, "deny"),
]);
export const denyGlob: Profile = of((place) => [
  rootRead,
  workspace("write"),
  globEntry(`${place.workspace}/**/*.env`),
]);
export const rootWriteDeny: Profile = of((place) => [
  special("root", "write"),
  pathEntry(`${place.workspace}/priv`, "deny"),
]);
/** The workspace and its neighbour may be written: the twin of what must not leave the workspace. */
export const bothWrite: Profile = of((place) => [
  rootRead,
  workspace("write"),
  pathEntry(place.outside, "write"),
]);
/** The workspace and its neighbour may be read. */
export const bothRead: Profile = of((place) => [
  special("minimal", "read"),
  workspace("write"),
  pathEntry(place.outside, "read"),
]);
export const networked: Profile = (place) => withNetwork(managed(place, [rootRead, workspace("write")]));
export const networkedReadOnly: Profile = (place) => withNetwork(managed(place, [rootRead]));
/** Every file may be written, the network may not be used: nothing is mounted, the rest of the walls stay. */
export const fullDisk: Profile = of(() => [special("root", "write")]);
export const entries =
  (make: (place: Place) => readonly Entry[], more: Entry = {}): Profile =>
  (place) =>
    managed(place, make(place), more);
export { rootRead, special, workspace };

/** A profile, and the nearest that Landlock can hold as well. */
export function alsoForLandlock(profile: Profile): readonly Profile[] {
  if (profile === workspaceWrite) return [profile, fileWrite];
  return profile === minimalWrite ? [profile, minimalFileWrite] : [profile];
}

/** What must hold a process, whatever it is up to; the first that this mechanism can hold counts. */
export const strong: readonly Profile[] = [workspaceWrite, fileWrite, readOnly];
