#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

#include "CImageCodecs.h"

static int failure(tjhandle handle) {
  const char *words = tjGetErrorStr2(handle);
  if (strstr(words, "emory")) return CIMAGE_MEMORY;
  if (strstr(words, "nsupported") || strstr(words, "not supported") || strstr(words, "not implemented"))
    return CIMAGE_UNSUPPORTED;
  return CIMAGE_DAMAGED;
}

int cimage_jpeg_header(const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height) {
  tjhandle handle = tjInitDecompress();
  if (!handle) return CIMAGE_MEMORY;
  int w = 0, h = 0, sampling = 0, colours = 0, result = CIMAGE_OK;
  if (tjDecompressHeader3(handle, bytes, count, &w, &h, &sampling, &colours) != 0) result = failure(handle);
  if (result == CIMAGE_OK && (w < 1 || h < 1)) result = CIMAGE_DAMAGED;
  tjDestroy(handle);
  *width = (uint32_t)w;
  *height = (uint32_t)h;
  return result;
}

int cimage_jpeg_decode(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint32_t factor,
                       uint8_t *rgb) {
  const int flags = TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS;
  if (width > INT_MAX || height > INT_MAX) return CIMAGE_UNSUPPORTED;
  tjhandle handle = tjInitDecompress();
  if (!handle) return CIMAGE_MEMORY;
  int w = 0, h = 0, sampling = 0, colours = 0, result = CIMAGE_OK;
  int narrow = (int)((width + factor - 1) / factor), low = (int)((height + factor - 1) / factor);
  if (tjDecompressHeader3(handle, bytes, count, &w, &h, &sampling, &colours) != 0) {
    result = failure(handle);
  } else if ((uint32_t)w != width || (uint32_t)h != height) {
    result = CIMAGE_DAMAGED;
  } else if (colours == TJCS_CMYK || colours == TJCS_YCCK) {
    // Four inks, inverted as Adobe's programs write them.
    size_t pixels = (size_t)narrow * (size_t)low;
    uint8_t *inks = malloc(4 * pixels);
    if (!inks) {
      result = CIMAGE_MEMORY;
    } else if (tjDecompress2(handle, bytes, count, inks, narrow, 0, low, TJPF_CMYK, flags) != 0) {
      result = failure(handle);
    } else {
      for (size_t i = 0; i < pixels; i++)
        for (int c = 0; c < 3; c++) rgb[3 * i + c] = (uint8_t)((inks[4 * i + c] * inks[4 * i + 3] + 127) / 255);
    }
    free(inks);
  } else if (tjDecompress2(handle, bytes, count, rgb, narrow, 0, low, TJPF_RGB, flags) != 0) {
    result = failure(handle);
  }
  tjDestroy(handle);
  return result;
}

int cimage_jpeg_encode(const uint8_t *rgb, uint32_t width, uint32_t height, int quality, uint8_t **out,
                       size_t *count) {
  unsigned long room = tjBufSize((int)width, (int)height, TJSAMP_420);
  if (room == (unsigned long)-1) return CIMAGE_UNSUPPORTED;
  uint8_t *bytes = malloc(room);
  tjhandle handle = tjInitCompress();
  if (!bytes || !handle) {
    free(bytes);
    if (handle) tjDestroy(handle);
    return CIMAGE_MEMORY;
  }
  unsigned long length = room;
  int failed = tjCompress2(handle, rgb, (int)width, 0, (int)height, TJPF_RGB, &bytes, &length, TJSAMP_420, quality,
                           TJFLAG_NOREALLOC | TJFLAG_ACCURATEDCT);
  tjDestroy(handle);
  if (failed) {
    free(bytes);
    return CIMAGE_UNSUPPORTED;
  }
  *out = bytes;
  *count = length;
  return CIMAGE_OK;
}
