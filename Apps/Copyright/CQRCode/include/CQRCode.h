// QR codes by the system's libqrencode, behind one call.
#ifndef TALLYSTICK_CQRCODE_H
#define TALLYSTICK_CQRCODE_H

#include <stddef.h>
#include <stdint.h>

// Writes the modules of a QR code of `text` (UTF-8, error correction M) row by row, a byte each: 1 is dark.
//
// Gives the code's width in modules, or 0 where the text does not fit, the code not into `capacity`, or memory is short.
// A width is at most 177.
int tallystick_qr(const char *text, uint8_t *modules, size_t capacity);

#endif
