/** One place where two normalised answers differ. `path` reads like `replies[0].error.message`. */
export interface Difference {
  readonly path: string;
  readonly reference: unknown;
  readonly ours: unknown;
}

export const absent = "<absent>";

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Every differing leaf; a member or element that only one side has is a leaf of its own. */
export function differences(reference: unknown, ours: unknown, path = ""): Difference[] {
  if (Array.isArray(reference) && Array.isArray(ours)) {
    const length = Math.max(reference.length, ours.length);
    return Array.from({ length }, (_, i) => i).flatMap((i) =>
      differences(i in reference ? reference[i] : absent, i in ours ? ours[i] : absent, `${path}[${i}]`),
    );
  }
  if (isObject(reference) && isObject(ours)) {
    const names = [...new Set([...Object.keys(reference), ...Object.keys(ours)])];
    return names.flatMap((name) => {
      const inner = path === "" ? name : `${path}.${name}`;
      const left = name in reference ? reference[name] : absent;
      const right = name in ours ? ours[name] : absent;
      return differences(left, right, inner);
    });
  }
  return Object.is(reference, ours) ? [] : [{ path, reference, ours }];
}
