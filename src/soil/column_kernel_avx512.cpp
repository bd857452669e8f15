#define ROOTZONE_COLUMN_KERNEL avx512_column_kernel
#include "column_kernel_body.hpp"
