// SPDX-License-Identifier: GPL-2.0-only
/*
 * Just enough QMP to hand a socket to "-display dbus,p2p=yes"
 */

#include <errno.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "qmp.h"

#define QMP_TIMEOUT_S 10

static bool qmp_error(GError **error, const char *what)
{
	g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "%s: %s",
		    what, g_strerror(errno));
	return false;
}

static int qmp_open(const char *path, GError **error)
{
	struct timeval timeout = { .tv_sec = QMP_TIMEOUT_S };
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(addr.sun_path)) {
		errno = ENAMETOOLONG;
		qmp_error(error, path);
		return -1;
	}
	strcpy(addr.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&addr, sizeof(addr))) {
		qmp_error(error, path);
		if (fd >= 0)
			close(fd);
		return -1;
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	return fd;
}

/* One line, a byte at a time: what follows it must stay in the socket. */
static bool qmp_read_line(int fd, GString *line, GError **error)
{
	ssize_t ret;
	char c;

	g_string_truncate(line, 0);
	while ((ret = read(fd, &c, 1)) == 1) {
		if (c == '\n')
			return true;
		g_string_append_c(line, c);
	}
	if (!ret)
		errno = ECONNRESET;
	return qmp_error(error, "answer on the QMP socket");
}

static bool qmp_send(int fd, const char *text, int pass_fd, GError **error)
{
	union {
		char buf[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	struct iovec iov = { (char *)text, strlen(text) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *cmsg;

	if (pass_fd >= 0) {
		msg.msg_control = control.buf;
		msg.msg_controllen = sizeof(control.buf);
		cmsg = CMSG_FIRSTHDR(&msg);
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(cmsg), &pass_fd, sizeof(int));
	}
	if (sendmsg(fd, &msg, MSG_NOSIGNAL) != (ssize_t)iov.iov_len)
		return qmp_error(error, "QMP socket");
	return true;
}

/* Send a command and wait for its answer, past events. */
static bool qmp_command(int fd, const char *text, int pass_fd, GString *line,
			GError **error)
{
	if (!qmp_send(fd, text, pass_fd, error))
		return false;
	do {
		if (!qmp_read_line(fd, line, error))
			return false;
	} while (!g_str_has_prefix(line->str, "{\"return\"") &&
		 !g_str_has_prefix(line->str, "{\"error\""));
	if (g_str_has_prefix(line->str, "{\"return\""))
		return true;
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "QEMU says: %s",
		    line->str);
	return false;
}

bool qmp_add_display(const char *path, int pass_fd, GError **error)
{
	GString *line = g_string_new(NULL);
	int fd = qmp_open(path, error);
	bool added;

	added = fd >= 0 && qmp_read_line(fd, line, error) &&
		qmp_command(fd, "{\"execute\": \"qmp_capabilities\"}", -1, line,
			    error) &&
		qmp_command(fd, "{\"execute\": \"getfd\", \"arguments\": "
			    "{\"fdname\": \"vdu-view\"}}", pass_fd, line,
			    error) &&
		qmp_command(fd, "{\"execute\": \"add_client\", \"arguments\": "
			    "{\"protocol\": \"@dbus-display\", "
			    "\"fdname\": \"vdu-view\"}}", -1, line, error);
	if (fd >= 0)
		close(fd);
	g_string_free(line, TRUE);
	return added;
}
