/**
 * Whether a pattern covers a whole variable name: case does not matter, `*` is any run, `?` one character, anything
 * else itself. The empty pattern covers nothing. Takes time in proportion to both lengths, whatever the pattern.
 */
export function coversName(pattern: string, name: string): boolean {
  if (pattern === "") return false;
  const wanted = Array.from(pattern.toLowerCase());
  const given = Array.from(name.toLowerCase());
  let patternAt = 0;
  let nameAt = 0;
  let starAt = -1;
  /** How far the latest star reaches; it grows when what follows the star does not fit. */
  let starReach = 0;
  while (nameAt < given.length) {
    const next = wanted[patternAt];
    if (next === "*") {
      starAt = patternAt;
      starReach = nameAt;
      patternAt += 1;
    } else if (next === "?" || (next !== undefined && next === given[nameAt])) {
      patternAt += 1;
      nameAt += 1;
    } else if (starAt !== -1) {
      starReach += 1;
      nameAt = starReach;
      patternAt = starAt + 1;
    } else {
      return false;
    }
  }
  return wanted.slice(patternAt).every((rest) => rest === "*");
}
