/** What a word or an operator stands in. The first row holds commands, the others take their words in their own way. */
export type Scope =
  | ("root" | "parentheses" | "braces" | "if" | "then" | "while" | "do" | "case body")
  | ("for" | "for name" | "for words" | "for head" | "for do")
  | ("case" | "case in" | "case pattern" | "case in pattern")
  | ("function" | "function name" | "function parentheses" | "function body")
  | ("test" | "array" | "glob" | "double quotes" | "parameter");

/** Where in a command the next word stands. Reserved words count before its first one, and closing ones after "closed". */
type Place = "start" | "prefix" | "name" | "arguments" | "closed";

interface Frame {
  readonly scope: Scope;
  /** For a scope inside a word: what to go on with after it. */
  readonly resume: { readonly place: Place; readonly target: boolean } | undefined;
}

const commandScopes: ReadonlySet<Scope> = new Set([
  ...(["root", "parentheses", "braces", "if", "then", "while", "do", "case body"] as const),
]);

/** Reserved words that open a scope in which another command starts, or words of their own kind. */
const openers: ReadonlyMap<string, Scope> = new Map([
  ["if", "if"],
  ["while", "while"],
  ["until", "while"],
  ["for", "for"],
  ["select", "for"],
  ["case", "case"],
  ["{", "braces"],
  ["[[", "test"],
  ["function", "function"],
]);

/** Reserved words that end a scope, or a part of it: what they must stand in, and what follows. */
const closers: ReadonlyMap<string, readonly [from: Scope, to: Scope | undefined]> = new Map([
  ["then", ["if", "then"]],
  ["elif", ["then", "if"]],
  ["else", ["then", "then"]],
  ["fi", ["then", undefined]],
  ["do", ["while", "do"]],
  ["done", ["do", undefined]],
  ["esac", ["case body", undefined]],
  ["}", ["braces", undefined]],
]);

/** Words that leave the next one in the place of a command. */
const prefixes: ReadonlySet<string> = new Set(["!", "time", "coproc"]);

/** Follows the compound commands of a shell text, token by token, and knows which are open. Never throws. */
export class CommandStructure {
  readonly #frames: Frame[] = [];
  #place: Place = "start";
  /** The next word is the file of a redirection. */
  #target = false;
  /** `&&`, `||` or `|` waits for its right side. */
  joined = false;
  /** The shell refuses this text whatever follows, so nothing more is to be waited for. */
  broken = false;

  get scope(): Scope {
    return this.#frames.at(-1)?.scope ?? "root";
  }

  /** A compound command waits for its end. A test alone does not: the shell is to say what it lacks. */
  get open(): boolean {
    return !this.broken && this.#frames.some(({ scope }) => scope !== "test");
  }

  get startsCommand(): boolean {
    return commandScopes.has(this.scope) && (this.#place === "start" || this.#place === "prefix");
  }

  /** Enters a scope that is part of a word. */
  enterInWord(scope: Scope): void {
    this.#frames.push({ scope, resume: { place: this.#place, target: this.#target } });
    this.#place = "start";
    this.#target = false;
  }

  /** Leaves the innermost scope; true where it was part of a word. */
  leave(): boolean {
    const resume = this.#frames.pop()?.resume;
    this.#place = resume?.place ?? "closed";
    this.#target = resume?.target ?? false;
    return resume !== undefined;
  }

  /** A whole word; whatever is quoted in it must not look like a reserved word. */
  word(text: string): void {
    const { scope } = this;
    if (commandScopes.has(scope)) return this.#commandWord(text);
    switch (scope) {
      case "test":
        if (text === "]]") this.leave();
        return;
      case "for":
        return this.#turn("for name");
      case "for name":
        return text === "in" ? this.#turn("for words") : this.#loopBody(text);
      case "for head":
      case "for do":
        return this.#loopBody(text);
      case "case":
        return this.#turn("case in");
      case "case in":
        return text === "in" ? this.#turn("case pattern") : this.#break();
      case "case pattern":
        if (text !== "esac") return this.#turn("case in pattern");
        this.leave();
        return;
      case "function":
        return this.#turn("function name");
      case "function name":
      case "function body": {
        const opened = openers.get(text);
        return opened === undefined || text === "function" ? this.#break() : this.#turn(opened);
      }
      case "function parentheses":
        return this.#break();
      default:
    }
  }

  newline(): void {
    const { scope } = this;
    this.#target = false;
    if (commandScopes.has(scope)) this.#place = "start";
    else if (scope === "for words" || scope === "for head") this.#turn("for do");
    else if (["for", "case", "case in pattern", "function", "function parentheses"].includes(scope))
      this.#break();
  }

  /** `;`, `&`, and those that join commands or end a branch of `case`. */
  operator(text: string): void {
    const { scope } = this;
    if (scope === "test" || scope === "array" || scope === "glob") return;
    if (scope === "case in pattern" && text === "|") return;
    if (text.startsWith(";") && text !== ";") {
      return scope === "case body" ? this.#turn("case pattern") : this.#break();
    }
    if (text === ";" && (scope === "for name" || scope === "for words" || scope === "for head")) {
      return this.#turn("for do");
    }
    if (!commandScopes.has(scope) || this.#place === "start" || this.#target) return this.#break();
    this.#place = "start";
    this.joined = text !== ";" && text !== "&";
  }

  /** `<`, `>` and their like. */
  redirection(target: "follows" | "included"): void {
    if (this.scope === "test") return;
    if (!commandScopes.has(this.scope)) return this.#break();
    this.joined = false;
    this.#target = target === "follows";
    if (this.#place !== "closed") this.#place = "arguments";
  }

  /** `(` that is part of no word. */
  openParenthesis(): void {
    const { scope } = this;
    if (scope === "array") return this.enterInWord("array");
    if (scope === "test") return;
    if (scope === "case pattern") return this.#turn("case in pattern");
    if (scope === "function name") return this.#turn("function parentheses");
    if (scope === "function body") return this.#turn("parentheses");
    if (this.startsCommand) return this.#enter("parentheses");
    if (commandScopes.has(scope) && this.#place === "name") return this.#enter("function parentheses");
    this.#break();
  }

  /** True where it ended a scope that is part of a word. */
  closeParenthesis(): boolean {
    const { scope } = this;
    if (scope === "array" || scope === "glob" || scope === "parentheses") return this.leave();
    if (scope === "function parentheses") this.#turn("function body");
    else if (scope === "case in pattern") this.#turn("case body");
    else if (scope !== "test") this.#break();
    return false;
  }

  /** A whole `(( ))`. */
  arithmetic(): void {
    if (this.scope === "for") return this.#turn("for head");
    if (this.scope === "function body") this.leave();
    else if (!this.startsCommand) this.#break();
    this.joined = false;
    this.#place = "closed";
  }

  #commandWord(text: string): void {
    this.joined = false;
    if (this.#target) {
      this.#target = false;
      return;
    }
    if (this.#place === "name" || this.#place === "arguments") {
      this.#place = "arguments";
      return;
    }
    const closer = closers.get(text);
    if (closer !== undefined) {
      if (closer[0] !== this.scope) this.#break();
      else if (closer[1] === undefined) this.leave();
      else this.#turn(closer[1]);
      return;
    }
    if (this.#place === "closed") return this.#break();
    const opened = openers.get(text);
    if (opened !== undefined) this.#enter(opened);
    else this.#place = prefixes.has(text) ? "prefix" : "name";
  }

  /** The word that starts the body of a `for`. */
  #loopBody(text: string): void {
    if (text === "do") this.#turn("do");
    else if (text === "{") this.#turn("braces");
    else if (text === "in" && this.scope === "for name") this.#turn("for words");
    else this.#break();
  }

  #enter(scope: Scope): void {
    this.#frames.push({ scope, resume: undefined });
    this.#place = "start";
    this.joined = false;
  }

  #turn(scope: Scope): void {
    this.#frames.pop();
    this.#enter(scope);
  }

  #break(): void {
    this.broken = true;
  }
}
