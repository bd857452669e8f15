#define ROOTZONE_COLUMN_KERNEL baseline_column_kernel
#include "column_kernel_body.hpp"
