#include "CQRCode.h"

#include <qrencode.h>

int tallystick_qr(const char *text, uint8_t *modules, size_t capacity) {
  QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
  if (code == NULL) return 0;
  int width = code->width;
  size_t count = (size_t)width * (size_t)width;
  if (count > capacity) {
    width = 0;
  } else {
    for (size_t place = 0; place < count; place++) modules[place] = code->data[place] & 1;
  }
  QRcode_free(code);
  return width;
}
