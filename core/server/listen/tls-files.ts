import { readFileSync } from "node:fs";
import { systemReason } from "../../host/system-reason.ts";
import { ListenError } from "./listen-error.ts";

/** What `--tls-cert` and `--tls-key` name. */
export interface TlsFiles {
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
}

/** The contents of both PEM files. Throws {@link ListenError}. */
export function readTlsFiles({ certFile, keyFile }: TlsFiles): { cert: string; key: string } {
  if (certFile === undefined || keyFile === undefined) {
    throw new ListenError("`--tls-cert` and `--tls-key` require each other");
  }
  return { cert: readPem(certFile), key: readPem(keyFile) };
}

function readPem(file: string): string {
  let content: string;
  try {
    content = readFileSync(file, "utf8");
  } catch (error) {
    throw new ListenError(`cannot read ${file}: ${systemReason(error)}`, { cause: error });
  }
  if (!content.includes("-----BEGIN ")) throw new ListenError(`${file} is not a PEM file`);
  return content;
}
