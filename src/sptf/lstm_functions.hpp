// Included once by each kernel file, inside its own namespace: no include guard, and no include of its own.
// Elementwise functions without branches, which the compiler turns into vector code.

/// a·b + c: one rounding where the instruction set has it (AVX2, AVX-512), two elsewhere. Asked for by name;
/// the numeric contract forbids only what the compiler would do unasked.
inline float multiply_add(float a, float b, float c) {
#if defined(__FMA__)
  return __builtin_fmaf(a, b, c);
#else
  return a * b + c;
#endif
}

/// e^x = 2^n·(1 + p): n the nearest integer of x·log2 e, p = e^r − 1 for |r| ≤ ln 2 / 2 by a polynomial r +
/// r²·q(r), q minimax of degree 4 (own Remez run, relative error of e^r − 1 below 4e-8).
struct SplitExponential {
  float power;  ///< 2^n
  float p;
};

inline SplitExponential split_exponential(float x) {
  // 1.5·2^23 puts n into the low bits; 127 is the exponent's bias. ln 2 in two parts (Cody & Waite 1980).
  constexpr float shift = 12582912.0F + 127.0F;
  const float shifted = multiply_add(x, 1.44269504F, shift);
  const float n = shifted - shift;
  const float r = multiply_add(n, 2.12194440e-4F, multiply_add(n, -0.693359375F, x));
  float q = multiply_add(r, 0.00139454488F, 0.00836604314F);
  q = multiply_add(q, r, 0.0416663007F);
  q = multiply_add(q, r, 0.166665486F);
  q = multiply_add(q, r, 0.5F);
  const float power = __builtin_bit_cast(float, __builtin_bit_cast(unsigned, shifted) << 23);
  return {power, multiply_add(q, r * r, r)};
}

inline float clamp(float x, float low, float high) {
  const float above = x > low ? x : low;
  return above < high ? above : high;
}

inline float exponential(float x) {
  const SplitExponential e = split_exponential(clamp(x, -87.0F, 88.0F));
  return multiply_add(e.power, e.p, e.power);
}

/// 1 + e^−x, whose inverse is the sigmoid of x. Beyond ±40 the sigmoid has long reached 0 and 1 in float32.
inline float sigmoid_denominator(float x) {
  const SplitExponential e = split_exponential(clamp(-x, -40.0F, 40.0F));
  return 1.0F + multiply_add(e.power, e.p, e.power);
}

inline float sigmoid(float x) {
  return 1.0F / sigmoid_denominator(x);
}

/// e^2x − 1 = 2^n·p + (2^n − 1), which keeps all digits near 0: tanh x is this over itself plus 2.
inline float hyperbolic_numerator(float x) {
  const SplitExponential e = split_exponential(clamp(2.0F * x, -30.0F, 30.0F));
  return multiply_add(e.power, e.p, e.power - 1.0F);
}

inline float hyperbolic_tangent(float x) {
  const float less_one = hyperbolic_numerator(x);
  return less_one / (less_one + 2.0F);
}

/// A sigmoid, a hyperbolic tangent and their product by one division.
struct GatedValue {
  float gate;     ///< σ(x)
  float value;    ///< tanh y
  float product;  ///< σ(x)·tanh y
};

inline GatedValue gated(float x, float y) {
  const float denominator = sigmoid_denominator(x);
  const float numerator = hyperbolic_numerator(y);
  const float sum = numerator + 2.0F;
  const float inverse = 1.0F / (denominator * sum);
  const float product = numerator * inverse;
  return {sum * inverse, product * denominator, product};
}
