#define ROOTZONE_KERNEL kernel_sse
#include "lstm_kernel_body.hpp"

namespace rootzone::sptf {

LstmKernel sse_lstm_kernel() {
  return ROOTZONE_KERNEL::make();
}

}  // namespace rootzone::sptf
