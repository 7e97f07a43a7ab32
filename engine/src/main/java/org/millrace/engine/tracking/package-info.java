/**
 * What clients may have in caches of their own ({@code CLIENT TRACKING}), and so are to be told of when it changes. In the
 * default mode {@link org.millrace.engine.tracking.TrackedKeys} remembers which client has read which key, until the key
 * changes; in the broadcasting mode clients name {@link org.millrace.engine.tracking.Prefixes}, and {@link
 * org.millrace.engine.tracking.ChangedKeys} gathers what changes in a turn:
 *
 * <pre>
 *   read(key) by client 7    -> TrackedKeys: key -> 3, 7, 12 (off-heap)
 *   changed(key)             -> TrackedKeys: gone; 3, 7 and 12 are told, at once
 *                            -> Prefixes: does one begin it? -> ChangedKeys: each key once, with who has changed it last
 *   end of the turn          -> ChangedKeys in order: for each prefix one range of them, one message to each listener
 * </pre>
 *
 * Clients are numbers here, and databases do not matter: as in Redis, a key is its name. Beside {@link
 * org.millrace.engine.interest}, not in it: there a key has a few who wait, and all keys are walked when a database is
 * emptied; here there may be a million, of which only the number of clients is wanted. Writer thread.
 */
package org.millrace.engine.tracking;
