#!/usr/bin/env bash
# kernel_symbols.sh LIBRARY: the kernel files of the wider instruction sets must define nothing that the linker could
# take for another file's code: every weak symbol of theirs lies in their own Eigen or their own namespace.
set -euo pipefail
library="$1"
failed=0
for set in sse avx2 avx512; do
  symbols=$(nm -C "$library" 2>/dev/null | awk -v member="lstm_kernel_$set.cpp.o:" '/\.o:$/ { inside = ($1 == member) } inside')
  [ -n "$symbols" ] || continue
  shared=$(awk '$2 ~ /^[VWu]$/' <<<"$symbols" | grep -vE "Eigen_$set::|kernel_$set|DW\.ref\.__gxx_personality_v0" || true)
  if [ -n "$shared" ]; then
    echo "lstm_kernel_$set.cpp shares code with other files:"
    echo "$shared"
    failed=1
  fi
done
exit "$failed"
