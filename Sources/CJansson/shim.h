// The door to jansson: what its macros say, as functions that Swift can call.
#include <jansson.h>

static inline json_type samovar_json_typeof(const json_t *value) { return json_typeof(value); }
static inline void samovar_json_release(json_t *value) { json_decref(value); }
static inline size_t samovar_json_flags(void) {
    return JSON_REJECT_DUPLICATES | JSON_DECODE_ANY;
}
