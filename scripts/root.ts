import { dirname } from "node:path";

/** The checkout that these scripts belong to. */
export const root: string = dirname(import.meta.dir);
