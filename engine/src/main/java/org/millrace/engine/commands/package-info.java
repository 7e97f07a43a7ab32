/**
 * The handlers: one class for each group of commands, one row of the command table for each command.
 * <p>
 * A handler gets a {@link org.millrace.engine.command.CommandContext} whose arity has been checked and does, in this
 * order: look at its arguments and keys and answer an error if something is wrong; make the change; tell of it (WATCH,
 * notifications, the dirty counter); put it into the stream, as it came or rewritten; reply. An error reply means that
 * nothing has changed, running out of memory included.
 * <p>
 * Everything runs on the writer thread. Groups keep what they need from call to call (parsed options, lists of keys)
 * in fields of their own so that common commands allocate nothing; two tables therefore never share a group.
 * <p>
 * What it must not know: sockets, clocks, replicas, and whether there is a stream at all. Values are read as runs of
 * memory and written through the editor of strings, so that no command holds a large value twice.
 * <p>
 * Read {@link org.millrace.engine.commands.DataCommands} for the list of groups, then
 * {@link org.millrace.engine.commands.StringCommands} and {@link org.millrace.engine.commands.StringStore}.
 */
package org.millrace.engine.commands;
