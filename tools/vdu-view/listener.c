// SPDX-License-Identifier: GPL-2.0-only
/*
 * The org.qemu.Display1.Listener object
 *
 * No extra interface is offered, so that QEMU sticks to the plain calls: one
 * dma-buf with one plane, which is all that a VFIO display has. QEMU holds its
 * display back until UpdateDMABUF is answered: calls are answered at once.
 */

#include <gio/gunixfdlist.h>
#include <string.h>

#include "listener.h"

#define LISTENER_PATH "/org/qemu/Display1/Listener"

static const char listener_xml[] =
	"<node><interface name='org.qemu.Display1.Listener'>"
	"<method name='Scanout'>"
	"<arg type='u' direction='in'/><arg type='u' direction='in'/>"
	"<arg type='u' direction='in'/><arg type='u' direction='in'/>"
	"<arg type='ay' direction='in'/></method>"
	"<method name='Update'>"
	"<arg type='i' direction='in'/><arg type='i' direction='in'/>"
	"<arg type='i' direction='in'/><arg type='i' direction='in'/>"
	"<arg type='u' direction='in'/><arg type='u' direction='in'/>"
	"<arg type='ay' direction='in'/></method>"
	"<method name='ScanoutDMABUF'>"
	"<arg type='h' direction='in'/><arg type='u' direction='in'/>"
	"<arg type='u' direction='in'/><arg type='u' direction='in'/>"
	"<arg type='u' direction='in'/><arg type='t' direction='in'/>"
	"<arg type='b' direction='in'/></method>"
	"<method name='UpdateDMABUF'>"
	"<arg type='i' direction='in'/><arg type='i' direction='in'/>"
	"<arg type='i' direction='in'/><arg type='i' direction='in'/></method>"
	"<method name='Disable'/>"
	"<method name='MouseSet'>"
	"<arg type='i' direction='in'/><arg type='i' direction='in'/>"
	"<arg type='i' direction='in'/></method>"
	"<method name='CursorDefine'>"
	"<arg type='i' direction='in'/><arg type='i' direction='in'/>"
	"<arg type='i' direction='in'/><arg type='i' direction='in'/>"
	"<arg type='ay' direction='in'/></method>"
	"<property name='Interfaces' type='as' access='read'/>"
	"</interface></node>";

/* Look whether the picture changed. */
static bool listener_look(struct listener *listener, GError **error)
{
	gint64 now = g_get_monotonic_time();
	uint64_t hash;

	if (!frame_sample(&listener->frame, &hash, error)) {
		frame_clear(&listener->frame);
		return false;
	}
	if (!listener->first_us)
		listener->first_us = now;
	else if (hash == listener->hash)
		return true;
	listener->hash = hash;
	listener->last_us = now;
	listener->stats.frames++;
	return true;
}

static bool listener_scanout(struct listener *listener, GVariant *args,
			     GError **error)
{
	g_autoptr(GVariant) bytes = NULL;
	struct frame_geometry geo = { 0 };
	const void *data;
	uint32_t pixman;
	gsize size;

	listener->stats.scanout++;
	g_variant_get(args, "(uuuu@ay)", &geo.width, &geo.height, &geo.stride,
		      &pixman, &bytes);
	if (listener->exporter)
		return true;
	data = g_variant_get_fixed_array(bytes, &size, 1);
	return frame_set_memory(&listener->frame, pixman, &geo, data, size,
				error) &&
	       listener_look(listener, error);
}

static bool listener_update(struct listener *listener, GVariant *args,
			    GError **error)
{
	g_autoptr(GVariant) bytes = NULL;
	struct frame_geometry geo = { 0 };
	int x, y, width, height;
	const void *data;
	uint32_t pixman;
	gsize size;

	listener->stats.update++;
	g_variant_get(args, "(iiiiuu@ay)", &x, &y, &width, &height, &geo.stride,
		      &pixman, &bytes);
	if (listener->exporter)
		return true;
	geo.width = MAX(width, 0);
	geo.height = MAX(height, 0);
	data = g_variant_get_fixed_array(bytes, &size, 1);
	return frame_update_memory(&listener->frame, x, y, pixman, &geo, data,
				   size, error) &&
	       listener_look(listener, error);
}

static void listener_count_buffer(struct listener *listener)
{
	unsigned int n = listener->stats.buffers;

	for (unsigned int i = 0; i < n; i++)
		if (listener->inodes[i] == listener->frame.inode)
			return;
	if (n < LISTENER_MAX_BUFFERS) {
		listener->inodes[n] = listener->frame.inode;
		listener->stats.buffers++;
	}
}

static int listener_take_fd(GDBusMethodInvocation *invocation, gint32 handle,
			    GError **error)
{
	GDBusMessage *msg = g_dbus_method_invocation_get_message(invocation);
	GUnixFDList *fds = g_dbus_message_get_unix_fd_list(msg);

	if (!fds || handle < 0 || handle >= g_unix_fd_list_get_length(fds)) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
			    "no file descriptor came with the call");
		return -1;
	}
	return g_unix_fd_list_get(fds, handle, error);
}

/*
 * The picture is looked at when UpdateDMABUF comes, which QEMU calls for every
 * new buffer too.
 */
static bool listener_scanout_dmabuf(struct listener *listener, GVariant *args,
				    GDBusMethodInvocation *invocation,
				    GError **error)
{
	struct frame_geometry geo = { 0 };
	struct frame *frame = &listener->frame;
	uint32_t fourcc;
	gboolean y0_top;
	gint32 handle;
	int fd;

	g_variant_get(args, "(huuuutb)", &handle, &geo.width, &geo.height,
		      &geo.stride, &fourcc, &geo.modifier, &y0_top);
	fd = listener_take_fd(invocation, handle, error);
	if (fd < 0 ||
	    !frame_set_dmabuf(frame, fd, fourcc, &geo, error)) {
		listener->stats.scanout_dmabuf++;
		return false;
	}
	if (listener->exporter && strcmp(listener->exporter, frame->exporter)) {
		frame_clear(frame);
		return true;
	}
	listener->stats.scanout_dmabuf++;
	listener_count_buffer(listener);
	return true;
}

/* Nothing to look at: refused before, or another exporter's. */
static bool listener_update_dmabuf(struct listener *listener, GError **error)
{
	if (!listener->frame.format)
		return true;
	listener->stats.update_dmabuf++;
	return listener_look(listener, error);
}

static bool listener_dispatch(struct listener *listener, const char *method,
			      GVariant *args, GDBusMethodInvocation *invocation,
			      GError **error)
{
	if (!strcmp(method, "Scanout"))
		return listener_scanout(listener, args, error);
	if (!strcmp(method, "Update"))
		return listener_update(listener, args, error);
	if (!strcmp(method, "ScanoutDMABUF"))
		return listener_scanout_dmabuf(listener, args, invocation,
					       error);
	if (!strcmp(method, "UpdateDMABUF"))
		return listener_update_dmabuf(listener, error);
	if (!strcmp(method, "Disable")) {
		listener->stats.disable++;
		frame_clear(&listener->frame);
	} else if (!strcmp(method, "CursorDefine")) {
		listener->stats.cursor_define++;
	} else if (!strcmp(method, "MouseSet")) {
		listener->stats.mouse_set++;
	}
	return true;
}

static void listener_call(GDBusConnection *conn, const char *sender,
			  const char *path, const char *interface,
			  const char *method, GVariant *args,
			  GDBusMethodInvocation *invocation, gpointer data)
{
	g_autoptr(GError) error = NULL;
	struct listener *listener = data;

	(void)conn;
	(void)sender;
	(void)path;
	(void)interface;

	if (listener_dispatch(listener, method, args, invocation, &error)) {
		g_dbus_method_invocation_return_value(invocation, NULL);
		return;
	}
	listener->stats.refused++;
	g_printerr("vdu-view: %s refused: %s\n", method, error->message);
	g_dbus_method_invocation_return_error(invocation, G_DBUS_ERROR,
					      G_DBUS_ERROR_INVALID_ARGS, "%s",
					      error->message);
}

/* The only property is Interfaces. */
static GVariant *listener_property(GDBusConnection *conn, const char *sender,
				   const char *path, const char *interface,
				   const char *property, GError **error,
				   gpointer data)
{
	(void)conn;
	(void)sender;
	(void)path;
	(void)interface;
	(void)property;
	(void)error;
	(void)data;

	return g_variant_new_strv(NULL, 0);
}

static const GDBusInterfaceVTable listener_vtable = {
	.method_call = listener_call,
	.get_property = listener_property,
};

static void listener_on_closed(GDBusConnection *conn, gboolean vanished,
			       GError *error, gpointer data)
{
	struct listener *listener = data;

	(void)conn;
	(void)vanished;
	(void)error;
	listener->closed = true;
}

void listener_init(struct listener *listener, const char *exporter)
{
	memset(listener, 0, sizeof(*listener));
	frame_init(&listener->frame);
	listener->exporter = exporter;
}

void listener_restart_stats(struct listener *listener)
{
	memset(&listener->stats, 0, sizeof(listener->stats));
	if (listener->first_us)
		listener->first_us = g_get_monotonic_time();
}

void listener_fini(struct listener *listener)
{
	if (listener->conn) {
		g_signal_handlers_disconnect_by_data(listener->conn, listener);
		g_dbus_connection_close_sync(listener->conn, NULL, NULL);
	}
	g_clear_object(&listener->conn);
	frame_clear(&listener->frame);
}

bool listener_start(struct listener *listener, GDBusConnection *conn,
		    GError **error)
{
	static GDBusNodeInfo *node;

	listener->conn = conn;
	if (!node)
		node = g_dbus_node_info_new_for_xml(listener_xml, error);
	if (!node ||
	    !g_dbus_connection_register_object(conn, LISTENER_PATH,
					       node->interfaces[0],
					       &listener_vtable, listener, NULL,
					       error))
		return false;
	g_signal_connect(conn, "closed", G_CALLBACK(listener_on_closed),
			 listener);
	g_dbus_connection_start_message_processing(conn);
	return true;
}
