/**
 * What is run over there, by the `sh` of any system. They go through ssh as one word between single quotes, which every
 * login shell leaves alone as long as there is no quote, backslash, exclamation mark or line end in it; a test holds
 * them to that. $1 is a word that nobody else knows: it begins every line that is an answer, whatever else is printed.
 */
const say = 'n=$1; say() { echo "$n $*"; };';

/** What kind of system it is, and what is there already. */
export const lookAround: string = [
  say,
  "say system $(uname -s) $(uname -m);",
  "for f in /lib64/ld-linux-x86-64.so.2 /lib/ld-linux-aarch64.so.1 /lib64/ld-linux-aarch64.so.1;",
  'do [ -e "$f" ] && say libc glibc; done;',
  'for f in /lib/ld-musl-*.so.1; do [ -e "$f" ] && say libc musl; done;',
  'p=$(command -v codex-env) && say found "$p" && say version "$(codex-env --version 2>/dev/null </dev/null)";',
  'for t in gzip; do command -v "$t" >/dev/null && say tool "$t"; done;',
  'case "$XDG_DATA_HOME" in /*) say data "$XDG_DATA_HOME";; *) say data "$HOME/.local/share";; esac;',
  "say end",
].join(" ");

const sum = [
  "sum() { if command -v sha256sum >/dev/null; then s=$(sha256sum);",
  "elif command -v shasum >/dev/null; then s=$(shasum -a 256);",
  "elif command -v openssl >/dev/null; then s=$(openssl dgst -sha256 -r); else s=none; fi;",
  'set -- $s; echo "$1"; };',
].join(" ");

/**
 * $2 directory, $3 name, $4 size, $5 SHA-256, $6 `gzip` where that is how the bytes come, $7 how long a piece has to be to
 * be kept. Says `present` when the very file is there, else `ready` with the length and SHA-256 of the piece that an
 * earlier transfer has left. Takes a line from stdin that says from where the bytes come, the start or the end of that
 * piece, and then the bytes, under a name that nobody else has: the file is there whole or not at all. Says `placed`; or
 * `unchecked` with the other name, where nothing there makes a SHA-256; or what is wrong. What came before stdin ended
 * early is kept as a piece; what came before an error is not, since the disk may be full.
 */
export const takeFile: string = [
  say,
  sum,
  'umask 077; d=$2; m=$7; f=$2/$3; t=$2/.$3.$n.new; p=$2/.$3.$5.part; length() { wc -c <"$1"; };',
  'if [ -f "$f" ] && [ "$(length "$f")" -eq "$4" ]; then s=$(sum <"$f");',
  'if [ "$s" = "$5" ] || [ "$s" = none ]; then rm -f "$p"; say present; exit 0; fi; fi;',
  'mkdir -p "$d" || { say failed; exit 1; };',
  // Of those who were killed, and of those who never came back.
  'find "$d" -name ".*.new" -mmin +60 -exec rm -f {} + 2>/dev/null;',
  'find "$d" -name ".*.part" -mtime +6 -exec rm -f {} + 2>/dev/null;',
  'clean() { rm -f "$t"; }; trap clean EXIT; trap "exit 1" HUP INT TERM PIPE;',
  'l=0; s=$(sum </dev/null); h=$s; sums() { case $h in none) return 1;; esac; }; if [ -f "$p" ] && sums && mv -f "$p" "$t";',
  'then l=$(length "$t"); s=$(sum <"$t"); fi;',
  // A name of its own again, so that the next one finds it.
  'keep() { [ -f "$t" ] && sums && [ "$(length "$t")" -ge "$m" ] && mv -f "$t" "$p"; };',
  'say ready $l "$s"; read -r from || { keep; exit 1; };',
  'case "$from" in 0) : >"$t" || { say failed; exit 1; };; "$l") ;; *) keep; say failed; exit 1;; esac;',
  'if [ "$6" = gzip ]; then gzip -dc >>"$t"; else cat >>"$t"; fi; e=$?; l=$(length "$t");',
  'ended() { [ "$(dd bs=1 count=1 2>/dev/null | wc -c)" -eq 0 ]; };',
  'if [ "$l" -lt "$4" ] && ended; then keep; say short $l; exit 1; fi;',
  '[ "$e" -eq 0 ] || { say failed; exit 1; }; [ "$l" -eq "$4" ] || { say short $l; exit 1; };',
  'chmod 755 "$t" || { say failed; exit 1; };',
  's=$(sum <"$t"); if [ "$s" = none ]; then trap - EXIT; say unchecked "$t"; exit 0; fi;',
  '[ "$s" = "$5" ] || { say differs "$s"; exit 1; };',
  'mv -f "$t" "$f" || { say failed; exit 1; }; rm -f "$p"; say placed',
].join(" ");

/** $2 is a file, which follows the line `bytes`. */
export const giveFile: string = [say, 'say bytes; cat "$2"'].join(" ");

/** $2 is a file that takes the name $3. */
export const keepFile: string = [say, 'mv -f "$2" "$3" && say placed'].join(" ");

/** $2 is a file that goes. */
export const dropFile: string = [say, 'rm -f "$2" && say gone'].join(" ");

/** $2 is a codex-env: does it run at all? */
export const tryServer: string = [say, 'say version "$("$2" --version 2>&1 </dev/null)"'].join(" ");

/** Directories of versions, and nothing else: what somebody keeps beside them has another name. */
const versionName = "^([0-9]+[.][0-9]+[.][0-9]+|given)-[0-9a-f]{12}$";

/**
 * $2 is the directory of all versions, $3 the one that an entry names now, $4 how many of the newest stay, $5 after how
 * many days without a use another may go, $6 how many go at most. Says `removed` of each, and `end`. What a process runs
 * from stays, and so does all where nobody can tell what runs; links are neither followed nor removed.
 */
export const clearVersions: string = [
  say,
  'u=$(ls -l /proc/[0-9]*/exe 2>/dev/null); case "$u" in *" -> /"*) ;; *) say end; exit 0;; esac;',
  'b=$2; k=$3; old=$5; c=0; r=0; idle() { [ -n "$(find "$1" -prune -mtime "+$old" -atime "+$old")" ]; };',
  `for v in $(ls -1t "$b" | grep -E "${versionName}"); do d=$b/$v;`,
  '[ -L "$d" ] && continue; [ -d "$d" ] || continue; c=$((c+1));',
  '[ "$c" -gt "$4" ] || continue; [ "$v" = "$k" ] && continue;',
  'case "$u" in *"/$v/"*) continue;; esac;',
  // Listing a directory is a use of it as well, and no sign of life.
  '[ -n "$(find "$d" -prune -mtime "+$old")" ] || continue;',
  '{ [ -e "$d/codex-env" ] && { idle "$d/codex-env" || continue; }; };',
  '[ "$r" -lt "$6" ] || break; r=$((r+1)); rm -rf "$d" && say removed "$v"; done; say end',
].join(" ");
