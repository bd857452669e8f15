#!/bin/sh
# Start a program with its addresses not shuffled: ThreadSanitizer's map of memory has fixed places, and where the
# kernel shuffles by more than 28 bits (vm.mmap_rnd_bits, 32 on newer ones) it dies at start with "unexpected memory
# mapping". Where the call is forbidden (some containers) the program is started as it is.
if setarch -R true 2>/dev/null; then
  exec setarch -R "$@"
fi
exec "$@"
