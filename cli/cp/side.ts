/** One end of a copy. */
export type Side =
  | { readonly kind: "here"; readonly path: string }
  | {
      readonly kind: "there";
      /** Absent: the one that `-e`, `--url` or the default says. */
      readonly environment: string | undefined;
      readonly path: string;
    };

/** `env:PATH` and `NAME:PATH` are in an environment, all else is here; a name with a colon in it is written `./a:b`. */
export function parseSide(word: string): Side {
  const [, name, path = ""] = /^([A-Za-z0-9_-]+):(.*)$/s.exec(word) ?? [];
  if (name === undefined) return { kind: "here", path: word };
  return { kind: "there", environment: name === "env" ? undefined : name, path };
}
