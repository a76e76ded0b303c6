#include "CChromaprint.h"
