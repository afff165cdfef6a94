/** Variables that hold secrets for us alone. */
const ownSecrets = ["CODEX_ENV_TOKEN", "CODEX_EXEC_SERVER_NOISE_AUTH_TOKEN"];

/** Variables as what we start may have them. */
export function withoutOwnSecrets(
  variables: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables)) {
    if (value !== undefined && !ownSecrets.includes(name)) kept[name] = value;
  }
  return kept;
}
