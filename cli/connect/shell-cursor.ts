export interface Heredoc {
  readonly delimiter: string;
  readonly indented: boolean;
}

/** A place in the text of a shell line, and the steps over what is no command. */
export class ShellCursor {
  #text = "";
  at = 0;

  get text(): string {
    return this.#text;
  }

  append(text: string): void {
    this.#text += text;
  }

  get done(): boolean {
    return this.at >= this.#text.length;
  }

  sees(text: string): boolean {
    return this.#text.startsWith(text, this.at);
  }

  next(): string {
    return this.#text[this.at++] ?? "";
  }

  /** Steps over `text` where it comes next. */
  take(text: string): boolean {
    if (!this.sees(text)) return false;
    this.at += text.length;
    return true;
  }

  /** Past the closing quote; false where there is none. */
  skipQuoted(quote: string, escapes: boolean): boolean {
    while (!this.done) {
      const char = this.next();
      if (char === quote) return true;
      if (char === "\\" && escapes) this.at++;
    }
    return false;
  }

  /** Steps over what a sticky pattern matches here, and gives it. */
  skip(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const skipped = pattern.exec(this.#text)?.[0] ?? "";
    this.at += skipped.length;
    return skipped;
  }

  /**
   * After `((`: past the `))` of an arithmetic expression. "commands": the two are subshells, and the cursor stays.
   * "open": the text ends first.
   */
  skipArithmetic(): "skipped" | "commands" | "open" {
    let depth = 2;
    for (let at = this.at; at < this.#text.length; at++) {
      const char = this.#text[at];
      if (char === "\\") at++;
      else if (char === "(") depth++;
      else if (char === ")" && --depth === 1) {
        if (this.#text[at + 1] !== ")") return "commands";
        this.at = at + 2;
        return "skipped";
      }
    }
    return "open";
  }

  /** After `<<`: the heredoc it opens; undefined where no delimiter follows. */
  heredoc(): Heredoc | undefined {
    const pattern = /(-?)[ \t]*((?:'[^'\n]*'|"[^"\n]*"|\\.|[^\s'"\\;&|<>()])+)/y;
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.at += match[0].length;
    const delimiter = (match[2] ?? "").replace(/'([^']*)'|"([^"]*)"|\\(.)/g, "$1$2$3");
    return { delimiter, indented: match[1] === "-" };
  }

  /** Past the line that ends the heredoc; false where it has not come yet. */
  skipHeredoc({ delimiter, indented }: Heredoc): boolean {
    while (!this.done) {
      const end = this.#text.indexOf("\n", this.at);
      const line = this.#text.slice(this.at, end < 0 ? this.#text.length : end);
      this.at = end < 0 ? this.#text.length : end + 1;
      if ((indented ? line.replace(/^\t+/, "") : line) === delimiter) return true;
    }
    return false;
  }
}
