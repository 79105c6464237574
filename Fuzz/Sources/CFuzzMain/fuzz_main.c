#include "fuzz_main.h"

#include <stddef.h>
#include <stdint.h>

// libFuzzer's, and what it calls for each input: FuzzEntry.swift.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*test)(const uint8_t *, size_t));
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int churn_fuzz_main(int argc, char **argv) { return LLVMFuzzerRunDriver(&argc, &argv, LLVMFuzzerTestOneInput); }
