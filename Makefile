# SPDX-License-Identifier: GPL-2.0-only
#
# The front door. "make help" lists what there is; "make -C $KDIR M=$PWD"
# builds the modules for any kernel (see Kbuild).

.PHONY: help modules demo test check kunit selftests end-to-end

help:
	@echo 'modules     build the kernel modules for the kernel of the lab'
	@echo 'demo        two guests draw, their pictures are in out/demo'
	@echo 'test        all checks and tests; KERNELS="normal debug" adds the debug kernel'
	@echo 'check       style, documentation and build checks only'
	@echo 'kunit       KUnit tests only'
	@echo 'selftests   kselftests on the VFIO device only'
	@echo 'end-to-end  tests with real guests only'

modules:
	@tools/lab/modules

demo:
	@tools/demo/demo

test:
	@tools/test $(if $(KERNELS),KERNELS="$(KERNELS)")

check kunit selftests end-to-end:
	@tools/test $@
