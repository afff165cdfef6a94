import { anyOf } from "./any-of.ts";
import type { ArgumentDefinitions } from "./definition.ts";
import { type FoundFlag, findFlag } from "./find-flag.ts";
import { UsageError } from "./usage-error.ts";

/** What was typed, sorted by what it means. */
export interface GivenWords {
  readonly switches: ReadonlyMap<string, boolean>;
  /** Every value of a flag, in order. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly positionals: readonly string[];
  readonly rest: readonly string[];
}

/**
 * Sorts the words of a command line, or says "help" when they ask for it. With `takesRest` everything from the
 * first word without a dash (or after `--`) is the rest. Throws UsageError for unknown flags, a flag without
 * its value, a value for a switch, and a flag given twice.
 */
export function readWords(
  words: readonly string[],
  definitions: ArgumentDefinitions,
  takesRest: boolean,
): GivenWords | "help" {
  const switches = new Map<string, boolean>();
  const values = new Map<string, string[]>();
  const positionals: string[] = [];
  const given = (rest: readonly string[]): GivenWords => ({ switches, values, positionals, rest });
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (word === "--") {
      if (takesRest) return given(words.slice(index + 1));
      positionals.push(...words.slice(index + 1));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      if (takesRest) return given(words.slice(index));
      positionals.push(word);
      continue;
    }
    for (const [typed, inline] of flagsOf(word)) {
      const flag = findFlag(typed, definitions);
      if (flag.kind === "help") return "help";
      if (flag.kind === "value") {
        const value = inline ?? separateValue(typed, words[++index]);
        keepValue(values, { flag, typed, value });
      } else {
        if (inline !== undefined) throw new UsageError(`${typed} takes no value`);
        switches.set(flag.name, flag.on);
      }
    }
  }
  return given([]);
}

/** `--name=value` is a flag with its value; `-rv` is `-r -v`. */
function flagsOf(word: string): readonly (readonly [typed: string, inline: string | undefined])[] {
  const equals = word.indexOf("=");
  const name = equals < 0 ? word : word.slice(0, equals);
  const inline = equals < 0 ? undefined : word.slice(equals + 1);
  if (name.startsWith("--")) return [[name, inline]];
  const letters = [...name.slice(1)];
  return letters.map((letter, place) => [`-${letter}`, place === letters.length - 1 ? inline : undefined]);
}

function separateValue(typed: string, next: string | undefined): string {
  if (next === undefined) throw new UsageError(`${typed} needs a value`);
  if (!next.startsWith("-") || next === "-") return next;
  throw new UsageError(`${typed} needs a value (write ${typed}=${next} if that is the value)`);
}

interface TypedValue {
  readonly flag: Extract<FoundFlag, { kind: "value" }>;
  readonly typed: string;
  readonly value: string;
}

function keepValue(values: Map<string, string[]>, { flag, typed, value }: TypedValue): void {
  const { name, definition } = flag;
  const before = values.get(name) ?? [];
  if (before.length > 0 && !(definition.type === "string" && definition.repeat)) {
    throw new UsageError(`${typed} is given more than once`);
  }
  if (definition.type === "enum" && !definition.options.includes(value)) {
    throw new UsageError(`${typed} takes ${anyOf(definition.options)}, not ${JSON.stringify(value)}`);
  }
  values.set(name, [...before, value]);
}
