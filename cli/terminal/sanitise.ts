/** What a terminal might obey: C0 and C1 controls, DEL, and characters that reorder or hide text. */
const dangerous =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;
const named: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\u001b": "\\e" };

/** Text from the other side as one line that is safe to show: controls become visible escapes. */
export function sanitise(text: string): string {
  return text.toWellFormed().replace(dangerous, visible);
}

/** The same for text of several lines: line ends and tabs stay. */
export function sanitiseLines(text: string): string {
  return text
    .toWellFormed()
    .replace(dangerous, (char) => (char === "\n" || char === "\t" ? char : visible(char)));
}

function visible(char: string): string {
  const code = char.charCodeAt(0);
  return named[char] ?? (code < 256 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`);
}

function hex(code: number, width: number): string {
  return code.toString(16).padStart(width, "0");
}
