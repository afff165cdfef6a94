import { isatty } from "node:tty";
import { isInForeground } from "../../core/host/termios.ts";

/** Whether stdin is a terminal whose keys come to us. */
export function readsKeys(): boolean {
  return isatty(0) && isInForeground(0);
}
