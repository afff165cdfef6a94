/** linux/landlock.h. What a domain handles and no rule grants is refused with EACCES. */
const EXECUTE = 1n << 0n;
export const WRITE_FILE = 1n << 1n;
const READ_FILE = 1n << 2n;
const REMOVE_DIR = 1n << 4n;
const REMOVE_FILE = 1n << 5n;
const MAKE_DIR = 1n << 7n;
const MAKE_REG = 1n << 8n;
const MAKE_SOCK = 1n << 9n;
const MAKE_FIFO = 1n << 10n;
const MAKE_SYM = 1n << 12n;
/** Moving between directories: a domain that does not handle it refuses it. */
export const REFER = 1n << 13n;
const TRUNCATE = 1n << 14n;
const IOCTL_DEV = 1n << 15n;

/** Lists names; the only right that a directory shares with what must stay closed below it. */
export const READ_DIR = 1n << 3n;

/** All 16 rights of version 5, MAKE_CHAR and MAKE_BLOCK with them: nobody gets to make devices. */
export const ALL_FILE_RIGHTS = (1n << 16n) - 1n;
export const READ_RIGHTS = EXECUTE | READ_FILE | READ_DIR;
export const WRITE_RIGHTS =
  READ_RIGHTS |
  WRITE_FILE |
  REMOVE_DIR |
  REMOVE_FILE |
  MAKE_DIR |
  MAKE_REG |
  MAKE_SOCK |
  MAKE_FIFO |
  MAKE_SYM |
  REFER |
  TRUNCATE;
export const DEVICE_RIGHTS = READ_FILE | WRITE_FILE | TRUNCATE | IOCTL_DEV;

/** Version 4: BIND_TCP and CONNECT_TCP. */
export const ALL_TCP_RIGHTS = 0b11n;

/** Version 6: abstract Unix sockets and signals of processes outside the domain. */
export const ALL_SCOPES = 0b11n;
