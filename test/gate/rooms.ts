/** The rooms of the house from top to bottom. A room imports from lower lines only, never from its own line. */
const floors: readonly (readonly string[])[] = [
  ["cli"],
  ["core/environment"],
  ["core/server", "core/client"],
  ["core/session"],
  ["core/process", "core/filesystem", "core/http"],
  ["core/sandbox"],
  ["core/rpc"],
  ["core/transport"],
  ["core/protocol"],
  // Facts of this machine and the limits: everybody may ask for them.
  ["core/host"],
  ["core/limits.ts"],
];

/** All rooms, from top to bottom. */
export const rooms: readonly string[] = floors.flat();

/** The room that a file belongs to, by its path from the top of the checkout. */
export function roomOf(file: string): string | undefined {
  return rooms.find((room) => file === room || file.startsWith(`${room}/`));
}

/** Whether a file of one room may import a file of another. */
export function mayImport(from: string, to: string): boolean {
  return from === to || floorOf(from) < floorOf(to);
}

function floorOf(room: string): number {
  return floors.findIndex((floor) => floor.includes(room));
}
