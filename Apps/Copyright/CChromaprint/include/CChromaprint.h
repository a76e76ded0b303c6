// The system's libchromaprint (audio fingerprints) and libsndfile (audio files).
#ifndef TALLYSTICK_CCHROMAPRINT_H
#define TALLYSTICK_CCHROMAPRINT_H

#include <chromaprint.h>
#include <sndfile.h>

#endif
