/**
 * Clients: from the bytes of a socket to commands that run, and from replies to bytes. What a client may be in the middle
 * of lives here too: a transaction, what it listens to and monitors, a command that waits.
 * <p>
 * <pre>
 *   Connection ─&gt; ClientInput ─&gt; ClientSession ─&gt; command.CommandExecutor
 *                                    │                    │ replies
 *   Connection &lt;─ ClientOutput &lt;─────┴────────────────────┘
 * </pre>
 * Stands before {@code node}, which wires it, and knows nothing of replication: replicas and the link to a primary take
 * part in CLIENT LIST and CLIENT KILL through {@link org.millrace.engine.node.clients.PeerLines}. Everything here runs on
 * the writer thread.
 * <p>
 * Read first: {@code ClientSession} (what runs when), {@code Clients} (all of them: accept, close, limits),
 * {@code SessionCommands} (which commands there are).
 */
package org.millrace.engine.node.clients;
