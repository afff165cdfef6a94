/**
 * The paths of the host that bubblewrap will bind by their names, in these arguments: each may be handed over as a
 * descriptor instead. Writable ones come first, since they are what matters most.
 */
export function boundPaths(words: readonly string[]): readonly string[] {
  return [...boundBy("--bind", words), ...boundBy("--ro-bind", words)];
}

function boundBy(option: string, words: readonly string[]): readonly string[] {
  return words.flatMap((word, index) => {
    const [source, target] = words.slice(index + 1, index + 3);
    return word === option && source !== undefined && source === target && !isKernels(source) ? [source] : [];
  });
}

/** Nobody in a sandbox can exchange these; the root cannot be exchanged at all. */
function isKernels(path: string): boolean {
  return path === "/" || path === "/sys" || path === "/proc/sys";
}
