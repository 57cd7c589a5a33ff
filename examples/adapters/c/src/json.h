// JSON (RFC 8259) as a tree.
#pragma once
#include "contract.h"

typedef enum { JSON_NULL, JSON_BOOLEAN, JSON_NUMBER, JSON_TEXT, JSON_LIST, JSON_OBJECT } json_kind;

typedef struct json {
  json_kind kind;
  // Of a text; of a number, its digits as they came.
  text words;
  // In an object, under which name.
  text name;
  // Of a list or an object.
  struct json *first;
  // In a list or an object.
  struct json *next;
} json;

// Reads a document; NULL if it is none.
json *json_parse(text document);
// What an object has under a name; NULL if it has nothing there, or is no object.
const json *json_field(const json *object, const char *name);
