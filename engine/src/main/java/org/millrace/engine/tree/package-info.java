/**
 * What large values are made of: one counted B+tree off-heap, for every order that a value may have.
 * <pre>
 *   entry                inner nodes                           leaves
 *   +-----------+        +------------------------------+      +--------------------------+
 *   | TreeHead  |------->| ref, count, separator of     |-+--->| elements, back to back   |--> long strings,
 *   +-----------+        | each child; up to 64         | |    +--------------------------+    trees of bytes
 *                        +------------------------------+ +--->| ...                      |
 * </pre>
 * Each {@link org.millrace.engine.tree.Node} says itself what it is, so releasing, copying, moving, measuring and
 * emitting ({@link org.millrace.engine.tree.TreeRuns}) are one code for all orders, and so is balancing
 * ({@link org.millrace.engine.tree.Reshape}). What may change in place is told by numbers:
 * {@link org.millrace.engine.tree.Pins}. Whoever keeps a head makes sure that the head itself may change.
 *
 * <p>Orders of elements: {@link org.millrace.engine.tree.ListTree} (position), {@link org.millrace.engine.tree.HashTree}
 * (hash of the member; {@link org.millrace.engine.tree.HashScan} walks it while it changes),
 * {@link org.millrace.engine.tree.ScoreTree} (score, then member; {@link org.millrace.engine.tree.ScoredMembers} joins it
 * with a {@code HashTree}), {@link org.millrace.engine.tree.IdTree} (ids of 128 bits). Each seeks by itself, without a
 * virtual call; what is changed goes through {@link org.millrace.engine.tree.LeafEditor}, and only where leaves are
 * parted the {@link org.millrace.engine.tree.Order} is asked.
 *
 * <p>Must not know: keys, entries, commands. What lies in a leaf is what goes out into a snapshot, so this package
 * knows how RDB files write lengths, numbers and strings, and nothing else of them.
 *
 * <p>Threads: the writer changes; {@code TreeRuns} and {@code Path} serve any thread for which the tree stays.
 *
 * <p>Read first: {@code Node}, {@code InnerNode}, {@code Pins}, then {@code Reshape}.
 */
package org.millrace.engine.tree;
