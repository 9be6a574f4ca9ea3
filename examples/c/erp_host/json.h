/* Reading one value out of JSON text. An ERP has a JSON library of its own; this keeps the example to one file beside it. */

#ifndef JSON_H
#define JSON_H

#include <stdlib.h>
#include <string.h>

/* Behind the value that begins at `at`. The text is JSON: the engine wrote it. */
static inline const char *json_skip(const char *at)
{
    int depth = 0;
    do {
        if (*at == '"') {
            for (at++; *at && *at != '"'; at++)
                if (*at == '\\') at++;
            at++;
        } else if (*at == '{' || *at == '[') {
            depth++, at++;
        } else if (*at == '}' || *at == ']') {
            depth--, at++;
        } else if (depth == 0) {
            at += strcspn(at, ",}]");
        } else {
            at += strcspn(at, "\"{}[]");
        }
    } while (*at && depth > 0);
    return at;
}

/* The value at a JSON pointer such as `/order/lines/0/product`: where it begins, or NULL. */
static inline const char *json_find(const char *at, const char *pointer)
{
    while (at && *pointer == '/') {
        const char *key = ++pointer;
        const size_t len = strcspn(key, "/");
        pointer += len;
        const int is_object = *at == '{';
        if (!is_object && *at != '[') return NULL;
        long index = strtol(key, NULL, 10);
        for (at++;;) {
            if (*at == '}' || *at == ']') return NULL;
            if (is_object) {
                const char *name = at + 1;
                const char *end = json_skip(at);
                at = end + 1; /* behind the colon */
                if ((size_t)(end - 1 - name) == len && strncmp(name, key, len) == 0) break;
            } else if (index-- == 0) {
                break;
            }
            at = json_skip(at);
            if (*at == ',') at++;
        }
    }
    return at;
}

/* The value at a pointer as text that the caller frees: a string without its quotes, everything else as it stands; empty where
 * there is none. */
static inline char *json_text(const char *json, const char *pointer)
{
    const char *at = json_find(json, pointer), *end = at ? json_skip(at) : at;
    if (at && *at == '"') at++, end--;
    const size_t len = (size_t)(end - at);
    char *text = (char *)malloc(len + 1);
    if (!text) abort();
    if (len) memcpy(text, at, len);
    text[len] = '\0';
    return text;
}

#endif
