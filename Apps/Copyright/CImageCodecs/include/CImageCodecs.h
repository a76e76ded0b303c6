#ifndef TALLYSTICK_CIMAGECODECS_H
#define TALLYSTICK_CIMAGECODECS_H

#include <stddef.h>
#include <stdint.h>

// PNG (libpng), JPEG (TurboJPEG) and WebP (libwebp) to and from rows of RGB bytes, and the confinement of the process
// that does it. Sizes are checked by the caller before it makes room; nothing here grows with what a header claims
// beyond that, but for the codecs' own work space.

#ifdef __cplusplus
extern "C" {
#endif

enum {
  CIMAGE_OK = 0,
  CIMAGE_DAMAGED = 1,      // the file breaks the format's rules or ends too soon
  CIMAGE_UNSUPPORTED = 2,  // a form of the format that is not read
  CIMAGE_MEMORY = 3,       // no memory
};

// The size that a file claims. `animated` is set for moving WebP pictures.
int cimage_png_header(const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height);
int cimage_jpeg_header(const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height);
int cimage_webp_header(const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height, int *animated);

// Decodes to ceil(width / factor) by ceil(height / factor) pixels of RGB, transparency over white; factor is 1, 2, 4 or
// 8, width and height those of the header. JPEG and WebP are scaled by their decoders, PNG is averaged.
int cimage_png_decode(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint32_t factor,
                      uint8_t *rgb);
int cimage_jpeg_decode(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint32_t factor,
                       uint8_t *rgb);
int cimage_webp_decode(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint32_t factor,
                       uint8_t *rgb);

// Encodes RGB. `*out` is to be given to cimage_free. JPEG and WebP have a quality of 1 to 100.
int cimage_png_encode(const uint8_t *rgb, uint32_t width, uint32_t height, uint8_t **out, size_t *count);
int cimage_jpeg_encode(const uint8_t *rgb, uint32_t width, uint32_t height, int quality, uint8_t **out, size_t *count);
int cimage_webp_encode(const uint8_t *rgb, uint32_t width, uint32_t height, int quality, uint8_t **out, size_t *count);
void cimage_free(uint8_t *out);

// The versions of the three libraries that are loaded, as text into `text`.
void cimage_versions(char *text, size_t room);

// Gives up what this process does not need: descriptors from 3 on, the right to open others, to write files, to dump
// core, more than `memory` bytes of addresses, new privileges, and every system call but those for memory, for reading
// and writing open descriptors and for ending (seccomp). Returns 1 with seccomp, 0 where the system has none, -1 if a
// limit could not be set.
int cimage_confine(uint64_t memory);

// Allows this process so many more seconds of processor time; then it is ended by SIGXCPU.
int cimage_allow_seconds(uint32_t seconds);

// Starts `path` with these arguments; `*socket` is its standard input and output. Returns 0 or an errno.
int cimage_spawn(const char *path, char *const *arguments, int *process, int *socket);

#ifdef __cplusplus
}
#endif

#endif
