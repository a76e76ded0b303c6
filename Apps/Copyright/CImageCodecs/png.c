#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "CImageCodecs.h"

typedef struct {
  const uint8_t *bytes;
  size_t count, at;
} source;

static void take(png_structp png, png_bytep out, size_t count) {
  source *s = png_get_io_ptr(png);
  if (count > s->count - s->at) png_error(png, "end");
  memcpy(out, s->bytes + s->at, count);
  s->at += count;
}

// Which kind of failure it was stands in the error pointer.
static void fail(png_structp png, png_const_charp message) {
  int *kind = png_get_error_ptr(png);
  *kind = strstr(message, "emory") ? CIMAGE_MEMORY : CIMAGE_DAMAGED;
  png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

int cimage_png_header(const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height) {
  static const uint8_t start[16] = {0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 13, 'I', 'H', 'D', 'R'};
  if (count < 33 || memcmp(bytes, start, 16) != 0) return CIMAGE_DAMAGED;
  const uint8_t *p = bytes + 16;
  *width = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
  *height = (uint32_t)p[4] << 24 | (uint32_t)p[5] << 16 | (uint32_t)p[6] << 8 | p[7];
  return CIMAGE_OK;
}

static inline uint8_t over_white(uint32_t value, uint32_t alpha) {
  return (uint8_t)((value * alpha + 255 * (255 - alpha) + 127) / 255);
}

// Adds a row of RGBA over white to the sums of a row of the smaller picture.
static void add_row(const uint8_t *rgba, uint32_t width, uint32_t factor, uint32_t *sums) {
  for (uint32_t x = 0; x < width; x++) {
    const uint8_t *p = rgba + 4 * (size_t)x;
    uint32_t *s = sums + 3 * (size_t)(x / factor);
    for (int c = 0; c < 3; c++) s[c] += over_white(p[c], p[3]);
  }
}

static void plain_row(const uint8_t *rgba, uint32_t width, uint8_t *rgb) {
  for (uint32_t x = 0; x < width; x++, rgba += 4, rgb += 3) {
    if (rgba[3] == 255) {
      rgb[0] = rgba[0];
      rgb[1] = rgba[1];
      rgb[2] = rgba[2];
    } else {
      for (int c = 0; c < 3; c++) rgb[c] = over_white(rgba[c], rgba[3]);
    }
  }
}

static void finish_row(uint32_t *sums, uint32_t width, uint32_t rows, uint32_t factor, uint8_t *rgb) {
  uint32_t narrow = (width + factor - 1) / factor;
  for (uint32_t x = 0; x < narrow; x++) {
    uint32_t columns = x + 1 < narrow ? factor : width - x * factor;
    uint32_t n = columns * rows;
    for (int c = 0; c < 3; c++) rgb[3 * (size_t)x + c] = (uint8_t)((sums[3 * (size_t)x + c] + n / 2) / n);
  }
  memset(sums, 0, 3 * (size_t)narrow * sizeof *sums);
}

int cimage_png_decode(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint32_t factor,
                      uint8_t *rgb) {
  static const png_byte skipped[] =
      "bKGD\0cHRM\0eXIf\0gAMA\0hIST\0iCCP\0iTXt\0oFFs\0pCAL\0pHYs\0sBIT\0sCAL\0sPLT\0sRGB\0tEXt\0tIME\0zTXt";
  int kind = CIMAGE_DAMAGED;
  source input = {bytes, count, 0};
  // Volatile: they are set after setjmp and let go after a longjmp.
  uint8_t *volatile all = NULL;
  uint32_t *volatile sums = NULL;
  png_bytep *volatile rows = NULL;
  png_infop info = NULL;
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &kind, fail, ignore);
  if (png) info = png_create_info_struct(png);
  if (!info) {
    png_destroy_read_struct(&png, NULL, NULL);
    return CIMAGE_MEMORY;
  }
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_read_struct(&png, &info, NULL);
    free(all);
    free(sums);
    free(rows);
    return kind;
  }
  png_set_read_fn(png, &input, take);
  png_set_user_limits(png, width, height);
  png_set_chunk_cache_max(png, 64);
  png_set_chunk_malloc_max(png, 8000000);
  png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, skipped, (int)(sizeof skipped / 5));
  png_read_info(png, info);
  if (png_get_image_width(png, info) != width || png_get_image_height(png, info) != height) png_error(png, "size");
  png_set_expand(png);
  png_set_scale_16(png);
  png_set_gray_to_rgb(png);
  png_set_add_alpha(png, 255, PNG_FILLER_AFTER);
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  if (png_get_rowbytes(png, info) != 4 * (size_t)width) png_error(png, "row");

  uint32_t narrow = (width + factor - 1) / factor;
  size_t row = 4 * (size_t)width;
  all = malloc(passes > 1 ? row * height : row);
  sums = calloc(3 * (size_t)narrow, sizeof *sums);
  if (!all || !sums) png_error(png, "Out of memory");
  if (passes > 1) {
    rows = malloc(height * sizeof *rows);
    if (!rows) png_error(png, "Out of memory");
    for (uint32_t y = 0; y < height; y++) rows[y] = all + row * y;
    png_read_image(png, rows);
  }
  for (uint32_t y = 0; y < height; y++) {
    const uint8_t *line = all;
    if (passes > 1)
      line += row * y;
    else
      png_read_row(png, all, NULL);
    if (factor == 1) {
      plain_row(line, width, rgb + 3 * (size_t)width * y);
      continue;
    }
    add_row(line, width, factor, sums);
    if ((y + 1) % factor == 0 || y + 1 == height)
      finish_row(sums, width, y % factor + 1, factor, rgb + 3 * (size_t)narrow * (y / factor));
  }
  png_read_end(png, NULL);
  png_destroy_read_struct(&png, &info, NULL);
  free(all);
  free(sums);
  free(rows);
  return CIMAGE_OK;
}

typedef struct {
  uint8_t *bytes;
  size_t count, room;
} sink;

static void give(png_structp png, png_bytep bytes, size_t count) {
  sink *s = png_get_io_ptr(png);
  if (count > s->room - s->count) {
    size_t room = 2 * (s->count + count) + 4096;
    uint8_t *more = realloc(s->bytes, room);
    if (!more) png_error(png, "Out of memory");
    s->bytes = more;
    s->room = room;
  }
  memcpy(s->bytes + s->count, bytes, count);
  s->count += count;
}

static void nothing(png_structp png) { (void)png; }

int cimage_png_encode(const uint8_t *rgb, uint32_t width, uint32_t height, uint8_t **out, size_t *count) {
  int kind = CIMAGE_DAMAGED;
  sink output = {NULL, 0, 0};
  png_infop info = NULL;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &kind, fail, ignore);
  if (png) info = png_create_info_struct(png);
  if (!info) {
    png_destroy_write_struct(&png, NULL);
    return CIMAGE_MEMORY;
  }
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_write_struct(&png, &info);
    free(output.bytes);
    return kind;
  }
  png_set_write_fn(png, &output, give, nothing);
  png_set_IHDR(png, info, width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  png_set_compression_level(png, 3);
  png_write_info(png, info);
  for (uint32_t y = 0; y < height; y++) png_write_row(png, rgb + 3 * (size_t)width * y);
  png_write_end(png, NULL);
  png_destroy_write_struct(&png, &info);
  *out = output.bytes;
  *count = output.count;
  return CIMAGE_OK;
}
