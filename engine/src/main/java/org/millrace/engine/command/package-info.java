/**
 * What a command is, and running one. A command is one row of the {@link org.millrace.engine.command.CommandTable}, one
 * handler, one test. {@link org.millrace.engine.command.CommandGate} decides whether it may run, in the order of
 * Redis's checks; {@link org.millrace.engine.command.CommandExecutor} runs it and closes the stream's unit before its
 * reply can leave; {@link org.millrace.engine.command.CommandContext} is all that a handler may touch. It is the frame
 * of one running command: a command may run others within itself, each in a frame of its own, and the outermost is the
 * unit. {@link org.millrace.engine.command.WriterState} is what all of them share.
 * <p>
 * Knows the keyspace and the stream, not sockets, files or who the replicas are ({@link
 * org.millrace.engine.command.ReplicationRole} tells what it must know of them). Writer thread only.
 * <p>
 * Rules for handlers: check everything before the first change, so that an error means that nothing changed; tell of
 * each changed key; put the command, or what it comes to, into the stream; write exactly one reply.
 */
package org.millrace.engine.command;
