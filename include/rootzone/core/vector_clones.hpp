#pragma once

/// Put before a plain elementwise loop function to have it compiled for baseline, AVX2 and AVX-512 and chosen
/// at load time. The numeric contract forbids fused multiply-add, so all clones give the same bits. Not
/// under sanitizers, whose run-time is not up when the choice is made.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define ROOTZONE_VECTOR_CLONES __attribute__((target_clones("default", "avx2", "avx512f")))
#else
#define ROOTZONE_VECTOR_CLONES
#endif
