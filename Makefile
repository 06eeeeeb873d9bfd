# SPDX-License-Identifier: GPL-2.0-only
#
# The front door. "make help" lists what there is; "make -C $KDIR M=$PWD"
# builds the modules for any kernel (see Kbuild).

SUITES := check qtest kunit selftests end-to-end h3 scanout host igt igt-guest clients

.PHONY: help modules demo test test-all test-igt bench coverage fuzz soak \
	soak-day soak-planted $(SUITES)

help:
	@echo 'modules     build the kernel modules for the kernel of the lab'
	@echo 'demo        three guests draw, their pictures are in out/demo'
	@echo 'test        all checks and tests; KERNELS=normal leaves out the others'
	@echo 'test-all    what test does, unmaps on a kernel with the patches of tools/series, and'
	@echo '            1000 flips and 50 sleeps beside a host'
	@echo 'test-igt    all of IGT that applies, on the host and in a guest'
	@echo 'soak-day    24 hours of virtual time, with guests that come and go; HOURS=1 for less'
	@echo 'bench       what the graphics ioctls cost, beside mbochs and udmabuf'
	@echo 'coverage    which lines of the mediator the tests reach, and which not'
	@echo 'soak        random operations, for TIME=seconds; KERNELS=, see tools/soak --help'
	@echo 'soak-planted  that these find planted bugs'
	@echo 'fuzz        random input for the pure files; TIME=600 for longer, with planted defects'
	@echo '$(SUITES)'
	@echo '            one suite only, see tools/test --help'

modules:
	@tools/lab/modules

demo:
	@tools/demo/demo

test:
	@tools/test $(if $(KERNELS),KERNELS="$(KERNELS)")

test-all: test
	@tools/test KERNELS=series unmap
	@tools/test KERNELS="normal 7" host-long

test-igt:
	@tools/test KERNELS="$(or $(KERNELS),normal)" igt-all

bench:
	@tools/lab/run -- tools/testing/selftests/bench-l1

coverage:
	@tools/coverage/coverage

soak:
	@tools/soak $(if $(TIME),TIME=$(TIME)) $(if $(KERNELS),KERNELS="$(KERNELS)")

soak-planted:
	@tools/testing/selftests/vfio-gfx/planted/run

soak-day:
	@tools/testing/day/run --hours $(or $(HOURS),24)

fuzz:
	@$(if $(TIME),tools/testing/fuzz/run --planted --time $(TIME),tools/test $@)

$(SUITES):
	@tools/test $(if $(KERNELS),KERNELS="$(KERNELS)") $@
