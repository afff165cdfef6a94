/** Characters of a word that may still be a slip of the fingers. */
const longestWord = 128;

/** The candidate that is nearest to `word`, if it is near enough to be meant. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > longestWord) return undefined;
  let best: string | undefined;
  let bestDistance = Math.ceil(lettersOf(word) / 3) + 1;
  for (const candidate of candidates) {
    const isBeginning = candidate.startsWith(word) && word.length >= 2;
    const isSame = candidate.toLowerCase() === word.toLowerCase();
    const distance = isBeginning || isSame ? 1 : editDistance(word, candidate);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** A flag's dashes are in all of them and make none nearer. */
function lettersOf(word: string): number {
  return word.replace(/^-+/, "").length;
}

/** Letters to put in, leave out, exchange, or swap with their neighbour: what fingers do wrong. One row at a time. */
function editDistance(from: string, to: string): number {
  let above: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let line = 1; line <= from.length; line++) {
    const next = [line];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (from[line - 1] === to[column - 1] ? 0 : 1);
      const isSwap = from[line - 1] === to[column - 2] && from[line - 2] === to[column - 1];
      const swapped = isSwap && column > 1 && line > 1 ? (above[column - 2] ?? 0) + 1 : replaced;
      next.push(Math.min(replaced, swapped, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    above = row;
    row = next;
  }
  return row[to.length] ?? 0;
}

/** ", did you mean `X`?" where a candidate is near enough to be meant, else nothing. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const found = nearest(word, candidates);
  return found === undefined ? "" : `, did you mean \`${found}\`?`;
}
