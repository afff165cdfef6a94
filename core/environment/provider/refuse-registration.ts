/** Any of these makes the published client run everything on a registered environment, whatever else is configured. */
const registrationVariables = [
  "CODEX_EXEC_SERVER_NOISE_REGISTRY_URL",
  "CODEX_EXEC_SERVER_NOISE_ENVIRONMENT_ID",
  "CODEX_EXEC_SERVER_NOISE_AUTH_TOKEN",
];

/** Commands would run elsewhere than the user's settings say. */
export class RegistrationRefusedError extends Error {
  override readonly name = "RegistrationRefusedError";
}

/** Throws {@link RegistrationRefusedError} where the published client would not run what is configured here. */
export function refuseRegistration(variables: Readonly<Record<string, string | undefined>>): void {
  const set = registrationVariables.filter((name) => (variables[name] ?? "").trim() !== "");
  if (set.length === 0) return;
  throw new RegistrationRefusedError(
    `${set.join(" and ")} ${set.length > 1 ? "are" : "is"} set: Codex would then run everything on a registered ` +
      "environment, which codex-env cannot reach yet; unset what is set to use the configured environments",
  );
}
