/** Texts that differ from run to run, and the name that stands for each. Longer ones come first. */
export type Substitutions = readonly (readonly [text: string, name: string])[];

function normaliseText(text: string, substitutions: Substitutions): string {
  let result = text;
  for (const [from, name] of substitutions) result = result.split(from).join(name);
  return result
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<UUID>")
    .replace(/sha256:[0-9a-f]{64}/g, "<SHA256>")
    .replace(/(127\.0\.0\.1|0\.0\.0\.0|\[::1\]|localhost):\d{4,5}/g, "$1:<PORT>")
    .replace(/(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT/g, "<DATE>")
    .replace(/\/dev\/pts\/\d+/g, "/dev/pts/<N>")
    .replace(/codex-arg0[A-Za-z0-9]+/g, "codex-arg0<X>");
}

function normaliseMember(name: string, value: unknown, substitutions: Substitutions): unknown {
  const isTime = name === "createdAtMs" || name === "modifiedAtMs";
  if (isTime && typeof value === "number" && value > 1e11) return "<MS>";
  return normalise(value, substitutions);
}

/** A case's result as plain JSON in which nothing depends on the run. Members that are undefined are null. */
export function normalise(value: unknown, substitutions: Substitutions): unknown {
  if (typeof value === "string") return normaliseText(value, substitutions);
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return value.map((item) => normalise(item, substitutions));
  if (typeof value !== "object" || value === null) return value ?? null;
  const members = Object.entries(value).map(([name, member]) => [
    normaliseText(name, substitutions),
    normaliseMember(name, member, substitutions),
  ]);
  return Object.fromEntries(members);
}
