// An allocator that never frees memory. An instance serves one scan and is dropped after it, and the host limits its
// memory. This way texts can be shared, and nothing has to be freed in the right order.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const size_t PAGE = 65536;
extern unsigned char __heap_base;
static uintptr_t next_free = 0;

static uintptr_t aligned(uintptr_t at) { return (at + 15) & ~(uintptr_t)15; }

void *malloc(size_t size) {
  if (next_free == 0) next_free = (uintptr_t)&__heap_base;
  // The size of each block is stored before it, for realloc.
  uintptr_t block = aligned(next_free) + 16;
  if (size > UINT32_MAX - block) __builtin_trap();
  next_free = block + size;
  size_t have = __builtin_wasm_memory_size(0) * PAGE;
  if (next_free > have && __builtin_wasm_memory_grow(0, (next_free - have + PAGE - 1) / PAGE) == SIZE_MAX) {
    __builtin_trap();
  }
  ((size_t *)block)[-1] = size;
  return (void *)block;
}

void *realloc(void *old, size_t size) {
  size_t before = old == NULL ? 0 : ((size_t *)old)[-1];
  if (size <= before) return old;
  void *block = malloc(size);
  if (before > 0) memcpy(block, old, before);
  return block;
}

void *calloc(size_t count, size_t size) {
  if (size != 0 && count > SIZE_MAX / size) __builtin_trap();
  return memset(malloc(count * size), 0, count * size);
}

void free(void *block) { (void)block; }
