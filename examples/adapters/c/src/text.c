#include "text.h"

#include <stdlib.h>
#include <string.h>

text lit(const char *words) { return (text){(uint8_t *)words, strlen(words)}; }

text join(const text *parts) {
  size_t length = 0;
  for (const text *part = parts; part->ptr != NULL; part++) length += part->len;
  text joined = {malloc(length + 1), 0};
  for (const text *part = parts; part->ptr != NULL; part++) {
    memcpy(joined.ptr + joined.len, part->ptr, part->len);
    joined.len += part->len;
  }
  return joined;
}

text number(uint64_t value) {
  char *digits = malloc(21), *end = digits + 20, *at = end;
  do *--at = '0' + value % 10;
  while (value /= 10);
  return (text){(uint8_t *)at, end - at};
}

bool equals(text one, const char *other) { return one.len == strlen(other) && memcmp(one.ptr, other, one.len) == 0; }

bool is_blank(text words) {
  for (size_t at = 0; at < words.len; at++) {
    if (strchr(" \t\r\n", words.ptr[at]) == NULL || words.ptr[at] == 0) return false;
  }
  return true;
}

bool is_utf8(text words) {
  static const uint32_t smallest[] = {0, 0x80, 0x800, 0x10000};
  for (size_t at = 0; at < words.len;) {
    uint8_t first = words.ptr[at++];
    int more = first < 0x80 ? 0 : (first & 0xE0) == 0xC0 ? 1 : (first & 0xF0) == 0xE0 ? 2 : (first & 0xF8) == 0xF0 ? 3 : -1;
    if (more < 0 || words.len - at < (size_t)more) return false;
    uint32_t code = more == 0 ? first : first & (0x3F >> more);
    for (int left = more; left > 0; left--) {
      uint8_t byte = words.ptr[at++];
      if ((byte & 0xC0) != 0x80) return false;
      code = code << 6 | (byte & 0x3F);
    }
    if (code < smallest[more] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return false;
  }
  return true;
}

bool parse_number(text digits, uint32_t *value) {
  if (digits.len == 0 || digits.len > 9) return false;
  *value = 0;
  for (size_t at = 0; at < digits.len; at++) {
    if (digits.ptr[at] < '0' || digits.ptr[at] > '9') return false;
    *value = *value * 10 + (digits.ptr[at] - '0');
  }
  return true;
}

text encoded(text part) {
  static const char *hexadecimal = "0123456789ABCDEF";
  text url = {malloc(3 * part.len + 1), 0};
  for (size_t at = 0; at < part.len; at++) {
    uint8_t byte = part.ptr[at];
    bool is_letter = (byte | 32) >= 'a' && (byte | 32) <= 'z';
    if (is_letter || (byte >= '0' && byte <= '9') || (byte != 0 && strchr("-._~", byte) != NULL)) {
      url.ptr[url.len++] = byte;
    } else {
      url.ptr[url.len++] = '%';
      url.ptr[url.len++] = hexadecimal[byte >> 4];
      url.ptr[url.len++] = hexadecimal[byte & 15];
    }
  }
  return url;
}

text start_of(text words) {
  size_t length = words.len < 100 ? words.len : 100;
  // Do not cut in the middle of a character.
  while (length < words.len && length > 0 && (words.ptr[length] & 0xC0) == 0x80) length--;
  return (text){words.ptr, length};
}
