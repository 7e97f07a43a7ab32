/**
 * How values lie behind their keys: each type's bytes, and how they are read, run by run, by those who need not know
 * them.
 *
 * <p>A value begins right behind its key, in the key's entry. A compact one is all there; of a large one the entry holds
 * a head, and the rest hangs on it. {@link org.millrace.engine.value.ValueLayout} is what the keyspace knows of a type:
 * how long the head is, and how to let go of the rest. {@link org.millrace.engine.value.StringLayout} is that of strings,
 * with static methods for those who have looked at the type already: reading and writing strings is the hot path, and
 * takes no virtual call. {@link org.millrace.engine.value.ValueRuns} walks over the bytes of any value.
 *
 * <p>Must not know: keys, entries, commands.
 *
 * <p>Threads: reading from any thread that keeps the value alive; making and releasing on the writer.
 */
package org.millrace.engine.value;
