#include "CLibXML.h"

#include <limits.h>
#include <string.h>

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>

#define MOST_ATTRIBUTES 256

typedef struct {
  xmlParserCtxtPtr parser;
  const clibxml_calls *calls;
  void *context;
  clibxml_fault *fault;
  int attributes_limit;
  int outcome;
} walk;

static int line_of(const walk *w) { return xmlSAX2GetLineNumber(w->parser); }

static void say(clibxml_fault *fault, const char *text) {
  size_t count = text ? strlen(text) : 0;
  while (count > 0 && (text[count - 1] == '\n' || text[count - 1] == ' ')) count--;
  if (count > sizeof fault->message - 1) count = sizeof fault->message - 1;
  if (count > 0) memcpy(fault->message, text, count);
  fault->message[count] = 0;
}

// Only the first reason counts: what follows a stop is noise.
static void stop(walk *w, int outcome, int line, const char *text) {
  if (w->outcome == CLIBXML_WHOLE) {
    w->outcome = outcome;
    w->fault->line = line;
    say(w->fault, text);
  }
  xmlStopParser(w->parser);
}

static void on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *space, int spaces_count,
                     const xmlChar **spaces, int count, int defaulted, const xmlChar **attributes) {
  (void)prefix, (void)spaces_count, (void)spaces, (void)defaulted;
  walk *w = context;
  if (w->outcome != CLIBXML_WHOLE) return;
  if (count > w->attributes_limit || count > MOST_ATTRIBUTES) {
    stop(w, CLIBXML_ATTRIBUTES, line_of(w), (const char *)name);
    return;
  }
  clibxml_attribute list[MOST_ATTRIBUTES];
  for (int i = 0; i < count; i++) {
    const xmlChar **one = attributes + 5 * i;
    list[i] = (clibxml_attribute){(const char *)one[0], (const char *)one[2], (const char *)one[3],
                                  (size_t)(one[4] - one[3])};
  }
  if (!w->calls->start(w->context, line_of(w), (const char *)name, (const char *)space, list, count))
    stop(w, CLIBXML_STOPPED, line_of(w), NULL);
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *space) {
  (void)name, (void)prefix, (void)space;
  walk *w = context;
  if (w->outcome == CLIBXML_WHOLE && !w->calls->end(w->context)) stop(w, CLIBXML_STOPPED, line_of(w), NULL);
}

static void on_text(void *context, const xmlChar *bytes, int count) {
  walk *w = context;
  if (w->outcome == CLIBXML_WHOLE && count > 0 && !w->calls->text(w->context, (const char *)bytes, (size_t)count))
    stop(w, CLIBXML_STOPPED, line_of(w), NULL);
}

static void on_doctype(void *context, const xmlChar *name, const xmlChar *external, const xmlChar *system) {
  (void)external, (void)system;
  walk *w = context;
  stop(w, CLIBXML_DOCTYPE, line_of(w), (const char *)name);
}

static void on_reference(void *context, const xmlChar *name) {
  walk *w = context;
  stop(w, CLIBXML_MALFORMED, line_of(w), (const char *)name);
}

static void on_error(void *context, xmlErrorPtr error) {
  walk *w = context;
  if (!error || w->outcome != CLIBXML_WHOLE) return;
  // Errors of the namespace layer are not fatal to libxml2: an unbound prefix is refused all the same.
  if (error->level == XML_ERR_FATAL || error->domain == XML_FROM_NAMESPACE || error->code == XML_ERR_NO_MEMORY) {
    int outcome = error->code == XML_ERR_NO_MEMORY ? CLIBXML_NO_MEMORY : CLIBXML_MALFORMED;
    stop(w, outcome, error->line, error->message);
  }
}

int clibxml_walk(const uint8_t *bytes, size_t count, int attributes_limit, const clibxml_calls *calls, void *context,
                 clibxml_fault *fault) {
  fault->line = 1;
  fault->message[0] = 0;
  if (count == 0 || count > INT_MAX) {
    say(fault, "the document is empty");
    return CLIBXML_MALFORMED;
  }
  xmlInitParser();
  xmlParserCtxtPtr parser = xmlCreateMemoryParserCtxt((const char *)bytes, (int)count);
  if (!parser) return CLIBXML_NO_MEMORY;
  walk w = {parser, calls, context, fault, attributes_limit, CLIBXML_WHOLE};
  xmlSAXHandler handler;
  memset(&handler, 0, sizeof handler);
  handler.initialized = XML_SAX2_MAGIC;
  handler.startElementNs = on_start;
  handler.endElementNs = on_end;
  handler.characters = on_text;
  handler.ignorableWhitespace = on_text;
  handler.cdataBlock = on_text;
  handler.internalSubset = on_doctype;
  handler.reference = on_reference;
  handler.serror = on_error;
  *parser->sax = handler;
  parser->userData = &w;
  // NOENT makes attributes' values arrive with references resolved; there is no entity that it could expand but the
  // five of XML, since a document type declaration ends the walk.
  xmlCtxtUseOptions(
    parser, XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_COMPACT);
  // The options silence serror as well: put the handler back.
  *parser->sax = handler;
  xmlParseDocument(parser);
  if (w.outcome == CLIBXML_WHOLE && !parser->wellFormed) {
    w.outcome = CLIBXML_MALFORMED;
    fault->line = line_of(&w) > 0 ? line_of(&w) : 1;
    say(fault, parser->lastError.message ? parser->lastError.message : "not well-formed");
  }
  if (fault->line < 1) fault->line = 1;
  if (parser->myDoc) {
    xmlFreeDoc(parser->myDoc);
    parser->myDoc = NULL;
  }
  xmlFreeParserCtxt(parser);
  return w.outcome;
}
