import { describe, expect, test } from "bun:test";
import { EnvironmentConfigError } from "../../../../core/environment/config/config-error.ts";
import { snapshotFromTexts } from "../../../../core/environment/provider/snapshot-from-files.ts";
import { againstTheRules, type JudgedFile, misshapen, taken, unparsable } from "./refused-files.ts";

const path = "/home/me/.codex/environments.toml";

function refusal(text: string): EnvironmentConfigError | undefined {
  try {
    snapshotFromTexts({ environments: { path, text } }, "/home/me/.codex");
    return undefined;
  } catch (error) {
    if (error instanceof EnvironmentConfigError) return error;
    throw error;
  }
}

/** The published client's words, as it prints them, without what may be a secret. */
function printed({ verdict, ours = verdict ?? undefined }: JudgedFile): string {
  const said = ours?.replace(/^parse: /, `failed to parse environment config \`${path}\`: `);
  return `exec-server protocol error: ${said}`;
}

describe("environments.toml", () => {
  test.each([...misshapen, ...againstTheRules].map((file) => [file.text, file] as const))(
    "%j is refused in the published client's words, with its place",
    (text, file) => {
      const error = refusal(text);
      expect(error?.reference).toBe(printed(file));
      expect(error?.line).toBeNumber();
      expect(error?.column).toBeNumber();
      if (file.at !== undefined) expect([error?.line ?? 0, error?.column ?? 0]).toEqual([...file.at]);
      expect(error?.suggestion).toBe(file.suggestion ?? error?.suggestion);
      expect(error?.message).toContain(`line ${error?.line}, column ${error?.column} of environments.toml`);
    },
  );

  test.each(taken.map(({ text }) => [text]))("%j is taken", (text) => {
    expect(refusal(text)).toBeUndefined();
  });

  test.each(unparsable.map((text) => [text]))("%j is no TOML, which is said with its place", (text) => {
    const error = refusal(text);
    expect(error?.message).toStartWith(`failed to parse environment config \`${path}\`: `);
    expect(error?.line).toBePositive();
  });

  test("an unknown default names the one that was meant", () => {
    expect(refusal('default = "devbx"\n[[environments]]\nid = "devbox"\nprogram = "x"\n')?.message).toBe(
      "default environment `devbx` is not configured (line 1, column 1 of environments.toml; did you mean `devbox`?; codex-env env default NAME chooses another)",
    );
  });

  test("no error repeats a token, a header or a password", () => {
    const texts = [
      '[[environments]]\nid = "a"\nurl = "ws://u:sesame@h<>"\n',
      '[[environments]]\nid = "a"\nurl = "http://u:sesame@h"\n',
      '[[environments]]\nid = "a"\nurl = "ws://far"\nauth_bearer_token = "sesame"\n',
      '[[environments]]\nid = "a"\nurl = "ws://localhost"\nauth_bearer_token = "sesame\\u0000"\n',
    ];
    for (const text of texts) {
      const error = refusal(text);
      expect(error).toBeDefined();
      expect(`${error?.message} ${error?.reference} ${Bun.inspect(error)}`).not.toContain("sesame");
    }
  });
});
