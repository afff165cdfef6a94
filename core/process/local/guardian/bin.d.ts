/** An embedded file: the import is its path, inside a compiled program too. */
declare module "*.bin" {
  const path: string;
  export default path;
}
