/**
 * What goes when the data exceed {@code maxmemory}: {@link org.millrace.engine.eviction.KeyChooser} says which key is
 * next, by one of Redis's eight policies, and {@link org.millrace.engine.eviction.Evictor} deletes such keys, each as a
 * unit of the stream, until there is room or its time is over.
 *
 * <p>Pressure is what keys, values, index and the buffers of clients take. What was deleted or replaced does not count,
 * also while it cannot be used again yet because a reader or a cut looks at it, or because a large value is given back in
 * steps: evicting more would not free it any sooner, and one slow reader would empty the cache. Nor does the replication
 * backlog: deletions themselves make that grow.
 *
 * <p>What is free within slabs, where only values of the same length could have it, counts beyond a small part of the
 * limit: then keys go slab by slab, see {@link org.millrace.engine.keyspace.Clearance}.
 *
 * <p>All on the writer thread, and without garbage.
 */
package org.millrace.engine.eviction;
