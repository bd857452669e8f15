#define ROOTZONE_COLUMN_KERNEL avx2_column_kernel
#include "column_kernel_body.hpp"
