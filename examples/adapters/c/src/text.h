// Texts: UTF-8 with a length, as the contract has them.
#pragma once
#include "contract.h"

// A text that stands in the program.
text lit(const char *words);
// All of these after one another, up to the first without a pointer.
text join(const text *parts);
#define JOIN(...) join((text[]){__VA_ARGS__, {0}})
text number(uint64_t value);
bool equals(text one, const char *other);
bool is_blank(text words);
bool is_utf8(text words);
// Reads digits and nothing else.
bool parse_number(text digits, uint32_t *value);
// Everything but RFC 3986's unreserved characters, so that it stays one part of a URL whatever is in it.
text encoded(text part);
text start_of(text words);
