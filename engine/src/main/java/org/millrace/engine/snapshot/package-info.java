/**
 * Point-in-time images of a data set in the RDB format: making them, sharing them, loading them.
 * <p>
 * {@link org.millrace.engine.snapshot.Snapshots} begins a cut and walks it on the writer thread;
 * {@link org.millrace.engine.snapshot.Snapshotter} turns the references that the walk pushes into bytes, on its own
 * thread or on the writer's; {@link org.millrace.engine.snapshot.Image} holds the bytes, immutable once published, in a
 * window of memory and in a spool file; any number of {@link org.millrace.engine.snapshot.ImageCursor}s read them, each
 * on the thread of its owner. {@link org.millrace.engine.snapshot.RdbLoader} goes the other way, on the thread that
 * owns the data set: framing here, values in a {@code ValueReader} for each wire form.
 * {@link org.millrace.engine.snapshot.DumpPayload} and {@link org.millrace.engine.snapshot.Digest}
 * do the same for a single value.
 * <p>
 * It knows entries, the cut and bytes. It must not know sockets, file names, replicas or commands: files come in
 * through {@link org.millrace.engine.snapshot.SpoolStorage}, time as an argument.
 * <p>
 * Read first: {@code Image}, {@code Snapshots}, {@code RdbLoader}.
 */
package org.millrace.engine.snapshot;
