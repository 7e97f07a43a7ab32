/**
 * A node within a program: {@link org.millrace.embed.MillraceNode}, opened by a
 * {@link org.millrace.embed.MillraceBuilder}. What is public here is all that a program sees; everything else of Millrace
 * may change at any time.
 * <p>
 * Reads through {@link org.millrace.embed.MillraceReader} and {@link org.millrace.embed.MillraceView} go to the keyspace
 * from any thread; commands and {@link org.millrace.embed.MillraceWriter} go through one ring buffer to the writer's
 * thread, which publishes figures and calls the {@link org.millrace.embed.MillraceListener}.
 * <p>
 * Stands before {@code io.main}, which rehearses a server by it, and behind all else. To change it, read first:
 * {@code MillraceNode}, {@code CommandInbox} (how a command gets to the writer and its reply back), {@code NodeLife} (how
 * a node ends, in whatever state it is).
 */
package org.millrace.embed;
