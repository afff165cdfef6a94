/** `scheme://user:password@`, up to the last @ before the path. */
const userInfo = /([a-z][a-z\d+.-]*:\/\/)[^\s/?#\\]*@/gi;

/** The text with the user name and password of every URL in it replaced. */
export function redactUserInfo(text: string): string {
  return text.replace(userInfo, "$1[redacted]@");
}

/** One URL as labels and errors may show it: without user info, and without the values of its query and its fragment. */
export function redactUrl(url: string): string {
  if (!/[@?#]/.test(url)) return url;
  const [, start = "", rest = ""] = /^([^?#]*)(.*)$/s.exec(url) ?? [];
  return redactUserInfo(start) + (rest === "" ? "" : `${rest[0]}[redacted]`);
}
