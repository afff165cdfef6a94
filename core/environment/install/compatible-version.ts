/**
 * Whether a codex-env that is there already serves us as well as our own would: as new, and of the same line. Before 1.0
 * the second number is the line.
 */
export function isCompatible(theirs: string, ours: string): boolean {
  const [found, wanted] = [numbersOf(theirs), numbersOf(ours)];
  if (found === undefined || wanted === undefined) return false;
  if (found[0] !== wanted[0]) return false;
  if (found[0] === 0) return found[1] === wanted[1] && found[2] >= wanted[2];
  return found[1] > wanted[1] || (found[1] === wanted[1] && found[2] >= wanted[2]);
}

/** Of a released version; one that is marked as something else (`1.2.0-rc.1`) is not trusted to be it. */
function numbersOf(version: string): readonly [number, number, number] | undefined {
  const match = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})$/.exec(version.trim());
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3])];
}
