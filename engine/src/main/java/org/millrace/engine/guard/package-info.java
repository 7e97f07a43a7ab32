/**
 * The checked mode of raw memory: what is alive, whose it is, and the error that says so. {@code memory} asks it before
 * every access when the property {@code millrace.memory.checked} is true, as it is in all tests; otherwise the compiler
 * folds the question away and nothing here is ever loaded.
 *
 * <p>{@link org.millrace.engine.guard.MemoryGuard} is the whole interface but for
 * {@link org.millrace.engine.guard.GuardedHeap}, which an allocator tells about its blocks. Alive is
 * <ul>
 * <li>memory reserved and not released, from its first to its last byte;</li>
 * <li>a block of an allocator from when it is given out to when it is freed, as long as was asked for: the rest of its
 * slot is not;</li>
 * <li>a direct buffer whose address was asked for, until it is freed, unmapped or collected.</li>
 * </ul>
 * An access lies within one of them as a whole. A foreign reader that has lost the protection of its epoch may read,
 * never write, what an allocator has mapped; see {@link org.millrace.engine.guard.MemoryGuard#enter}.
 *
 * <p>Stands before {@code memory}, so it touches memory through Agrona. Any thread asks; telling about a block belongs
 * to who owns it.
 */
package org.millrace.engine.guard;
