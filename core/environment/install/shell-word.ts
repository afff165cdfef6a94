/**
 * A word that any shell reads back as it is: sh, bash, zsh, fish and csh. A leading `~/` stays what it means to them.
 * What the shells take differently, even between single quotes, stands between the quotes with a backslash of its own.
 */
export function shellWord(word: string): string {
  if (/^(~\/)?[\w@%+:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll(/['\\!]/g, (character) => `'\\${character}'`)}'`;
}
