/**
 * Reader threads: they own the sockets of clients and answer reads of single keys themselves, lock-free, while the
 * writer writes. Everything else goes to the writer, and each connection's order is kept.
 * <pre>
 *              bytes that are no reads, ends                 runs them, writes the replies to the socket
 *   {@link org.millrace.engine.readers.ReaderChannel}  ──────── up ring ────────>  {@link org.millrace.engine.readers.RelayedConnection}, under a client session
 *   in the {@link org.millrace.engine.readers.ReaderAgent}  <─────── down ring ────────  in {@link org.millrace.engine.readers.Readers}
 *              yours again, close, tell me when writable
 * </pre>
 * A connection is at any time either the reader's, which then may answer, or the writer's; then the reader passes on
 * all that comes in, as it is. The writer says <em>yours</em> with the number of messages it has had: if the reader has
 * sent more by then, that was too late, and another one will follow. So neither ever waits for the other.
 * <p>
 * A client that writes more than it reads costs less without the hop, so the reader lets go of it, and the writer's
 * reactor has its socket until it has only read for a while. A replica's socket is let go of for good.
 * <p>
 * The writer's side looks like any other {@link org.millrace.engine.transport.Connection} to the client session, so every
 * command works as without reader threads. While a connection is the writer's, the writer writes to the socket itself:
 * no reply crosses threads, but for those that a slow peer did not take from the reader.
 * <p>
 * What a reader answers must be what the writer could have answered at that moment: {@link
 * org.millrace.engine.command.ReadGate} sees to that.
 */
package org.millrace.engine.readers;
