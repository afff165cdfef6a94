/** `node:net` knows these as well, but takes a millisecond to load: a sixth of a server's whole start. */

const octet = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const v4 = new RegExp(`^${octet}(?:\\.${octet}){3}$`);

/** Whether `text` is an IPv4 address in dotted decimal, without leading zeros. */
export function isIPv4(text: string): boolean {
  return v4.test(text);
}

/** Whether `text` is an IPv6 address, without brackets and without a zone. The last 32 bits may be an IPv4 address. */
export function isIPv6(text: string): boolean {
  const [before = "", after, ...more] = text.split("::");
  if (more.length > 0) return false;
  if (after === undefined) return groups(before, true) === 8;
  const [left, right] = [before === "" ? 0 : groups(before, false), after === "" ? 0 : groups(after, true)];
  return left + right <= 7;
}

/** How many groups of 16 bits a part of an address holds; infinitely many when it is none. */
function groups(part: string, isLast: boolean): number {
  const words = part.split(":");
  const endsInIPv4 = isLast && isIPv4(words.at(-1) ?? "");
  const hex = endsInIPv4 ? words.slice(0, -1) : words;
  if (!hex.every((word) => /^[0-9a-f]{1,4}$/i.test(word))) return Number.POSITIVE_INFINITY;
  return hex.length + (endsInIPv4 ? 2 : 0);
}
