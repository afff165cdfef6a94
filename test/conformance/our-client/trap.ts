/** A script that says when it is ready, waits for the signal, and says the word. */
export const trap = (signal: string, word: string, code: number) =>
  `trap 'echo ${word}; exit ${code}' ${signal}; echo armed; while :; do sleep 0.02; done`;
