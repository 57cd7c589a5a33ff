// Texts as in the contract: UTF-8 with a length.
#pragma once
#include "contract.h"

// Wraps a C string literal.
text lit(const char *words);
// Concatenates texts, up to the first one without a pointer.
text join(const text *parts);
#define JOIN(...) join((text[]){__VA_ARGS__, {0}})
text number(uint64_t value);
bool equals(text one, const char *other);
bool is_blank(text words);
bool is_utf8(text words);
// Parses a text that consists only of digits, at most nine.
bool parse_number(text digits, uint32_t *value);
// Percent-encodes everything except the unreserved characters (https://www.rfc-editor.org/rfc/rfc3986#section-2.3), so
// that any text is a single part of a URL.
text encoded(text part);
// Returns the first 100 bytes at most.
text start_of(text words);
