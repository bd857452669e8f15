#define ROOTZONE_KERNEL kernel_avx2
#include "lstm_kernel_body.hpp"

namespace rootzone::sptf {

LstmKernel avx2_lstm_kernel() {
  return ROOTZONE_KERNEL::make();
}

}  // namespace rootzone::sptf
