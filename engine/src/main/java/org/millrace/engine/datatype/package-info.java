/**
 * Operations on one value each: today strings, contiguous or in chunks.
 *
 * <p>{@link org.millrace.engine.datatype.StringValue} reads, {@link org.millrace.engine.datatype.StringEditor} makes
 * the next version of a value, sharing with the old one what does not change.
 *
 * <p>Must not know: commands, replies, time.
 *
 * <p>Threads: reading from any thread that keeps the entry alive; editing on the writer.
 */
package org.millrace.engine.datatype;
