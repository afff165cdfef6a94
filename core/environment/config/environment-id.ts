import { limits } from "../../limits.ts";

/** Almost every id: asked first, since a file may have thousands. */
const usual = /^[A-Za-z0-9_-]{1,64}$/;

/** Why a text cannot be the id of an environment; undefined where it can. */
export function idFault(id: string): string | undefined {
  if (usual.test(id) && id !== "local" && id.toLowerCase() !== "none") return undefined;
  if (id.trim() === "") return "environment id cannot be empty";
  const named = `environment id \`${id}\``;
  if (id.trim() !== id) return `${named} must not contain surrounding whitespace`;
  if (id === "local" || id.toLowerCase() === "none") return `${named} is reserved`;
  if (Buffer.byteLength(id) > limits.environmentIdBytes) {
    return `${named} cannot be longer than ${limits.environmentIdBytes} characters`;
  }
  if (!/^[A-Za-z0-9_-]+$/.test(id)) {
    return `${named} must contain only ASCII letters, numbers, '-' or '_'`;
  }
  return undefined;
}
