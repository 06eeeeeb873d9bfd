// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ways to a QEMU, and the registration of a listener
 *
 * While it registers a listener, QEMU calls back to it and waits. So nothing
 * here may wait for QEMU without running the main context.
 */

#include <errno.h>
#include <gio/gunixfdlist.h>
#include <sys/socket.h>
#include <unistd.h>

#include "connect.h"
#include "qmp.h"

#define CONNECT_CALL_MS 10000

/* An answer being waited for. */
struct connect_wait {
	GAsyncResult *result;
};

static void connect_done(GObject *source, GAsyncResult *result, gpointer data)
{
	struct connect_wait *wait = data;

	(void)source;
	wait->result = g_object_ref(result);
}

static void connect_run(struct connect_wait *wait)
{
	while (!wait->result)
		g_main_context_iteration(NULL, TRUE);
}

static bool connect_pair(int pair[2], GError **error)
{
	if (!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return true;
	g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno),
		    "socketpair: %s", g_strerror(errno));
	return false;
}

/* D-Bus as a client on @fd, which is taken over. */
static void connect_peer_begin(int fd, GDBusConnectionFlags flags,
			       struct connect_wait *wait)
{
	g_autoptr(GSocket) socket = g_socket_new_from_fd(fd, NULL);
	g_autoptr(GSocketConnection) stream =
		g_socket_connection_factory_create_connection(socket);

	g_dbus_connection_new(G_IO_STREAM(stream), NULL,
			      flags |
			      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT,
			      NULL, NULL, connect_done, wait);
}

static GDBusConnection *connect_peer_end(struct connect_wait *wait,
					 GError **error)
{
	GDBusConnection *conn;

	connect_run(wait);
	conn = g_dbus_connection_new_finish(wait->result, error);
	g_object_unref(wait->result);
	return conn;
}

static GDBusConnection *connect_bus(const char *address, GError **error)
{
	return g_dbus_connection_new_for_address_sync(address,
			G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
			G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
			NULL, NULL, error);
}

static GDBusConnection *connect_qmp(const char *path, GError **error)
{
	struct connect_wait wait = { 0 };
	int pair[2];
	bool added;

	if (!connect_pair(pair, error))
		return NULL;
	added = qmp_add_display(path, pair[1], error);
	close(pair[1]);
	if (!added) {
		close(pair[0]);
		return NULL;
	}
	connect_peer_begin(pair[0], G_DBUS_CONNECTION_FLAGS_NONE, &wait);
	return connect_peer_end(&wait, error);
}

static bool connect_register(GDBusConnection *conn, const struct connect *to,
			     int fd, struct connect_wait *wait, GError **error)
{
	g_autoptr(GUnixFDList) fds = g_unix_fd_list_new();
	g_autofree char *path =
		g_strdup_printf("/org/qemu/Display1/Console_%u", to->console);

	if (g_unix_fd_list_append(fds, fd, error) < 0)
		return false;
	g_dbus_connection_call_with_unix_fd_list(conn,
						 to->qmp ? NULL : "org.qemu", path,
			"org.qemu.Display1.Console", "RegisterListener",
			g_variant_new("(h)", 0), NULL,
			G_DBUS_CALL_FLAGS_NO_AUTO_START, CONNECT_CALL_MS, fds,
			NULL, connect_done, wait);
	return true;
}

static bool connect_registered(GDBusConnection *conn, struct connect_wait *wait,
			       GError **error)
{
	g_autoptr(GVariant) reply = NULL;

	connect_run(wait);
	reply = g_dbus_connection_call_with_unix_fd_list_finish(conn, NULL,
								wait->result,
								error);
	g_object_unref(wait->result);
	return reply;
}

static bool connect_add_listener(GDBusConnection *conn,
				 const struct connect *to,
				 struct listener *listener, GError **error)
{
	struct connect_wait registration = { 0 }, peer = { 0 };
	GDBusConnection *listener_conn;
	bool sent, registered;
	int pair[2];

	if (!connect_pair(pair, error))
		return false;
	sent = connect_register(conn, to, pair[1], &registration, error);
	close(pair[1]);
	if (!sent) {
		close(pair[0]);
		return false;
	}

	/* If QEMU refuses, the socket closes and the peer ends too. */
	connect_peer_begin(pair[0],
			   G_DBUS_CONNECTION_FLAGS_DELAY_MESSAGE_PROCESSING,
			   &peer);
	listener_conn = connect_peer_end(&peer, NULL);
	if (listener_conn && !listener_start(listener, listener_conn, error)) {
		connect_registered(conn, &registration, NULL);
		return false;
	}
	registered = connect_registered(conn, &registration, error);
	if (registered && !listener_conn)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_CLOSED,
			    "QEMU closed the listener's connection");
	return registered && listener_conn;
}

bool connect_listener(const struct connect *to, struct listener *listener,
		      GDBusConnection **conn, GError **error)
{
	*conn = to->qmp ? connect_qmp(to->qmp, error) :
			  connect_bus(to->address, error);
	if (!*conn)
		return false;
	g_dbus_connection_set_exit_on_close(*conn, FALSE);
	if (connect_add_listener(*conn, to, listener, error))
		return true;
	g_dbus_connection_close_sync(*conn, NULL, NULL);
	g_clear_object(conn);
	return false;
}
