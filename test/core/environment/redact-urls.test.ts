import { expect, test } from "bun:test";
import fc from "fast-check";
import { redactUrl, redactUserInfo } from "../../../core/environment/redact-urls.ts";

test.each([
  ["ws://h:1/x", "ws://h:1/x"],
  ["ws://user:sesame@h:1/x", "ws://[redacted]@h:1/x"],
  ["wss://sesame@h/?key=sesame", "wss://[redacted]@h/?[redacted]"],
  ["ws://a@sesame@h#sesame", "ws://[redacted]@h#[redacted]"],
  ["ws://h/@scope", "ws://h/@scope"],
  ["garbage", "garbage"],
])("%s is shown as %s", (url, shown) => expect(redactUrl(url)).toBe(shown));

test("user info is redacted wherever a URL stands in a text", () => {
  expect(redactUserInfo("cannot reach ws://u:sesame@h/, nor http://sesame@x; me@host is no URL")).toBe(
    "cannot reach ws://[redacted]@h/, nor http://[redacted]@x; me@host is no URL",
  );
});

test("no user name and no password of any URL that parses is left", () => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true }), fc.string({ minLength: 1 }), (url, password) => {
      const secret = `s3same${encodeURIComponent(password.toWellFormed())}`;
      const withUser = url.replace("://", `://${secret}:${secret}@`);
      expect(redactUrl(withUser)).not.toContain("s3same");
    }),
  );
});
