/* The line of an answer, with the content in base64. */
#include "line.h"

#include <stdint.h>
#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char head[] = "{\"status\":\"ok\",\"payload\":{\"operation\":\"fs/readFile\",\"response\":{\"dataBase64\":\"";
static const char tail[] = "\"}}}\n";

static char *encode(char *to, const unsigned char *from, size_t bytes)
{
	for (; bytes >= 3; bytes -= 3, from += 3) {
		uint32_t group = (uint32_t)from[0] << 16 | (uint32_t)from[1] << 8 | from[2];
		for (int shift = 18; shift >= 0; shift -= 6) *to++ = digits[group >> shift & 63];
	}
	if (bytes == 0) return to;
	uint32_t group = (uint32_t)from[0] << 16 | (bytes == 2 ? (uint32_t)from[1] << 8 : 0);
	*to++ = digits[group >> 18 & 63];
	*to++ = digits[group >> 12 & 63];
	*to++ = bytes == 2 ? digits[group >> 6 & 63] : '=';
	*to++ = '=';
	return to;
}

size_t answer_line(char *line, const unsigned char *content, size_t bytes)
{
	memcpy(line, head, sizeof head - 1);
	char *end = encode(line + sizeof head - 1, content, bytes);
	memcpy(end, tail, sizeof tail - 1);
	return (size_t)(end - line) + sizeof tail - 1;
}
