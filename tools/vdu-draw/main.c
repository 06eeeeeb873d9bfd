// SPDX-License-Identifier: GPL-2.0-only
/*
 * vdu-draw: draw something recognisable by page flips
 */

#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kms.h"
#include "planes.h"
#include "scene.h"

#define DRAW_MAX_BUFFERS 8

/* Long enough for a viewer that looks now and then, ns */
#define DRAW_AGAIN_NS 100000000

static const char draw_help[] =
	"Usage: vdu-draw [OPTIONS]\n"
	"\n"
	"Draws into dumb buffers of a KMS driver and flips among them. What is\n"
	"drawn is a still picture with moving parts, whose place depends on the\n"
	"frame's number alone. The last frame stays until vdu-draw ends.\n"
	"\n"
	"  --driver NAME      DRM driver (default: rcar-vdu)\n"
	"  --mode WxH[@R]     mode (default: the preferred one of the display)\n"
	"  --format F         XR24 (default) AR24 RG16 XR15 AR15 YUYV UYVY NV12\n"
	"                     NV21 NV16\n"
	"  --scene NAME       pattern (default), cluster, navigation\n"
	"  --picture FILE     a PNG instead of a scene\n"
	"  --frames N         number of page flips (default: 120)\n"
	"  --buffers N        buffers to flip among, 2 (default) to 8\n"
	"  --atomic           flip by atomic commits\n"
	"  --cycle            draw each buffer once, before the first flip; frame\n"
	"                     N shows what frame N modulo buffers shows\n"
	"  --plane F:WxH+X+Y[,zpos=N][,alpha=N][,blend=NAME][,cursor][,hot=X+Y]\n"
	"                     when all is drawn, show an overlay or the cursor; may\n"
	"                     be repeated\n"
	"  --hide             when all is drawn, turn the display off, and on again\n"
	"                     without a plane\n"
	"  --dump FILE        write the visible bytes of the last frame, plane by\n"
	"                     plane, lines without padding; those of the Nth\n"
	"                     --plane go to FILE.N\n"
	"  --hold SECONDS     keep the last frame that long\n"
	"  --background       go on in the background when all is drawn, and keep\n"
	"                     the last frame until killed, or as --hold says\n"
	"  --help             this text\n"
	"\n"
	"With --hold or --background SIGUSR1 makes it flip once among all buffers,\n"
	"slowly, back to the last frame.\n"
	"\n"
	"Prints at the end:\n"
	"  mode=WxH@R format=F refresh=HZ\n"
	"  flips=N seconds=S fps=F missed=M fastest=G\n"
	"seconds is from the first flip's vertical blank to the last one's, fps is\n"
	"the rate of flips, missed the number of vertical blanks without a flip,\n"
	"fastest the smallest distance of two flips in vertical blanks.\n"
	"\n"
	"Exit status: 0 done, 1 failed, 2 usage.\n";

static struct {
	const char *driver;
	const char *picture;
	const char *dump;
	const struct format *format;
	const struct scene *scene;
	struct kms_want mode;
	unsigned int frames;
	unsigned int buffers;
	unsigned int hold;
	struct plane_want planes[PLANES_MAX];
	unsigned int num_planes;
	bool atomic;
	bool cycle;
	bool background;
	bool hide;
} opt = { .driver = "rcar-vdu", .frames = 120, .buffers = 2 };

/* What is on the canvas and in the buffers. */
struct drawing {
	struct kms kms;
	struct canvas background;
	struct canvas canvas;
	unsigned int canvas_frame;
	struct kms_buffer buffers[DRAW_MAX_BUFFERS];
	unsigned int frame[DRAW_MAX_BUFFERS];
	bool drawn[DRAW_MAX_BUFFERS];
};

struct report {
	struct kms_event first, last;
	unsigned int missed;
	unsigned int fastest;
};

static int draw_usage(const char *what, const char *value)
{
	fprintf(stderr, "vdu-draw: %s: %s (see vdu-draw --help)\n", what,
		value ? value : "missing");
	return -1;
}

static int draw_number(const char *name, const char *text, unsigned int min,
		       unsigned int max, unsigned int *number)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*end || end == text || *text == '-' || value < min || value > max)
		return draw_usage(name, text);
	*number = value;
	return 0;
}

static int draw_parse_mode(const char *text)
{
	char rest;
	int n = sscanf(text, "%dx%d@%d%c", &opt.mode.width, &opt.mode.height,
		       &opt.mode.refresh, &rest);

	if ((n != 2 && n != 3) || opt.mode.width <= 0 || opt.mode.height <= 0)
		return draw_usage("mode", text);
	return 0;
}

static int draw_add_plane(const char *text)
{
	if (opt.num_planes == PLANES_MAX ||
	    planes_parse(text, &opt.planes[opt.num_planes]))
		return draw_usage("plane", text);
	opt.num_planes++;
	return 0;
}

static const struct option draw_options[] = {
	{ "driver", required_argument, NULL, 'D' },
	{ "mode", required_argument, NULL, 'm' },
	{ "format", required_argument, NULL, 'f' },
	{ "scene", required_argument, NULL, 's' },
	{ "picture", required_argument, NULL, 'p' },
	{ "frames", required_argument, NULL, 'n' },
	{ "buffers", required_argument, NULL, 'b' },
	{ "atomic", no_argument, NULL, 'a' },
	{ "cycle", no_argument, NULL, 'c' },
	{ "plane", required_argument, NULL, 'P' },
	{ "hide", no_argument, NULL, 'x' },
	{ "dump", required_argument, NULL, 'd' },
	{ "hold", required_argument, NULL, 'H' },
	{ "background", no_argument, NULL, 'B' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

static int draw_option(int option)
{
	switch (option) {
	case 'D':
		opt.driver = optarg;
		return 0;
	case 'm':
		return draw_parse_mode(optarg);
	case 'f':
		opt.format = format_by_name(optarg);
		return opt.format ? 0 : draw_usage("format", optarg);
	case 's':
		opt.scene = scene_by_name(optarg);
		return opt.scene ? 0 : draw_usage("scene", optarg);
	case 'p':
		opt.picture = optarg;
		return 0;
	case 'n':
		return draw_number("frames", optarg, 0, 1000000, &opt.frames);
	case 'b':
		return draw_number("buffers", optarg, 2, DRAW_MAX_BUFFERS,
				   &opt.buffers);
	case 'a':
		opt.atomic = true;
		return 0;
	case 'c':
		opt.cycle = true;
		return 0;
	case 'P':
		return draw_add_plane(optarg);
	case 'x':
		opt.hide = true;
		return 0;
	case 'd':
		opt.dump = optarg;
		return 0;
	case 'H':
		return draw_number("hold", optarg, 0, 1000000, &opt.hold);
	case 'B':
		opt.background = true;
		return 0;
	case 'h':
		fputs(draw_help, stdout);
		exit(0);
	default:
		return -1;
	}
}

static int draw_parse(int argc, char **argv)
{
	int option;

	opt.format = format_by_name("XR24");
	opt.scene = &scene_pattern;
	while ((option = getopt_long(argc, argv, "", draw_options, NULL)) >= 0)
		if (draw_option(option))
			return -1;
	if (optind < argc)
		return draw_usage("argument", argv[optind]);
	return 0;
}

/* Make the canvas show @frame. */
static void draw_canvas(struct drawing *drawing, unsigned int frame)
{
	const struct scene *scene = opt.scene;
	struct rect rects[SCENE_MAX_MOVERS];
	int count = scene->movers(&drawing->canvas, drawing->canvas_frame,
				  rects);

	for (int i = 0; i < count; i++)
		canvas_copy(&drawing->canvas, &drawing->background, rects[i]);
	scene->draw(&drawing->canvas, frame);
	drawing->canvas_frame = frame;
}

/* Encode the parts that move in @frame. */
static void draw_encode(struct drawing *drawing, unsigned int frame,
			const struct kms_buffer *buffer)
{
	struct rect rects[SCENE_MAX_MOVERS];
	int count = opt.scene->movers(&drawing->canvas, frame, rects);

	for (int i = 0; i < count; i++)
		format_encode(opt.format, &drawing->canvas, rects[i],
			      &buffer->target);
}

/* Make buffer @index show @frame. */
static void draw_buffer(struct drawing *drawing, unsigned int index,
			unsigned int frame)
{
	const struct kms_buffer *buffer = &drawing->buffers[index];
	struct rect all = {
		0, 0, drawing->canvas.width, drawing->canvas.height
	};

	draw_canvas(drawing, frame);
	if (drawing->drawn[index]) {
		draw_encode(drawing, drawing->frame[index], buffer);
		draw_encode(drawing, frame, buffer);
	} else {
		format_encode(opt.format, &drawing->canvas, all,
			      &buffer->target);
		drawing->drawn[index] = true;
	}
	drawing->frame[index] = frame;
}

static void draw_frame(struct drawing *drawing, unsigned int frame)
{
	if (!opt.cycle)
		draw_buffer(drawing, frame % opt.buffers, frame);
}

static int draw_setup(struct drawing *drawing)
{
	struct kms *kms = &drawing->kms;
	struct canvas *canvas = &drawing->canvas;

	if (kms_open(kms, opt.driver, opt.atomic) ||
	    kms_pick_mode(kms, &opt.mode))
		return -1;
	if (format_is_yuv(opt.format) &&
	    (kms->mode.hdisplay | kms->mode.vdisplay) & 1)
		return draw_usage("a YUV format in an odd mode",
				  opt.format->name);
	if (canvas_init(canvas, kms->mode.hdisplay, kms->mode.vdisplay) ||
	    canvas_init(&drawing->background, canvas->width, canvas->height))
		return draw_usage("memory", NULL);
	opt.scene->background(&drawing->background);
	memcpy(canvas->pixels, drawing->background.pixels,
	       (size_t)canvas->width * canvas->height * sizeof(uint32_t));

	for (unsigned int i = 0; i < opt.buffers; i++)
		if (kms_create_buffer(kms, opt.format, kms->mode.hdisplay,
				      kms->mode.vdisplay, &drawing->buffers[i]))
			return -1;
	draw_buffer(drawing, 0, 0);
	for (unsigned int i = 1; opt.cycle && i < opt.buffers; i++)
		draw_buffer(drawing, i, i);
	return kms_show(kms, &drawing->buffers[0]);
}

static int draw_wait(struct drawing *drawing, unsigned int frame,
		     struct report *report)
{
	unsigned int before = report->last.sequence, distance;

	if (kms_wait_flip(&drawing->kms, &report->last))
		return -1;
	if (frame == 1) {
		report->first = report->last;
		return 0;
	}
	distance = report->last.sequence - before;
	if (distance > 1)
		report->missed += distance - 1;
	if (frame == 2 || distance < report->fastest)
		report->fastest = distance;
	return 0;
}

/* Frame 0 is shown. With three buffers, one is free while a flip is pending. */
static int draw_flips(struct drawing *drawing, struct report *report)
{
	bool early = opt.buffers > 2;

	for (unsigned int frame = 1; frame <= opt.frames; frame++) {
		if (early)
			draw_frame(drawing, frame);
		if (frame > 1 && draw_wait(drawing, frame - 1, report))
			return -1;
		if (!early)
			draw_frame(drawing, frame);
		if (kms_flip(&drawing->kms,
			     &drawing->buffers[frame % opt.buffers]))
			return -1;
	}
	return opt.frames ? draw_wait(drawing, opt.frames, report) : 0;
}

static void draw_print(const struct drawing *drawing,
		       const struct report *report)
{
	const drmModeModeInfo *mode = &drawing->kms.mode;
	double seconds = report->last.seconds - report->first.seconds;

	printf("mode=%dx%d@%d format=%s refresh=%.3f\n", mode->hdisplay,
	       mode->vdisplay, mode->vrefresh, opt.format->name,
	       mode->clock * 1000.0 / mode->htotal / mode->vtotal);
	printf("flips=%u seconds=%.3f fps=%.2f missed=%u fastest=%u\n",
	       opt.frames, seconds,
	       seconds > 0 ? (opt.frames - 1) / seconds : 0, report->missed,
	       report->fastest);
	fflush(stdout);
}

static int draw_dump(const struct drawing *drawing)
{
	const struct kms *kms = &drawing->kms;
	const struct kms_buffer *last =
		&drawing->buffers[opt.frames % opt.buffers];
	FILE *file;
	int ret;

	if (!opt.dump)
		return 0;
	file = fopen(opt.dump, "wb");
	/* A virtio port takes long for each write, however short. */
	if (file)
		setvbuf(file, NULL, _IOFBF, 1 << 20);
	ret = file ? format_dump(opt.format, &last->target, kms->mode.hdisplay,
				 kms->mode.vdisplay, file) : -1;
	if (ret)
		perror(opt.dump);
	if (file)
		fclose(file);
	return ret;
}

/* What cannot be flipped, as the display is off, stays as it is. */
static void draw_again(struct drawing *drawing)
{
	const struct timespec pause = { .tv_nsec = DRAW_AGAIN_NS };
	struct kms_event event;

	for (unsigned int i = 1; i <= opt.buffers; i++) {
		if (kms_flip(&drawing->kms,
			     &drawing->buffers[(opt.frames + i) % opt.buffers]) ||
		    kms_wait_flip(&drawing->kms, &event))
			return;
		nanosleep(&pause, NULL);
	}
}

static time_t draw_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/* Wait for SIGUSR1 until @end, or for ever if it is 0. Return whether it came. */
static bool draw_signalled(const sigset_t *signals, time_t end)
{
	struct timespec left = { .tv_sec = end - draw_now() };

	if (!end)
		return sigwaitinfo(signals, NULL) > 0;
	return left.tv_sec > 0 && sigtimedwait(signals, NULL, &left) > 0;
}

/* The device's file is shared with the child, so the picture stays. */
static int draw_hold(struct drawing *drawing)
{
	time_t end = opt.hold ? draw_now() + opt.hold : 0;
	sigset_t signals;
	pid_t pid;

	if (!opt.hold && !opt.background)
		return 0;
	/* Before anybody can know the child. */
	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR1);
	sigprocmask(SIG_BLOCK, &signals, NULL);

	pid = opt.background ? fork() : 0;
	if (pid < 0) {
		perror("vdu-draw: fork");
		return -1;
	}
	if (pid > 0)
		return 0;
	if (opt.background) {
		for (int fd = 0; fd < 3; fd++)
			close(fd);
		setsid();
	}
	while (draw_signalled(&signals, end))
		draw_again(drawing);
	return 0;
}

int main(int argc, char **argv)
{
	static struct drawing drawing;
	struct report report = { 0 };

	if (draw_parse(argc, argv))
		return 2;
	if (opt.picture) {
		opt.scene = scene_from_png(opt.picture);
		if (!opt.scene)
			return 1;
	}
	if (draw_setup(&drawing) || draw_flips(&drawing, &report))
		return 1;
	if (opt.num_planes && planes_show(&drawing.kms, opt.planes,
					  opt.num_planes, opt.dump))
		return 1;
	if (opt.hide && planes_hide(&drawing.kms))
		return 1;
	draw_print(&drawing, &report);
	if (draw_dump(&drawing) || draw_hold(&drawing))
		return 1;
	return 0;
}
