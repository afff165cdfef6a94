/**
 * What a profile asks for cannot be enforced here, or not honestly: the sentence names the path, the pattern or the
 * missing part. Nothing was run. The handlers make an RpcError of it.
 */
export class SandboxRefusal extends Error {
  override readonly name = "SandboxRefusal";
}
