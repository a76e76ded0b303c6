// libmosquitto (Debian: libmosquitto-dev), and how a broker is started that ends with the thread that started it.
#ifndef CMOSQUITTO_H
#define CMOSQUITTO_H

#include <mosquitto.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/types.h>

// Starts the program at `path` with the arguments, its output thrown away. It gets SIGTERM when the thread that called
// this ends, so that no broker outlives a program that was killed. Gives its process id, or -1 with errno.
pid_t cmosquitto_spawn(const char *path, char *const arguments[]);

#endif
