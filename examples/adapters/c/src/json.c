#include "json.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

// Deeper than any board's response. A document that consists only of brackets must not exhaust the stack.
enum { DEEPEST = 100 };

typedef struct {
  const uint8_t *at, *end;
  int depth;
} reader;

static json *value(reader *in);

static void skip_space(reader *in) {
  while (in->at < in->end && memchr(" \t\r\n", *in->at, 4) != NULL) in->at++;
}

static bool next_is(reader *in, char character) {
  skip_space(in);
  if (in->at == in->end || *in->at != (uint8_t)character) return false;
  in->at++;
  return true;
}

static bool hexadecimal(reader *in, uint32_t *code) {
  if (in->end - in->at < 4) return false;
  *code = 0;
  for (int digits = 0; digits < 4; digits++) {
    uint8_t digit = *in->at++, letter = digit | 32;
    if (digit >= '0' && digit <= '9') *code = *code << 4 | (digit - '0');
    else if (letter >= 'a' && letter <= 'f') *code = *code << 4 | (letter - 'a' + 10);
    else return false;
  }
  return true;
}

// Reads `\u2603`, or two of them for a code point beyond 16 bits.
static bool code_point(reader *in, uint32_t *code) {
  uint32_t low;
  if (!hexadecimal(in, code)) return false;
  if (*code < 0xD800 || *code > 0xDFFF) return true;
  if (*code > 0xDBFF || in->end - in->at < 2 || in->at[0] != '\\' || in->at[1] != 'u') return false;
  in->at += 2;
  if (!hexadecimal(in, &low) || low < 0xDC00 || low > 0xDFFF) return false;
  *code = 0x10000 + ((*code - 0xD800) << 10) + (low - 0xDC00);
  return true;
}

static void append(text *words, uint32_t code) {
  int more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  static const uint8_t first[] = {0, 0xC0, 0xE0, 0xF0};
  words->ptr[words->len++] = first[more] | code >> (6 * more);
  while (more-- > 0) words->ptr[words->len++] = 0x80 | (code >> (6 * more) & 0x3F);
}

static bool escape(reader *in, text *words) {
  static const char *names = "\"\\/bfnrt", *meant = "\"\\/\b\f\n\r\t";
  if (in->at == in->end) return false;
  uint32_t code;
  uint8_t name = *in->at++;
  if (name == 'u') {
    if (!code_point(in, &code)) return false;
    append(words, code);
    return true;
  }
  const char *found = name == 0 ? NULL : strchr(names, name);
  if (found == NULL) return false;
  words->ptr[words->len++] = meant[found - names];
  return true;
}

// Reads a text after its opening quotation mark. A decoded text is never longer than the encoded one.
static bool quoted(reader *in, text *words) {
  const uint8_t *start = in->at;
  while (in->at < in->end && *in->at != '"') in->at += *in->at == '\\' ? 2 : 1;
  if (in->at >= in->end) return false;
  *words = (text){malloc(in->at - start + 1), 0};
  reader inner = {start, in->at++, 0};
  while (inner.at < inner.end) {
    uint8_t byte = *inner.at++;
    if (byte < 0x20) return false;
    if (byte != '\\') words->ptr[words->len++] = byte;
    else if (!escape(&inner, words)) return false;
  }
  return true;
}

// Reads the elements of a list or the fields of an object, up to the closing bracket.
static bool members(reader *in, json *parent, char close) {
  json **last = &parent->first;
  if (in->depth == DEEPEST) return false;
  if (next_is(in, close)) return true;
  in->depth++;
  do {
    text name = {0};
    if (close == '}' && !(next_is(in, '"') && quoted(in, &name) && next_is(in, ':'))) return false;
    json *member = value(in);
    if (member == NULL) return false;
    member->name = name;
    *last = member;
    last = &member->next;
  } while (next_is(in, ','));
  in->depth--;
  return next_is(in, close);
}

// Reads a number, `null`, `true` or `false`.
static bool bare(reader *in, json *read) {
  const uint8_t *start = in->at;
  while (in->at < in->end && memchr(",]} \t\r\n", *in->at, 7) == NULL) in->at++;
  read->words = (text){(uint8_t *)start, in->at - start};
  if (equals(read->words, "null")) read->kind = JSON_NULL;
  else if (equals(read->words, "true") || equals(read->words, "false")) read->kind = JSON_BOOLEAN;
  else read->kind = JSON_NUMBER;
  uint8_t first = read->words.len > 0 ? *start : 0;
  return read->kind != JSON_NUMBER || first == '-' || (first >= '0' && first <= '9');
}

static json *value(reader *in) {
  json *read = calloc(1, sizeof *read);
  bool is_whole;
  if (next_is(in, '{')) read->kind = JSON_OBJECT, is_whole = members(in, read, '}');
  else if (next_is(in, '[')) read->kind = JSON_LIST, is_whole = members(in, read, ']');
  else if (next_is(in, '"')) read->kind = JSON_TEXT, is_whole = quoted(in, &read->words);
  else is_whole = bare(in, read);
  return is_whole ? read : NULL;
}

json *json_parse(text document) {
  reader in = {document.ptr, document.ptr + document.len, 0};
  if (!is_utf8(document)) return NULL;
  json *read = value(&in);
  if (read == NULL) return NULL;
  skip_space(&in);
  return in.at == in.end ? read : NULL;
}

const json *json_field(const json *object, const char *name) {
  if (object == NULL || object->kind != JSON_OBJECT) return NULL;
  for (const json *field = object->first; field != NULL; field = field->next) {
    if (equals(field->name, name)) return field;
  }
  return NULL;
}

bool read_text(const json *entry, const char *name, maybe_text *words, text *why) {
  const json *field = json_field(entry, name);
  *words = (maybe_text){0};
  if (field == NULL || field->kind == JSON_NULL) return true;
  if (field->kind != JSON_TEXT) {
    *why = JOIN(lit(name), lit(": expected text"));
    return false;
  }
  if (!is_blank(field->words)) *words = (maybe_text){true, field->words};
  return true;
}

bool read_needed(const json *entry, const char *name, text *words, text *why) {
  maybe_text found;
  if (!read_text(entry, name, &found, why)) return false;
  *words = found.val;
  if (!found.is_some) *why = JOIN(lit(name), lit(": expected text"));
  return found.is_some;
}
