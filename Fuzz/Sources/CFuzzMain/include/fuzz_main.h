#pragma once

/// The program's main function, under the name that SwiftPM has the linker look for: it hands over to libFuzzer.
int churn_fuzz_main(int argc, char **argv);
