/** Whatever stands before or behind: `accessToken`, `client_secret`. */
const anywhere = /token|secret|passw|credential|apikey|bearer|jwt/i;

/** As a word of its own only: there is `monkey`, and `design`. */
const asWord = /^(key|pwd|auth|authorization|sig|signature)$/i;

/** The parameter of a URL's query that looks like the name of a secret. */
export function secretParameter(url: string): string | undefined {
  const query = /\?([^#]*)/.exec(url)?.[1] ?? "";
  return [...new URLSearchParams(query).keys()].find(
    (name) => anywhere.test(name) || wordsOf(name).some((word) => asWord.test(word)),
  );
}

function wordsOf(name: string): readonly string[] {
  return name.replace(/([a-z])([A-Z])/g, "$1 $2").split(/[^A-Za-z]+/);
}
