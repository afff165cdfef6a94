const blank = /(?:[ \t\r\n\ufeff]|#[^\n]*)*/y;
const spaces = /[ \t]*/y;
const bareKey = /[A-Za-z0-9_-]+/y;
const scalar =
  /"""(?:\\[\s\S]|[^\\])*?"{3,5}(?!")|'''[\s\S]*?'{3,5}(?!')|"(?:\\.|[^"\\])*"|'[^']*'|[^\s,#\]}]+(?: \d[^\s,#\]}]*)?/y;
const quoted = /"(?:\\.|[^"\\])*"|'[^']*'/y;

/** A place in a TOML text, and the steps over what stands there. */
export class TomlCursor {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get at(): number {
    return this.#at;
  }

  get done(): boolean {
    return this.#at >= this.#text.length;
  }

  peek(): string {
    return this.#text[this.#at] ?? "";
  }

  /** Over white space, line ends and comments. */
  skipBlank(): void {
    this.#match(blank);
  }

  skipSpaces(): void {
    this.#match(spaces);
  }

  take(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false;
    this.#at += word.length;
    return true;
  }

  expect(word: string): void {
    if (!this.take(word)) throw new Error(`no ${word} at offset ${this.#at}`);
  }

  /** One part of a key, as it is written. */
  key(): string {
    return this.#required(this.#match(quoted) ?? this.#match(bareKey));
  }

  /** A string, number, date or boolean, as it is written. */
  scalar(): string {
    return this.#required(this.#match(scalar));
  }

  #required(found: string | undefined): string {
    if (found === undefined || found === "") throw new Error(`nothing at offset ${this.#at}`);
    return found;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }
}
