/**
 * What is done with one value: a string, or a collection.
 *
 * <p>{@link org.millrace.engine.datatype.ValueType} has one row a type, with what is asked of values of every type, and
 * {@link org.millrace.engine.datatype.ValueBuilder} makes a value of any type from its elements; who reads, stores or
 * copies values of all types goes through these two and {@link org.millrace.engine.value.ValueRuns}.
 * {@link org.millrace.engine.datatype.StringValue} reads strings, {@link org.millrace.engine.datatype.StringEditor} makes
 * the next version of one, sharing with the old one what does not change: these are what strings' own commands use.
 *
 * <p>Collections have two forms, {@link org.millrace.engine.value.CollectionLayout}.
 * {@link org.millrace.engine.datatype.CollectionEditor} changes the entry of any of them and is the one that knows what may
 * change in place; on it stands a class for each type, {@link org.millrace.engine.datatype.HashValue} for one, which
 * commands use and which decides between the forms ({@link org.millrace.engine.datatype.SetValue} knows a third one, sets of
 * integers). {@link org.millrace.engine.datatype.Values} has these of one data set.
 * An element is told by its address: {@link org.millrace.engine.datatype.ElementWalk} goes over all,
 * {@link org.millrace.engine.datatype.ElementText} gives the text of one.
 *
 * <p>Must not know: commands, replies, time.
 *
 * <p>Threads: reading from any thread that keeps the entry alive; editing on the writer.
 */
package org.millrace.engine.datatype;
