// A walk over an XML document by libxml2's SAX2 parser, with everything that reaches outside of the document off.
//
// No DTD is read: the walk ends at a document type declaration. No entity is known but the five of XML itself, nothing
// is fetched, and libxml2's own limits on names and text stay on. Texts are UTF-8, without a zero at their end where a
// count goes with them, and live for the time of the call only.
#ifndef CLIBXML_H
#define CLIBXML_H

#include <stddef.h>
#include <stdint.h>

// One attribute of an element; space is NULL for an attribute without a prefix.
typedef struct {
  const char *name;
  const char *space;
  const char *value;
  size_t count;
} clibxml_attribute;

// What the walk tells; a function that returns 0 ends the walk.
typedef struct {
  int (*start)(void *context, int line, const char *name, const char *space, const clibxml_attribute *attributes,
               int attributes_count);
  int (*text)(void *context, const char *bytes, size_t count);
  int (*end)(void *context);
} clibxml_calls;

// How a walk ended.
enum {
  CLIBXML_WHOLE = 0,       // the document is well-formed and was walked to its end
  CLIBXML_STOPPED = 1,     // a function returned 0
  CLIBXML_DOCTYPE = 2,     // a document type declaration; message has its name
  CLIBXML_MALFORMED = 3,   // not well-formed XML with namespaces; message says why
  CLIBXML_NO_MEMORY = 4,   // no memory for the parser
  CLIBXML_ATTRIBUTES = 5,  // an element has more attributes than allowed
};

// Where and how a walk ended: line counts from 1, and the message is cut to fit.
typedef struct {
  int line;
  char message[200];
} clibxml_fault;

// Walks a document of at most INT_MAX bytes; at most 256 attributes an element.
int clibxml_walk(const uint8_t *bytes, size_t count, int attributes_limit, const clibxml_calls *calls, void *context,
                 clibxml_fault *fault);

#endif
