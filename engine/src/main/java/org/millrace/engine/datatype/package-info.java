/**
 * What is done with one value: today with a string.
 *
 * <p>{@link org.millrace.engine.datatype.ValueType} has one row a type, with what is asked of values of every type, and
 * {@link org.millrace.engine.datatype.ValueBuilder} makes a value of any type from its elements; who reads, stores or
 * copies values of all types goes through these two and {@link org.millrace.engine.value.ValueRuns}.
 * {@link org.millrace.engine.datatype.StringValue} reads strings, {@link org.millrace.engine.datatype.StringEditor} makes
 * the next version of one, sharing with the old one what does not change: these are what strings' own commands use.
 *
 * <p>Must not know: commands, replies, time.
 *
 * <p>Threads: reading from any thread that keeps the entry alive; editing on the writer.
 */
package org.millrace.engine.datatype;
