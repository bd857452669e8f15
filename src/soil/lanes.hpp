#pragma once
#include "formula_point.hpp"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

/// A register full of columns: eight doubles, and the elementary functions on them. Written with vector types
/// rather than loops, so that what is in a register is not left to the vectoriser; a file compiled for
/// AVX-512 holds one in a register, AVX2 in two, SSE2 in four. No library calls (those of libm run 7–8 times
/// slower from AVX code) and no fused multiply-add, so every instruction set gives the same bits. Accuracy: 2
/// ulp or better (test Lanes.FunctionsAreAccurate).
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpsabi"  // all of this is inlined

namespace rootzone::soil {

inline constexpr int lane_count = 8;
using Lanes = double __attribute__((vector_size(64)));
using LaneBits = decltype(Lanes{} < Lanes{});  // 64-bit integers, all ones where true
using LaneWords = unsigned long __attribute__((vector_size(64)));

namespace real {

ROOTZONE_INLINE Lanes select(LaneBits mask, Lanes a, Lanes b) {
  return mask ? a : b;
}
ROOTZONE_INLINE Lanes larger(Lanes a, Lanes b) {
  return a > b ? a : b;
}
ROOTZONE_INLINE Lanes smaller(Lanes a, Lanes b) {
  return a < b ? a : b;
}
ROOTZONE_INLINE Lanes magnitude(Lanes x) {
  return reinterpret_cast<Lanes>(reinterpret_cast<LaneBits>(x) & 0x7fffffffffffffffL);
}

ROOTZONE_INLINE Lanes square_root(Lanes x) {
#if defined(__AVX512F__)
  return reinterpret_cast<Lanes>(_mm512_maskz_sqrt_pd(0xff, reinterpret_cast<__m512d>(x)));
#elif defined(__AVX__)
  union {
    Lanes all;
    __m256d part[2];
  } v = {x};
  for (int i = 0; i < 2; ++i) v.part[i] = _mm256_sqrt_pd(v.part[i]);
  return v.all;
#elif defined(__SSE2__)
  union {
    Lanes all;
    __m128d part[4];
  } v = {x};
  for (int i = 0; i < 4; ++i) v.part[i] = _mm_sqrt_pd(v.part[i]);
  return v.all;
#else
  Lanes root = x;
  for (int i = 0; i < lane_count; ++i) root[i] = __builtin_sqrt(x[i]);
  return root;
#endif
}

/// Adding this to a double of magnitude below 2^51 rounds it to an integer that stands in the low bits.
inline constexpr double rounder = 6755399441055744.0;  // 1.5·2^52
inline constexpr double ln2_high = 6.93147180369123816490e-01;
inline constexpr double ln2_low = 1.90821492927058770002e-10;

/// 2·atanh(s) = 2·(s + s³/3 + s⁵/5 + …) for |s| ≤ 0.1716, without the leading 2s.
ROOTZONE_INLINE Lanes atanh_tail(Lanes s) {
  const Lanes z = s * s;
  Lanes p = z * (2.0 / 21.0) + 2.0 / 19.0;
  p = p * z + 2.0 / 17.0;
  p = p * z + 2.0 / 15.0;
  p = p * z + 2.0 / 13.0;
  p = p * z + 2.0 / 11.0;
  p = p * z + 2.0 / 9.0;
  p = p * z + 2.0 / 7.0;
  p = p * z + 2.0 / 5.0;
  p = p * z + 2.0 / 3.0;
  return p * z * s;
}

/// ln((1 + f)·2^e) for 1 + f within √½ … √2.
ROOTZONE_INLINE Lanes log_of_parts(Lanes f, Lanes e) {
  const Lanes s = f / (2.0 + f);
  // 2s = f − f·s keeps the digits of f.
  const Lanes low = atanh_tail(s) - f * s + e * ln2_low;
  return e * ln2_high + (f + low);
}

/// x = (1 + f)·2^e; `scale` = 2^−e.
struct LaneParts {
  Lanes f, e, scale;
};
ROOTZONE_INLINE LaneParts split(Lanes x) {
  // Less the bits of √½, so that the exponent steps there and not at 1; plus 2^10, so that a logical shift
  // will do (AVX2 has no arithmetic one).
  const LaneBits bits = reinterpret_cast<LaneBits>(x);
  const LaneWords stepped = reinterpret_cast<LaneWords>(bits - 0x3fe6a09e667f3bcdL + 0x4000000000000000L);
  const LaneBits e = reinterpret_cast<LaneBits>(stepped >> 52) - 1024;
  const LaneBits magic = e + 0x4338000000000000L;
  LaneParts parts;
  parts.e = reinterpret_cast<Lanes>(magic) - rounder;
  parts.f = reinterpret_cast<Lanes>(bits - (e << 52)) - 1.0;
  parts.scale = reinterpret_cast<Lanes>((1023 - e) << 52);
  return parts;
}

/// ln x for normal x > 0.
ROOTZONE_INLINE Lanes logarithm(Lanes x) {
  const LaneParts parts = split(x);
  return log_of_parts(parts.f, parts.e);
}

/// ln(1 + y), 0 ≤ y ≤ 1.
ROOTZONE_INLINE Lanes log1p_unit(Lanes y) {
  const LaneBits halve = y > 0.41421356237309503;
  const Lanes f = select(halve, 0.5 * (y - 1.0), y);
  return log_of_parts(f, select(halve, Lanes{} + 1.0, Lanes{}));
}

/// ln(1 + y), y ≥ 0: what is lost in 1 + y goes into f.
ROOTZONE_INLINE Lanes log1p_positive(Lanes y) {
  const Lanes x = 1.0 + y;
  const Lanes big = larger(y, Lanes{} + 1.0), small = smaller(y, Lanes{} + 1.0);
  const Lanes lost = small - (x - big);
  const LaneParts parts = split(x);
  return log_of_parts(parts.f + lost * parts.scale, parts.e);
}

/// e^x = 2^k·(1 + p).
struct ExponentialParts {
  Lanes power, p;
};
ROOTZONE_INLINE ExponentialParts exponential_parts(Lanes x) {
  x = smaller(larger(x, Lanes{} - 708.0), Lanes{} + 709.0);
  const Lanes shifted = x * 1.44269504088896338700e+00 + rounder;
  const Lanes k = shifted - rounder;
  const Lanes r = (x - k * ln2_high) - k * ln2_low;
  // e^r − 1 = r + r²/2 + …, |r| ≤ 0.3466, to r^13.
  const Lanes r2 = r * r, r4 = r2 * r2;
  const Lanes a = (1.0 / 2.0) + r * (1.0 / 6.0);
  const Lanes b = (1.0 / 24.0) + r * (1.0 / 120.0);
  const Lanes c = (1.0 / 720.0) + r * (1.0 / 5040.0);
  const Lanes d = (1.0 / 40320.0) + r * (1.0 / 362880.0);
  const Lanes e = (1.0 / 3628800.0) + r * (1.0 / 39916800.0);
  const Lanes f = (1.0 / 479001600.0) + r * (1.0 / 6227020800.0);
  const Lanes tail = (a + b * r2) + r4 * ((c + d * r2) + r4 * (e + f * r2));
  ExponentialParts parts;
  parts.p = r + r2 * tail;
  parts.power = reinterpret_cast<Lanes>((reinterpret_cast<LaneBits>(shifted) << 52) + 0x3ff0000000000000L);
  return parts;
}
/// e^x; below −708 that of −708, above 709 that of 709.
ROOTZONE_INLINE Lanes exponential(Lanes x) {
  const ExponentialParts parts = exponential_parts(x);
  return parts.power + parts.power * parts.p;
}
/// e^x − 1, exact for small x too.
ROOTZONE_INLINE Lanes expm1_of(Lanes x) {
  const ExponentialParts parts = exponential_parts(x);
  return (parts.power - 1.0) + parts.power * parts.p;
}

}  // namespace real
}  // namespace rootzone::soil
#pragma GCC diagnostic pop
