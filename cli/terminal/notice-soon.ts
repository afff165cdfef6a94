import { isatty } from "node:tty";
import { limits } from "../../core/limits.ts";

/** Whoever looks at a terminal is told that it takes its time, unless what is awaited comes soon. */
export function noticeSoon(tell: () => void): Disposable {
  const timer = isatty(2) ? setTimeout(tell, limits.connectNoticeMs) : undefined;
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}
