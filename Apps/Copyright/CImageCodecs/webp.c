#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <png.h>
#include <webp/decode.h>
#include <webp/encode.h>

#include "CImageCodecs.h"

int cimage_webp_header(const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height, int *animated) {
  WebPBitstreamFeatures features;
  if (WebPGetFeatures(bytes, count, &features) != VP8_STATUS_OK) return CIMAGE_DAMAGED;
  if (features.width < 1 || features.height < 1) return CIMAGE_DAMAGED;
  *width = (uint32_t)features.width;
  *height = (uint32_t)features.height;
  *animated = features.has_animation;
  return CIMAGE_OK;
}

int cimage_webp_decode(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint32_t factor,
                       uint8_t *rgb) {
  WebPDecoderConfig config;
  if (!WebPInitDecoderConfig(&config)) return CIMAGE_UNSUPPORTED;
  if (WebPGetFeatures(bytes, count, &config.input) != VP8_STATUS_OK) return CIMAGE_DAMAGED;
  if ((uint32_t)config.input.width != width || (uint32_t)config.input.height != height) return CIMAGE_DAMAGED;
  uint32_t narrow = (width + factor - 1) / factor, low = (height + factor - 1) / factor;
  size_t pixels = (size_t)narrow * low;
  uint8_t *rgba = NULL;
  if (config.input.has_alpha) {
    rgba = malloc(4 * pixels);
    if (!rgba) return CIMAGE_MEMORY;
  }
  if (factor > 1) {
    config.options.use_scaling = 1;
    config.options.scaled_width = (int)narrow;
    config.options.scaled_height = (int)low;
  }
  config.output.colorspace = rgba ? MODE_RGBA : MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = rgba ? rgba : rgb;
  config.output.u.RGBA.stride = (int)(narrow * (rgba ? 4 : 3));
  config.output.u.RGBA.size = pixels * (rgba ? 4 : 3);
  VP8StatusCode status = WebPDecode(bytes, count, &config);
  if (status == VP8_STATUS_OK && rgba) {
    for (size_t i = 0; i < pixels; i++) {
      uint32_t alpha = rgba[4 * i + 3];
      for (int c = 0; c < 3; c++)
        rgb[3 * i + c] = (uint8_t)((rgba[4 * i + c] * alpha + 255 * (255 - alpha) + 127) / 255);
    }
  }
  free(rgba);
  WebPFreeDecBuffer(&config.output);
  if (status == VP8_STATUS_OK) return CIMAGE_OK;
  if (status == VP8_STATUS_OUT_OF_MEMORY) return CIMAGE_MEMORY;
  if (status == VP8_STATUS_UNSUPPORTED_FEATURE) return CIMAGE_UNSUPPORTED;
  return CIMAGE_DAMAGED;
}

int cimage_webp_encode(const uint8_t *rgb, uint32_t width, uint32_t height, int quality, uint8_t **out,
                       size_t *count) {
  uint8_t *bytes = NULL;
  size_t length = WebPEncodeRGB(rgb, (int)width, (int)height, (int)(3 * width), (float)quality, &bytes);
  if (length == 0) return CIMAGE_UNSUPPORTED;
  uint8_t *copy = malloc(length);
  if (copy) memcpy(copy, bytes, length);
  WebPFree(bytes);
  if (!copy) return CIMAGE_MEMORY;
  *out = copy;
  *count = length;
  return CIMAGE_OK;
}

void cimage_free(uint8_t *out) { free(out); }

void cimage_versions(char *text, size_t room) {
  int webp = WebPGetDecoderVersion();
  // TurboJPEG tells its version at build time only, and not in its header.
  snprintf(text, room, "libpng %s, TurboJPEG 2 API, libwebp %d.%d.%d", png_get_libpng_ver(NULL), webp >> 16,
           webp >> 8 & 255, webp & 255);
}
