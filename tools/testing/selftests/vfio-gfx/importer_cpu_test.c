// SPDX-License-Identifier: GPL-2.0-only
/*
 * Importers that read and write with the CPU
 *
 * vkms does.
 */

#include "kselftest_harness.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "lib/importer_fixture.h"
#include "lib/vfio_gfx.h"
#include "lib/vfio_gfx_kms.h"

/* vkms shows a picture of its own, black, or what was imported. */
static int open_vkms(struct vfio_gfx_kms *kms, int fd, __u32 *fb)
{
	int ret = __vfio_gfx_kms_open(kms, "vkms");

	if (!ret)
		ret = __vfio_gfx_kms_set_master(kms);
	return ret ?: __vfio_gfx_kms_import(kms, fd, WIDTH, HEIGHT, fb);
}

static int show_black(struct vfio_gfx_kms *kms)
{
	return __vfio_gfx_kms_set_crtc(kms, vfio_gfx_kms_fb(kms, WIDTH, HEIGHT),
				       vfio_gfx_kms_mode(kms, WIDTH, HEIGHT,
							 60));
}

/* Nobody but the guest writes its memory, unless the admin says so. */
TEST_F(importer, cpu_writes)
{
	struct vfio_gfx_kms kms;
	__u32 fb;
	int ret;

	if (open_vkms(&kms, self->fd, &fb))
		SKIP(return, "no vkms");
	ASSERT_EQ(0, show_black(&kms));
	ret = __vfio_gfx_kms_write_back(&kms, fb);
	if (ret == -ENOENT)
		SKIP(return, "no writeback");
	ASSERT_EQ(0, ret);
	EXPECT_EQ(!is_writable(variant->writable), is_filled(&self->ram, OLD));
}

/* An import outlives the memory. What it gets then may be written, too. */
TEST_F(importer, cpu_writes_revoked)
{
	struct vfio_gfx_kms kms;
	__u32 fb;
	int ret;

	if (open_vkms(&kms, self->fd, &fb))
		SKIP(return, "no vkms");
	ASSERT_EQ(0, show_black(&kms));
	vfio_gfx_reset(&self->dev);
	ret = __vfio_gfx_kms_write_back(&kms, fb);
	if (ret == -ENOENT)
		SKIP(return, "no writeback");
	EXPECT_EQ(0, ret);
	EXPECT_TRUE(is_filled(&self->ram, OLD));
}

/* ... and so is what was mapped before. */
TEST_F(importer, cpu_reads_revoked)
{
	const struct drm_mode_modeinfo *mode;
	long long crc;
	struct vfio_gfx_kms kms;
	__u32 fb;

	if (open_vkms(&kms, self->fd, &fb))
		SKIP(return, "no vkms");
	mode = vfio_gfx_kms_mode(&kms, WIDTH, HEIGHT, 60);
	ASSERT_EQ(0, __vfio_gfx_kms_set_crtc(&kms, fb, mode));
	crc = __vfio_gfx_kms_crc(&kms);
	if (crc == -ENOENT)
		SKIP(return, "no CRC in debugfs");
	ASSERT_LE(0, crc);
	vfio_gfx_reset(&self->dev);
	fill(&self->ram, NEW);
	EXPECT_LE(0, __vfio_gfx_kms_crc(&kms));
	EXPECT_EQ(-ENODEV, sync_cpu(self->fd, DMA_BUF_SYNC_START |
					      DMA_BUF_SYNC_READ));
}

/*
 * What is mapped for long shows what is new after a SYNC, and at once if it may be
 * written.
 */
TEST_F(importer, cpu_reads_anew)
{
	const struct drm_mode_modeinfo *mode;
	long long crc;
	struct vfio_gfx_kms kms;
	__u32 fb;

	if (open_vkms(&kms, self->fd, &fb))
		SKIP(return, "no vkms");
	mode = vfio_gfx_kms_mode(&kms, WIDTH, HEIGHT, 60);
	ASSERT_EQ(0, __vfio_gfx_kms_set_crtc(&kms, fb, mode));
	crc = __vfio_gfx_kms_crc(&kms);
	if (crc == -ENOENT)
		SKIP(return, "no CRC in debugfs");
	ASSERT_LE(0, crc);

	fill(&self->ram, NEW);
	if (!is_writable(variant->writable))
		EXPECT_EQ(0, sync_cpu(self->fd, DMA_BUF_SYNC_START |
						DMA_BUF_SYNC_READ));
	EXPECT_NE(crc, __vfio_gfx_kms_crc(&kms));
}

/* -----------------------------------------------------------------------------
 * A client that may have little memory
 */

#define CGROUP	"/sys/fs/cgroup/vfio-gfx"

static bool join_small_cgroup(void)
{
	__vfio_gfx_write_file("/sys/fs/cgroup/cgroup.subtree_control", "+memory");
	if (mkdir(CGROUP, 0755) && errno != EEXIST)
		return false;
	/* Less than a picture. Whoever has more is killed. */
	return !__vfio_gfx_write_file(CGROUP "/memory.max", "2097152") &&
	       !__vfio_gfx_write_file(CGROUP "/cgroup.procs", "0");
}

/* The kernel warns of an exporter that can't map: the run fails then. */
TEST_F(importer, cpu_little_memory)
{
	const struct drm_mode_modeinfo *mode;
	struct vfio_gfx_kms kms;
	__u32 fb;
	pid_t pid;
	int status;

	if (open_vkms(&kms, self->fd, &fb))
		SKIP(return, "no vkms");
	mode = vfio_gfx_kms_mode(&kms, WIDTH, HEIGHT, 60);
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		if (!join_small_cgroup())
			_exit(KSFT_SKIP);
		_exit(__vfio_gfx_kms_set_crtc(&kms, fb, mode) ?
		      KSFT_FAIL : KSFT_PASS);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	rmdir(CGROUP);
	if (WIFEXITED(status) && WEXITSTATUS(status) == KSFT_SKIP)
		SKIP(return, "no memory cgroups");
	/* Its cgroup may have ended it. */
	EXPECT_TRUE((WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) ||
		    (WIFEXITED(status) && WEXITSTATUS(status) == KSFT_PASS));
	EXPECT_TRUE(is_filled(&self->ram, OLD));
}

TEST_HARNESS_MAIN
