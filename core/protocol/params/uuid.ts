const canonical = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const groupLengths = [8, 4, 4, 4, 12];

/** Reads a UUID in any of the four spellings of Rust's uuid crate; gives the hyphenated lower-case one. */
export function parseUuid(text: string): string {
  if (canonical.test(text)) return text;
  const core = unwrap(text);
  const offset = text.indexOf(core);
  const bad = core.search(/[^0-9a-fA-F-]/);
  if (bad !== -1) {
    const found = String.fromCodePoint(core.codePointAt(bad) ?? 0);
    const rule = "expected an optional prefix of `urn:uuid:` followed by [0-9a-fA-F-]";
    const place = Buffer.byteLength(text.slice(0, offset + bad)) + 1;
    throw new Error(`invalid character: ${rule}, found \`${found}\` at ${place}`);
  }
  const groups = core.split("-");
  if (groups.length === 1 && text === core) {
    if (core.length !== 32) {
      throw new Error(`invalid length: expected length 32 for simple format, found ${core.length}`);
    }
    return hyphenate(core);
  }
  if (groups.length !== groupLengths.length) {
    throw new Error(`invalid group count: expected 5, found ${groups.length}`);
  }
  groups.forEach((group, index) => {
    const expected = groupLengths[index];
    if (group.length === expected) return;
    throw new Error(`invalid group length in group ${index}: expected ${expected}, found ${group.length}`);
  });
  return core.toLowerCase();
}

function unwrap(text: string): string {
  if (text.startsWith("urn:uuid:")) return text.slice("urn:uuid:".length);
  return text.startsWith("{") && text.endsWith("}") ? text.slice(1, -1) : text;
}

function hyphenate(digits: string): string {
  return digits.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
