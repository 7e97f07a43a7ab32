/**
 * What large values are made of: one counted B+tree off-heap, for every order that a value may have.
 *
 * <p>Must not know: keys, entries, commands. What lies in a leaf is what goes out into a snapshot, so this package
 * knows how RDB files write lengths, numbers and strings, and nothing else of them.
 */
package org.millrace.engine.tree;
