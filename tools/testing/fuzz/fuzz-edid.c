// SPDX-License-Identifier: GPL-2.0-only
/*
 * EDID: blobs with all kinds of extension chains, the region, and the generator
 */

#include "fuzz.h"
#include "kernel-api.h"
#include "rcar_du_mdev_edid.h"

#define BLOCK		RCAR_DU_MDEV_EDID_BLOCK
#define BLOB		RCAR_DU_MDEV_EDID_OFFSET
#define EXTENSIONS	126

/* struct vfio_region_gfx_edid */
#define FIELDS_SIZE	24
#define FIELD_SIZE	8
#define FIELD_LINK	20
#define LINK_UP		1
#define LINK_DOWN	2

static u8 sum(const u8 *block)
{
	u8 total = 0;
	unsigned int i;

	for (i = 0; i < BLOCK; i++)
		total += block[i];

	return total;
}

/* @size: what was returned for an EDID of at most @room bytes. */
static void check_edid(const u8 *edid, u32 size, u32 room)
{
	static const u8 header[] = { 0, 255, 255, 255, 255, 255, 255, 0 };
	u32 i;

	if (!size)
		return;

	must(size <= room && size % BLOCK == 0);
	must(!memcmp(edid, header, sizeof(header)));
	must_equal(edid[EXTENSIONS] + 1, size / BLOCK);
	for (i = 0; i < size; i += BLOCK)
		must_equal(sum(edid + i), 0);
	for (i = BLOCK; i < size; i += BLOCK)
		must(edid[i] == 0x02 || edid[i] == 0x70);
}

/* A fuzzer does not guess checksums. */
static void put_checksums(u8 *edid, u32 size, u32 which)
{
	u32 i;

	for (i = 0; i + BLOCK <= size; i += BLOCK, which >>= 1) {
		if (which & 1)
			edid[i + BLOCK - 1] -= sum(edid + i);
	}
}

/* A few bytes here and there of a blob of any size, which begins well or not. */
static void do_sanitise(struct input *in)
{
	u32 size = take16(in) % (RCAR_DU_MDEV_EDID_MAX_SIZE + 1);
	u32 which = take32(in), again;
	u8 tag = take8(in), changes = take8(in) % 32, i;
	u8 *edid = calloc(1, size), *copy = malloc(size);
	u8 base[BLOCK];
	size_t at;

	rcar_du_mdev_edid_generate(base, 1280, 720, 60);
	memcpy(edid, base, min_t(u32, size, BLOCK));
	if (size > EXTENSIONS)
		edid[EXTENSIONS] = take8(in);
	for (at = BLOCK; at < size; at += BLOCK)
		edid[at] = tag;
	for (i = 0; size && i < changes; i++) {
		at = take16(in) % size;
		edid[at] = take8(in);
	}
	put_checksums(edid, size, which);

	size = rcar_du_mdev_edid_sanitise(edid, size);
	check_edid(edid, size, RCAR_DU_MDEV_EDID_MAX_SIZE);
	/* What makes sense stays as it is. */
	memcpy(copy, edid, size);
	again = rcar_du_mdev_edid_sanitise(copy, size);
	must_equal(again, size);
	must(!memcmp(copy, edid, size));
	free(copy);
	free(edid);
}

static void do_generate(struct input *in)
{
	u32 width = take16(in), height = take16(in), refresh = take16(in);
	u8 *edid = malloc(BLOCK);
	const u8 *dtd = edid + 54;

	if (take8(in) & 1)
		width <<= 16;
	must_equal(rcar_du_mdev_edid_generate(edid, width, height, refresh),
		   BLOCK);
	check_edid(edid, BLOCK, BLOCK);
	must_equal(dtd[2] | (dtd[4] & 0xf0) << 4, clamp(width, 64u, 4095u));
	must_equal(dtd[5] | (dtd[7] & 0xf0) << 4, clamp(height, 64u, 4095u));
	must(get_unaligned_le16(dtd));
	free(edid);
}

static u32 field(const struct rcar_du_mdev_edid *edid, u32 offset)
{
	u8 bytes[4];

	rcar_du_mdev_edid_read(edid, offset, bytes, sizeof(bytes));

	return get_unaligned_le32(bytes);
}

static void do_read(const struct rcar_du_mdev_edid *edid, struct input *in)
{
	u32 offset = take8(in) & 1 ? take32(in) : take16(in) & 0x1fff;
	u32 count = take16(in) % 4096, i;
	u8 *buf = malloc(count);

	rcar_du_mdev_edid_read(edid, offset, buf, count);
	for (i = 0; i < count; i++) {
		u64 at = (u64)offset + i;

		if (at >= FIELDS_SIZE && at < BLOB)
			must_equal(buf[i], 0);
		else if (at >= RCAR_DU_MDEV_EDID_REGION_SIZE)
			must_equal(buf[i], 0);
		else if (at >= BLOB)
			must_equal(buf[i], edid->blob[at - BLOB]);
	}
	free(buf);
}

/* Only edid_size, link_state and the blob can be written. */
static void do_write(struct rcar_du_mdev_edid *edid, struct input *in)
{
	u32 offset = take8(in) & 1 ? take32(in) : take16(in) & 0x1fff;
	size_t count = take16(in) % 4096;
	const u8 *data = take_bytes(in, &count);
	struct rcar_du_mdev_edid before = *edid;
	u8 *buf = malloc(count);
	u64 end = (u64)offset + count, at;
	bool look;

	memcpy(buf, data, count);
	look = rcar_du_mdev_edid_write(edid, offset, buf, count);
	must_equal(edid->max_xres, before.max_xres);
	must_equal(edid->max_yres, before.max_yres);
	must(!look || edid->link_up || before.link_up);
	must(look || edid->link_up == before.link_up);
	if (end <= FIELD_LINK || offset >= FIELD_LINK + 4)
		must(!look && edid->link_up == before.link_up);
	if (end <= FIELD_SIZE || offset >= FIELD_SIZE + 4)
		must_equal(edid->size, before.size);
	for (at = 0; at < sizeof(edid->blob); at++) {
		bool in_it = BLOB + at >= offset && BLOB + at < end;

		must_equal(edid->blob[at], in_it ? buf[BLOB + at - offset] :
						   before.blob[at]);
	}
	free(buf);
}

/* What the guest would see now, as the monitor makes it. */
static void check_region(const struct rcar_du_mdev_edid *edid)
{
	u32 size = min_t(u32, edid->size, sizeof(edid->blob));
	u8 *blob = malloc(size);

	must_equal(field(edid, 0), BLOB);
	must_equal(field(edid, 4), RCAR_DU_MDEV_EDID_MAX_SIZE);
	must_equal(field(edid, FIELD_SIZE), edid->size);
	must_equal(field(edid, FIELD_LINK), edid->link_up ? LINK_UP : LINK_DOWN);
	memcpy(blob, edid->blob, size);
	check_edid(blob, rcar_du_mdev_edid_sanitise(blob, size), size);
	free(blob);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	struct rcar_du_mdev_edid edid;

	rcar_du_mdev_edid_init(&edid, 1920, 1080);

	while (in.size) {
		switch (take8(&in) % 8) {
		case 0:
		case 1:
		case 2:
			do_sanitise(&in);
			break;
		case 3:
			do_generate(&in);
			break;
		case 4:
			do_read(&edid, &in);
			break;
		default:
			do_write(&edid, &in);
			check_region(&edid);
			break;
		}
	}

	return 0;
}
