/** Text that is not acceptable JSON. The message is serde_json's and ends in `at line L column C`. */
export class JsonSyntaxError extends Error {
  override readonly name = "JsonSyntaxError";
}
