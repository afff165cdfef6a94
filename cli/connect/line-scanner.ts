import { CommandStructure } from "./command-structure.ts";
import { type Heredoc, ShellCursor } from "./shell-cursor.ts";

/** What a line still needs before a shell could run it. */
export type Unfinished = "quote" | "backslash" | "heredoc" | "operator" | "compound";

/** Lines that are not for the shell: no compound command begins in them. */
const ours = /^\s*(\.[a-z]|@)/;
/** Stands in a word for what is quoted or expanded there, so that it is no reserved word. */
const hidden = "\0";
const blanks = /[ \t]+/y;
const comment = /[^\n]+/y;
/** Runs of characters without a meaning of their own. */
const plain = /[^\s\\'"`$()<>;&|]+/y;
const plainInQuotes = /[^"\\$`]+/y;
const plainInParameter = /[^}'"\\$`]+/y;
/** Longest first. */
const operators = [";;&", ";;", ";&", ";", "&&", "&", "||", "|&", "|"] as const;
const redirections = ["&>>", "&>", "<<<", "<&", "<>", "<", ">>", ">&", ">|", ">"] as const;

/**
 * Reads lines the way a shell cuts them into words, no further than needed here, until they are one that it could run.
 * Where a shell would refuse the text whatever follows, the line is finished: the shell is to say so.
 */
export class LineScanner {
  readonly #cursor = new ShellCursor();
  readonly #structure = new CommandStructure();
  readonly #heredocs: Heredoc[] = [];
  /** The cursor is where the text of the heredocs starts. */
  #inHeredocs = false;
  #word = "";
  /** Where the last bare `&` stands, and the end of the last token. */
  #ampersand = -1;
  #end = 0;
  /** Set by what found that the text ends inside it. */
  #open: Unfinished | undefined;

  /** Every line so far. */
  get text(): string {
    return this.#cursor.text.slice(0, -1);
  }

  /** The lines without a `&` at their end, where there is one that makes them a job. */
  get background(): string | undefined {
    if (this.#ampersand < 0 || this.#end !== this.#ampersand + 1) return undefined;
    const { text } = this;
    // Lines that follow are those of a heredoc.
    const newline = text.indexOf("\n", this.#ampersand);
    const rest = newline < 0 ? "" : text.slice(newline);
    return `${text.slice(0, this.#ampersand).trimEnd()}${rest}`.trimEnd();
  }

  /** Reads one line more and says what is missing after it. What came before is not read again. */
  push(line: string): Unfinished | undefined {
    const cursor = this.#cursor;
    cursor.append(`${line}\n`);
    while (!cursor.done) {
      const { at } = cursor;
      const unfinished = this.#step();
      if (unfinished === undefined) continue;
      // A token that is cut is read as a whole when there is more of it.
      if (unfinished !== "backslash" && unfinished !== "heredoc") cursor.at = at;
      return unfinished === "compound" ? this.#compound() : unfinished;
    }
    const { scope, broken, joined, open } = this.#structure;
    if (scope === "double quotes") return "quote";
    if (this.#inHeredocs) return "heredoc";
    if (broken) return undefined;
    if (joined) return "operator";
    return scope === "parameter" || open ? this.#compound() : undefined;
  }

  #compound(): Unfinished | undefined {
    return ours.test(this.#cursor.text) ? undefined : "compound";
  }

  #step(): Unfinished | undefined {
    if (this.#inHeredocs) return this.#heredocBodies();
    const { scope } = this.#structure;
    if (scope === "double quotes" || scope === "parameter") return this.#quotedStep(scope);
    const cursor = this.#cursor;
    if (cursor.take("\n")) return this.#newline();
    if (cursor.skip(blanks)) {
      this.#endWord();
      return undefined;
    }
    if (this.#word === "" && scope !== "glob" && scope !== "test" && cursor.take("#")) {
      cursor.skip(comment);
      return undefined;
    }
    if (cursor.take("\\\n")) return cursor.done ? "backslash" : undefined;
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
    } else if (this.#expansion(true)) unfinished = this.#open;
    else if (cursor.skip(scope === "parameter" ? plainInParameter : plainInQuotes) === "") cursor.next();
    this.#end = cursor.at;
    return unfinished;
  }

  #token(): Unfinished | undefined {
    const cursor = this.#cursor;
    if (cursor.take("\\")) {
      cursor.next();
      this.#word += hidden;
    } else if (cursor.take("'")) return this.#quoted("'", false);
    else if (cursor.take("$'")) return this.#quoted("'", true);
    else if (this.#expansion(false)) return this.#open;
    else if (cursor.take("(")) return this.#parenthesis();
    else if (cursor.take(")")) {
      this.#endWord();
      if (this.#structure.closeParenthesis()) this.#word = hidden;
    } else if (!this.#redirection() && !this.#operator()) this.#word += cursor.skip(plain) || cursor.next();
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
    this.#open = undefined;
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
    this.#inHeredocs = this.#heredocs.length > 0;
    if (!this.#inHeredocs) this.#structure.newline();
    return undefined;
  }

  #heredocBodies(): Unfinished | undefined {
    for (let first = this.#heredocs[0]; first !== undefined; first = this.#heredocs[0]) {
      const { at } = this.#cursor;
      if (!this.#cursor.skipHeredoc(first)) {
        this.#cursor.at = at;
        return "heredoc";
      }
      this.#heredocs.shift();
    }
    this.#inHeredocs = false;
    this.#structure.newline();
    return undefined;
  }

  #endWord(): void {
    if (this.#word !== "") this.#structure.word(this.#word);
    this.#word = "";
  }
}
