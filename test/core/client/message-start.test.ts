import { expect, test } from "bun:test";
import { assert, property, string } from "fast-check";
import { messageStart } from "../../../core/client/message-start.ts";

const message = '{"id":1,"result":{"a":[{}]}}';

test.each([
  [message, 0],
  [`no line end${message}`, 11],
  [`{ not json {${message}`, 12],
  ["Welcome", -1],
  ["{}{", -1],
  ["", -1],
  ['"{"', -1],
])("in %j the first message begins at %d", (line, start) => {
  expect(messageStart(line)).toBe(start);
});

test("whatever a login prints before it, the message that is found is whole", () => {
  assert(
    property(string(), (printed) => {
      const start = messageStart(printed + message);
      // More braces than anybody prints hide it.
      if (start < 0) return printed.split("{").length > 7;
      return JSON.stringify(JSON.parse((printed + message).slice(start))) === message;
    }),
  );
});
