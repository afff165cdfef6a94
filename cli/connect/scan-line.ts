/** What a line still needs before a shell could run it. */
export type Unfinished = "quote" | "backslash" | "heredoc" | "operator";

export interface LineScan {
  readonly unfinished: Unfinished | undefined;
  /** The line without a `&` at its end, where there is one that makes it a job. */
  readonly background: string | undefined;
}

interface Heredoc {
  readonly delimiter: string;
  readonly indented: boolean;
}

/** Reads a line the way a POSIX shell cuts it into words, no further than needed here. Pure. */
export function scanLine(text: string): LineScan {
  const cursor = new Cursor(text);
  const heredocs: Heredoc[] = [];
  /** Where the last bare `&` stands, and the last character that is no space. */
  let ampersand = -1;
  let last = -1;
  /** Where the last character stands that a backslash made an ordinary one. */
  let escaped = -1;
  let arithmetic = 0;
  /** The character before `at`, or a letter where a backslash took its meaning. */
  const before = (at: number) => (escaped === at - 1 && at > 0 ? "x" : (text[at - 1] ?? ""));
  while (!cursor.done) {
    const at = cursor.at;
    const char = cursor.next();
    if (char === "\n") {
      for (const heredoc of heredocs.splice(0)) {
        if (!cursor.skipHeredoc(heredoc)) return { unfinished: "heredoc", background: undefined };
      }
      continue;
    }
    if (char === " " || char === "\t") continue;
    if (char === "#" && /^$|[\s;&|(]/.test(before(at))) {
      cursor.skipComment();
      continue;
    }
    last = at;
    if (char === "\\") {
      if (cursor.done || (cursor.rest === "\n" && heredocs.length === 0)) return unfinished("backslash");
      cursor.next();
      escaped = at + 1;
      last = escaped;
    } else if (char === "'" || char === '"' || char === "`") {
      if (!cursor.skipQuoted(char)) return unfinished("quote");
      last = cursor.at - 1;
    } else if (char === "(" && cursor.peek() === "(") arithmetic++;
    else if (char === ")" && cursor.peek() === ")" && arithmetic > 0) arithmetic--;
    else if (char === "<" && cursor.peek() === "<" && arithmetic === 0) {
      const heredoc = cursor.heredoc();
      if (heredoc !== undefined) heredocs.push(heredoc);
      last = cursor.at - 1;
    } else if (char === "&" && !/[<>&|]/.test(before(at)) && !/[>&]/.test(cursor.peek())) ampersand = at;
  }
  if (heredocs.length > 0) return unfinished("heredoc");
  if (last !== escaped && /(&&|(^|[^>])\|)$/.test(text.slice(0, last + 1))) return unfinished("operator");
  return {
    unfinished: undefined,
    background: ampersand >= 0 && ampersand === last ? text.slice(0, ampersand).trimEnd() : undefined,
  };
}

function unfinished(what: Unfinished): LineScan {
  return { unfinished: what, background: undefined };
}

class Cursor {
  readonly #text: string;
  at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get done(): boolean {
    return this.at >= this.#text.length;
  }

  get rest(): string {
    return this.#text.slice(this.at);
  }

  peek(): string {
    return this.#text[this.at] ?? "";
  }

  next(): string {
    return this.#text[this.at++] ?? "";
  }

  /** Past the closing quote; false where there is none. */
  skipQuoted(quote: string): boolean {
    while (!this.done) {
      const char = this.next();
      if (char === quote) return true;
      if (char === "\\" && quote !== "'") this.at++;
    }
    return false;
  }

  skipComment(): void {
    while (!this.done && this.peek() !== "\n") this.at++;
  }

  /** After the first `<` of `<<`: the heredoc it opens; undefined for `<<<`. */
  heredoc(): Heredoc | undefined {
    const match = /^<(-?)[ \t]*((?:'[^'\n]*'|"[^"\n]*"|\\.|[^\s'"\\;&|<>()])+)/.exec(this.rest);
    if (this.rest.startsWith("<<") || match === null) {
      this.at += this.rest.startsWith("<<") ? 2 : 1;
      return undefined;
    }
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
