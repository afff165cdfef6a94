import { CommandStructure } from "./command-structure.ts";
import { type Heredoc, ShellCursor } from "./shell-cursor.ts";

/** What a line still needs before a shell could run it. */
export type Unfinished = "quote" | "backslash" | "heredoc" | "operator" | "compound";

export interface LineScan {
  readonly unfinished: Unfinished | undefined;
  /** The line without a `&` at its end, where there is one that makes it a job. */
  readonly background: string | undefined;
}

/**
 * Reads a line the way a shell cuts it into words, no further than needed here. Pure. Where a shell would refuse the
 * text whatever follows, the line is finished: the shell is to say so.
 */
export function scanLine(text: string): LineScan {
  const scanner = new Scanner(text);
  const needed = scanner.scan();
  const unfinished = needed === "compound" && ours.test(text) ? undefined : needed;
  return { unfinished, background: unfinished === undefined ? scanner.background : undefined };
}

/** Lines that are not for the shell: no compound command begins in them. */
const ours = /^\s*(\.[a-z]|@)/;
/** Stands in a word for what is quoted or expanded there, so that it is no reserved word. */
const hidden = "\0";
/** Longest first. */
const operators = [";;&", ";;", ";&", ";", "&&", "&", "||", "|&", "|"] as const;
const redirections = ["&>>", "&>", "<<<", "<&", "<>", "<", ">>", ">&", ">|", ">"] as const;

class Scanner {
  readonly #text: string;
  readonly #cursor: ShellCursor;
  readonly #structure = new CommandStructure();
  readonly #heredocs: Heredoc[] = [];
  #word = "";
  /** Where the last bare `&` stands, and the end of the last token. */
  #ampersand = -1;
  #end = 0;

  constructor(text: string) {
    this.#text = text;
    this.#cursor = new ShellCursor(text);
  }

  get background(): string | undefined {
    if (this.#ampersand < 0 || this.#end !== this.#ampersand + 1) return undefined;
    // Lines that follow are those of a heredoc.
    const newline = this.#text.indexOf("\n", this.#ampersand);
    const rest = newline < 0 ? "" : this.#text.slice(newline);
    return `${this.#text.slice(0, this.#ampersand).trimEnd()}${rest}`.trimEnd();
  }

  scan(): Unfinished | undefined {
    while (!this.#cursor.done) {
      const unfinished = this.#step();
      if (unfinished !== undefined) return unfinished;
    }
    const { scope } = this.#structure;
    if (scope === "double quotes") return "quote";
    this.#endWord();
    if (this.#heredocs.length > 0) return "heredoc";
    if (scope === "parameter") return "compound";
    if (this.#structure.broken) return undefined;
    if (this.#structure.joined) return "operator";
    this.#structure.newline();
    return this.#structure.open ? "compound" : undefined;
  }

  #step(): Unfinished | undefined {
    const { scope } = this.#structure;
    if (scope === "double quotes" || scope === "parameter") return this.#quotedStep(scope);
    const cursor = this.#cursor;
    if (cursor.take("\n")) return this.#newline();
    if (cursor.take(" ") || cursor.take("\t")) {
      this.#endWord();
      return undefined;
    }
    if (this.#word === "" && scope !== "glob" && scope !== "test" && cursor.take("#")) {
      cursor.skipComment();
      return undefined;
    }
    const unfinished = this.#token();
    this.#end = cursor.at;
    return unfinished;
  }

  /** In double quotes and in `${ }` there are no words. */
  #quotedStep(scope: "double quotes" | "parameter"): Unfinished | undefined {
    const structure = this.#structure;
    const closing = scope === "parameter" ? "}" : '"';
    const cursor = this.#cursor;
    let unfinished: Unfinished | undefined;
    if (cursor.take(closing)) {
      structure.leave();
      this.#word = hidden;
    } else if (cursor.take("\\")) cursor.next();
    else if (scope === "parameter" && cursor.take("'")) {
      // Shells disagree about it where double quotes are around: alone it stands for itself.
      const { at } = cursor;
      if (!cursor.skipQuoted("'", false)) cursor.at = at;
    } else if (!this.#expansion(true)) cursor.next();
    else unfinished = this.#open;
    this.#end = cursor.at;
    return unfinished;
  }

  /** Set by what found that the text ends inside it. */
  #open: Unfinished | undefined;

  #token(): Unfinished | undefined {
    const cursor = this.#cursor;
    if (cursor.take("\\")) {
      if (cursor.done) return "backslash";
      if (cursor.next() !== "\n") this.#word += hidden;
    } else if (cursor.take("'")) return this.#quoted("'", false);
    else if (cursor.take("$'")) return this.#quoted("'", true);
    else if (this.#expansion(false)) return this.#open;
    else if (cursor.take("(")) return this.#parenthesis();
    else if (cursor.take(")")) {
      this.#endWord();
      if (this.#structure.closeParenthesis()) this.#word = hidden;
    } else if (!this.#redirection() && !this.#operator()) this.#word += cursor.next();
    return undefined;
  }

  #quoted(quote: string, escapes: boolean): Unfinished | undefined {
    this.#word += hidden;
    return this.#cursor.skipQuoted(quote, escapes) ? undefined : "quote";
  }

  /** Steps into what begins with a dollar sign, a backquote or a double quote; outside of quotes also `<(` and `>(`. */
  #expansion(quoted: boolean): boolean {
    const cursor = this.#cursor;
    const structure = this.#structure;
    if (cursor.take("`")) this.#open = this.#quoted("`", true);
    else if (cursor.take("${")) structure.enterInWord("parameter");
    else if ((!quoted || structure.scope === "parameter") && cursor.take('"')) {
      structure.enterInWord("double quotes");
    } else if (cursor.take("$((")) {
      const arithmetic = cursor.skipArithmetic();
      this.#word += hidden;
      if (arithmetic === "open") this.#open = "compound";
      if (arithmetic !== "commands") return true;
      cursor.at--;
      structure.enterInWord("parentheses");
      this.#word = "";
    } else if (cursor.take("$(") || (!quoted && (cursor.take("<(") || cursor.take(">(")))) {
      structure.enterInWord("parentheses");
      this.#word = "";
    } else return false;
    return true;
  }

  #parenthesis(): Unfinished | undefined {
    const structure = this.#structure;
    const bang = this.#word === "!" && structure.startsCommand;
    if (this.#word.endsWith("=") || structure.scope === "glob" || (!bang && /[?*+@!]$/.test(this.#word))) {
      structure.enterInWord(this.#word.endsWith("=") ? "array" : "glob");
      this.#word = "";
      return undefined;
    }
    this.#endWord();
    const arithmetic =
      structure.startsCommand || structure.scope === "for" || structure.scope === "function body";
    if (!arithmetic || !this.#cursor.sees("(")) {
      structure.openParenthesis();
      return undefined;
    }
    this.#cursor.next();
    const found = this.#cursor.skipArithmetic();
    if (found === "open") return "compound";
    if (found === "skipped") structure.arithmetic();
    else {
      structure.openParenthesis();
      structure.openParenthesis();
    }
    return undefined;
  }

  #redirection(): boolean {
    const cursor = this.#cursor;
    const heredoc = !cursor.sees("<<<") && cursor.sees("<<");
    if (!heredoc && !redirections.some((text) => cursor.sees(text))) return false;
    if (/^(\d+|\{\w+\})$/.test(this.#word)) this.#word = "";
    this.#endWord();
    if (heredoc && cursor.take("<<")) {
      const opened = this.#structure.scope === "test" ? undefined : cursor.heredoc();
      if (opened !== undefined) this.#heredocs.push(opened);
      this.#structure.redirection(opened === undefined ? "follows" : "included");
    } else {
      redirections.some((text) => cursor.take(text));
      this.#structure.redirection("follows");
    }
    return true;
  }

  #operator(): boolean {
    const at = this.#cursor.at;
    const operator = operators.find((text) => this.#cursor.take(text));
    if (operator === undefined) return false;
    this.#endWord();
    if (operator === "&" && this.#structure.scope === "root") this.#ampersand = at;
    this.#structure.operator(operator);
    return true;
  }

  #newline(): Unfinished | undefined {
    this.#endWord();
    for (const heredoc of this.#heredocs.splice(0)) {
      if (!this.#cursor.skipHeredoc(heredoc)) return "heredoc";
    }
    this.#structure.newline();
    return undefined;
  }

  #endWord(): void {
    if (this.#word !== "") this.#structure.word(this.#word);
    this.#word = "";
  }
}
