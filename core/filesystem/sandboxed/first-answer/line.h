/* The helper's answer to fs/readFile, as ../helper/answer-line.ts writes it. */
#ifndef LINE_H
#define LINE_H

#include <stddef.h>

/* Files from 64 KiB on go to the server as descriptors: limits.fsHelperHandedBytes. */
enum { MOST_CONTENT = 64 * 1024 - 1, MOST_LINE = (MOST_CONTENT + 2) / 3 * 4 + 128 };

/* Writes it into room for MOST_LINE, and says how long it is. */
size_t answer_line(char *line, const unsigned char *content, size_t bytes);

#endif
