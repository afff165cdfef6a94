import { describe, expect, test } from "bun:test";
import { carrierOf } from "../../../../core/environment/install/carrier.ts";

const serve = ["serve", "--listen", "stdio", "--log-level", "warn"];

describe("what carries the server of an entry", () => {
  test("is ssh with its options, whose last word a shell over there reads", () => {
    const carrier = carrierOf(["/usr/bin/ssh", "-T", "--", "me@box", `codex-env ${serve.join(" ")}`]);
    expect(carrier?.server).toBe("codex-env");
    expect(carrier?.far).toBe(true);
    expect(carrier?.argvFor(["sh", "-c", "a b"])).toEqual([
      "/usr/bin/ssh",
      "-T",
      "--",
      "me@box",
      "sh -c 'a b'",
    ]);
    expect(carrier?.argvWithServer("/my dir/codex-env")).toEqual([
      "/usr/bin/ssh",
      "-T",
      "--",
      "me@box",
      `'/my dir/codex-env' ${serve.join(" ")}`,
    ]);
  });

  test("is ssh with the words of the server apart", () => {
    const carrier = carrierOf(["ssh", "box", "codex-env", ...serve]);
    expect(carrier?.argvFor(["echo", "a b"])).toEqual(["ssh", "box", "echo", "'a b'"]);
    expect(carrier?.argvWithServer("/my dir/c")).toEqual(["ssh", "box", "'/my dir/c'", ...serve]);
  });

  test("is a container's engine, which takes words as they are", () => {
    const carrier = carrierOf(["docker", "exec", "-i", "web", "codex-env", ...serve]);
    expect(carrier?.far).toBe(false);
    expect(carrier?.argvFor(["echo", "a b"])).toEqual(["docker", "exec", "-i", "web", "echo", "a b"]);
    expect(carrier?.argvWithServer("/x")).toEqual(["docker", "exec", "-i", "web", "/x", ...serve]);
  });

  test.each([[["codex-env", ...serve]], [["ssh", "-T", "--", "box"]], [["my-program", "-T"]], [serve], [[]]])(
    "is nothing for %j",
    (argv) => {
      expect(carrierOf(argv)).toBeUndefined();
    },
  );
});
