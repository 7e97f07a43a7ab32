/**
 * Raw memory: the only code of the engine that touches addresses.
 *
 * <p>{@link org.millrace.engine.memory.Memory} is typed access. {@link org.millrace.engine.memory.OffHeap} is the
 * allocator: 16 MiB regions, cut into 64 KiB slabs, cut into slots of one size class; blocks are named by 32-bit
 * references. {@link org.millrace.engine.memory.Epochs} keeps memory that foreign readers may still see from being
 * used again. {@link org.millrace.engine.memory.Hashing} is the keyed hash of raw bytes.
 * In tests each access, each block given out and freed, is checked by {@link org.millrace.engine.guard}.
 *
 * <p>Must not know: what the bytes mean. Nothing here knows of keys, values or replication.
 *
 * <p>Threads: allocation, freeing and retiring belong to the writer thread. Any thread may translate a reference to
 * an address and enter and leave an epoch slot that was opened for it.
 *
 * <p>Read first: {@code OffHeap}, then {@code SlabDescriptor}, then {@code Epochs}.
 */
package org.millrace.engine.memory;
