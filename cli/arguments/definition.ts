interface Described {
  readonly description: string;
  /** One letter: `alias: "r"` makes `-r` mean the same flag. */
  readonly alias?: string;
}

/**
 * `--name`. Without `default` and `negatable` it is false when absent; with `default` also `--no-name` is
 * understood; with `negatable` and no default it is `undefined` when neither form was given.
 */
export interface BooleanFlag extends Described {
  readonly type: "boolean";
  readonly default?: boolean;
  readonly negatable?: true;
}

/** `--name VALUE` or `--name=VALUE`. `repeat` collects every value; without it a second one is bad usage. */
export interface StringFlag extends Described {
  readonly type: "string";
  /** What stands for the value in the help, for example `URL`. */
  readonly valueHint: string;
  readonly default?: string;
  readonly required?: true;
  readonly repeat?: true;
}

/** `--name VALUE` where only the listed values are right. */
export interface ChoiceFlag extends Described {
  readonly type: "enum";
  readonly options: readonly [string, ...string[]];
  readonly default?: string;
  readonly required?: true;
}

/** An argument without a dash, taken in the order of the definitions. Required unless `required: false`. */
export interface PositionalArgument {
  readonly type: "positional";
  readonly description: string;
  readonly required?: false;
}

export type ArgumentDefinition = BooleanFlag | StringFlag | ChoiceFlag | PositionalArgument;

/** Keyed by the name as it is typed, without the dashes: `"session-ttl"`. */
export type ArgumentDefinitions = Readonly<Record<string, ArgumentDefinition>>;

type BooleanValue<D> = D extends { default: boolean }
  ? boolean
  : D extends { negatable: true }
    ? boolean | undefined
    : boolean;

type Present<D, V> = D extends { default: string } | { required: true } ? V : V | undefined;

type ArgumentValue<D extends ArgumentDefinition> = D extends { type: "boolean" }
  ? BooleanValue<D>
  : D extends { type: "enum"; options: readonly (infer Option)[] }
    ? Present<D, Option>
    : D extends { type: "positional" }
      ? D extends { required: false }
        ? string | undefined
        : string
      : D extends { repeat: true }
        ? readonly string[]
        : Present<D, string>;

/** What `run` is given, one typed value for each definition. */
export type ArgumentValues<A extends ArgumentDefinitions> = {
  readonly [Name in keyof A]: ArgumentValue<A[Name]>;
};
