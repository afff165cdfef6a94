/** What an environment is called that was given as a URL. */
export const unnamed = "env";
