/**
 * JSON text of a value, as JSON.stringify makes it, with bigints written exactly (JSON.stringify throws on one).
 * Members that are undefined are left out.
 */
export function stringifyJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return writeExactly(value);
  }
}

function writeExactly(value: unknown): string {
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return `[${value.map((item) => writeExactly(item ?? null)).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members: string[] = [];
  for (const [key, member] of Object.entries(value)) {
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${writeExactly(member)}`);
  }
  return `{${members.join()}}`;
}
