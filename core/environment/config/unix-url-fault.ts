/** Why a URL names no Unix socket; undefined where it does. It is trimmed already. */
export function unixUrlFault(url: string): string | undefined {
  const path = /^unix:(?:\/\/)?(\/(?!\/).*)$/s.exec(url)?.[1];
  return path !== undefined && isEncoded(path)
    ? undefined
    : "a Unix socket is written unix:///absolute/path.sock";
}

function isEncoded(path: string): boolean {
  try {
    return !decodeURIComponent(path).includes("\0");
  } catch {
    return false;
  }
}
