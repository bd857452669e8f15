#define ROOTZONE_KERNEL kernel_avx512
#include "lstm_kernel_body.hpp"

namespace rootzone::sptf {

LstmKernel avx512_lstm_kernel() {
  return ROOTZONE_KERNEL::make();
}

}  // namespace rootzone::sptf
