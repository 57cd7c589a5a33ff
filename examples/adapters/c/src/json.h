// JSON (https://www.rfc-editor.org/rfc/rfc8259) as a tree.
#pragma once
#include "contract.h"

typedef enum { JSON_NULL, JSON_BOOLEAN, JSON_NUMBER, JSON_TEXT, JSON_LIST, JSON_OBJECT } json_kind;

typedef struct json {
  json_kind kind;
  // The content of a text, or the digits of a number as received.
  text words;
  // The name of a field of an object.
  text name;
  // The first member of a list or an object.
  struct json *first;
  // The next member of the same list or object.
  struct json *next;
} json;

// Parses a document. Returns NULL if it is not valid JSON.
json *json_parse(text document);
// Returns a field of an object, or NULL if there is no such field or the value is not an object.
const json *json_field(const json *object, const char *name);
// Reads a text field: none if it is missing, null or blank. Returns false, and the reason, if it is not text.
bool read_text(const json *entry, const char *name, maybe_text *words, text *why);
// Reads a text field that must be there.
bool read_needed(const json *entry, const char *name, text *words, text *why);
