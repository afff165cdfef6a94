import type { TomlPath } from "../toml/toml-positions.ts";

/** Something wrong at a place in a document, before anybody knows in which file and line that is. */
export class ConfigFault extends Error {
  override readonly name = "ConfigFault";
  readonly at: TomlPath;
  readonly kind: "shape" | "rule";
  readonly suggestion: string | undefined;
  /** What mends it. */
  readonly cure: string | undefined;
  /** What the published client names as the place. */
  readonly within: TomlPath;

  /** `shape`: a wrong type or an unknown name, told as a mistake of parsing. `rule`: what a sound document must not say. */
  constructor(
    message: string,
    fault: {
      readonly at: TomlPath;
      readonly kind: "shape" | "rule";
      readonly suggestion?: string | undefined;
      readonly cure?: string | undefined;
      readonly within?: TomlPath;
    },
  ) {
    super(message);
    this.at = fault.at;
    this.within = fault.within ?? fault.at;
    this.kind = fault.kind;
    this.suggestion = fault.suggestion;
    this.cure = fault.cure;
  }

  /** The same fault as seen from the container that has it at `step`. */
  below(step: string | number): ConfigFault {
    return new ConfigFault(this.message, {
      at: [step, ...this.at],
      within: [step, ...this.within],
      kind: this.kind,
      suggestion: this.suggestion,
      cure: this.cure,
    });
  }
}
