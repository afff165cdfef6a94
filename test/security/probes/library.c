/*
 * A library that makes the file named by PWNED as soon as it is loaded, as a preloaded, replaced or auditing library.
 * Without any libc, so that it loads everywhere.
 */
static long call(long number, long a, long b, long c, long d) {
#if defined(__x86_64__)
  long result;
  register long r10 __asm__("r10") = d;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10) : "rcx", "r11", "memory");
  return result;
#else
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
  return x0;
#endif
}

#if defined(__x86_64__)
enum { openat_number = 257, close_number = 3 };
#else
enum { openat_number = 56, close_number = 57 };
#endif

static void make(const char *path) {
  long descriptor = call(openat_number, -100, (long)path, 0101, 0644);
  if (descriptor >= 0) call(close_number, descriptor, 0, 0, 0);
}

__attribute__((constructor)) static void loaded(int count, char **words, char **environment) {
  (void)count;
  (void)words;
  for (; environment && *environment; environment++) {
    const char *name = "PWNED=";
    const char *at = *environment;
    while (*name && *at == *name) name++, at++;
    if (!*name) make(at);
  }
}

unsigned la_version(unsigned version) { return version; }
