/** Names this machine: the same for every server on it, and telling nothing about it. */
export function providerId(machine: string): string {
  const hasher = new Bun.CryptoHasher("sha256");
  hasher.update("codex-env provider\0").update(machine);
  return `sha256:${hasher.digest("hex")}`;
}
