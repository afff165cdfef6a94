import { libc } from "./libc.ts";

const AF_INET = 2;
const AF_INET6 = 10;

/** The 4 or 16 bytes of an address in network order; an IPv4 address in IPv6 form gives 4. Undefined: it is none. */
export function ipBytes(text: string): Buffer | undefined {
  const plain = text.replace(/^::ffff:(?=\d+\.)/i, "");
  const isV6 = plain.includes(":");
  const bytes = Buffer.alloc(isV6 ? 16 : 4);
  const known = libc().inet_pton(isV6 ? AF_INET6 : AF_INET, Buffer.from(`${plain}\0`), bytes) === 1;
  return known ? bytes : undefined;
}
