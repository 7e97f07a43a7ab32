package org.millrace.engine.tree;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.millrace.engine.memory.Epochs;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.MemoryTag;
import org.millrace.engine.memory.OffHeap;

/**
 * One writer, threads that read single elements, and one that looks at the whole as it was: each answer must be one that
 * was right at some moment between question and answer. Memory for readers is short, so that some are expelled.
 */
class TreeThreadsTest
{
    private static final boolean IS_NIGHTLY = Boolean.getBoolean("millrace.nightly");
    private static final int STEPS = IS_NIGHTLY ? 20_000_000 : 80_000;
    private static final int READERS = 2;
    private static final int FIELDS = 600;
    private static final long RETIRED_BYTES_MAX = 1 << 20;
    private static final int TARGET_LENGTH = 1 << 17;
    private static final int VIEWS = 2;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final OffHeap memory = new OffHeap(1L << 30, 2);
    private final Epochs epochs = new Epochs(memory, RETIRED_BYTES_MAX);
    private final Pins pins = new Pins();
    private final NodeStore nodes = new NodeStore(memory, epochs, pins);
    private final TreeRelease release = new TreeRelease(nodes);
    private final Trees trees = new Trees(nodes, release, seed);
    private final long text = Memory.reserve(2 * TARGET_LENGTH);
    private final AtomicLong head = new AtomicLong();
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicLong reads = new AtomicLong();
    private int headRef;

    /** What the readers are told of the writer: the element is, or was, at one of these versions. */
    private final AtomicLongArray done = new AtomicLongArray(FIELDS);
    private final AtomicLongArray begun = new AtomicLongArray(FIELDS);

    private interface Body
    {
        void run(Eye eye);
    }

    /** What a reading thread has. */
    private final class Eye implements AutoCloseable
    {
        final Random random;
        final long slot = epochs.open();
        final TreeReader reader = new TreeReader(memory, slot);
        final Member member = new Member(trees);
        final long field = Memory.reserve(64);
        final long target = Memory.reserve(TARGET_LENGTH);

        Eye(final long seed)
        {
            random = new Random(seed);
        }

        void seek(final String name)
        {
            Memory.copy(name.getBytes(ISO_8859_1), 0, field, name.length());
            member.set(field, name.length());
        }

        String text(final long length)
        {
            final byte[] bytes = new byte[(int)length];
            Memory.copy(target, bytes, 0, bytes.length);
            return new String(bytes, ISO_8859_1);
        }

        @Override
        public void close()
        {
            Epochs.close(slot);
            reader.close();
            member.close();
            Memory.release(field);
            Memory.release(target);
        }
    }

    /** A tree as it was: pinned by the writer, walked by another thread. */
    private record View(long pin, long slot, int root, long count, byte[] content)
    {
    }

    @Test
    void shouldFindFieldsAsTheyWereAtSomeMoment() throws InterruptedException
    {
        for (int number = 0; number < FIELDS; number++)
        {
            begun.set(number, 1);
            done.set(number, 1);
        }

        run((eye) ->
        {
            final int number = eye.random.nextInt(FIELDS);
            final long atLeast = done.get(number);
            eye.seek("field:" + number);
            final long length = eye.reader.value(head.get(), eye.member, eye.target, TARGET_LENGTH);
            if (TreeReader.RETRY == length)
            {
                return;
            }

            final long atMost = begun.get(number);
            reads.incrementAndGet();
            if (TreeReader.ABSENT == length)
            {
                // Versions that are odd are no value at all.
                assertTrue(atMost > atLeast || 1 == (atLeast & 1), () -> "missed: " + number + " " + atLeast);
                return;
            }

            final String value = eye.text(length);
            final int colon = value.indexOf(':');
            final long version = Long.parseLong(colon < 0 ? value : value.substring(0, colon)) / FIELDS;
            assertEquals(valueOf(number, version), value);
            assertTrue(version >= atLeast && version <= atMost,
                () -> "version " + version + " of " + number + ", was " + atLeast + " to " + atMost);
        }, this::writeFields);
    }

    @Test
    void shouldReadPositionsAsTheyWereAtSomeMoment() throws InterruptedException
    {
        // The list holds the numbers from the first version to the second.
        run((eye) ->
        {
            final long position = eye.random.nextInt(2_000);
            final long firstAtLeast = done.get(0);
            final long lastAtLeast = done.get(1);
            final long length = eye.reader.at(head.get(), position, eye.target, TARGET_LENGTH);
            if (TreeReader.RETRY == length)
            {
                return;
            }

            final long firstAtMost = begun.get(0);
            reads.incrementAndGet();
            if (TreeReader.ABSENT == length)
            {
                assertTrue(position >= lastAtLeast - firstAtMost, () -> "missed: " + position);
                return;
            }

            final String found = eye.text(length);
            final int colon = found.indexOf(':');
            final long value = Long.parseLong(colon < 0 ? found : found.substring(0, colon));
            assertEquals(itemOf(value), found);
            assertTrue(value - position >= firstAtLeast && value - position <= firstAtMost,
                () -> value + " at " + position + ", first was " + firstAtLeast + " to " + firstAtMost);
        }, this::writeList);
    }

    private void writeFields(final BlockingQueue<View> todo, final BlockingQueue<View> seen)
    {
        final HashTree hash = new HashTree(trees, Node.TWO_STRINGS);
        final Member member = new Member(trees);
        for (int step = 0; step < STEPS && null == failure.get(); step++)
        {
            // More and fewer fields in turn, so that leaves are split and joined.
            final boolean isGrowing = random.nextInt(100) < (0 == (step / 5_000 & 1) ? 90 : 10);
            final int number = random.nextInt(FIELDS);
            final String name = "field:" + number;
            stage(name, 0);
            member.set(text, name.length());
            final long version = done.get(number);
            final long next = isGrowing ? version + 2 & -2 : version | 1;
            begun.set(number, next);
            if (1 == (next & 1))
            {
                hash.remove(head.get(), member);
            }
            else
            {
                final String value = valueOf(number, next);
                stage(value, name.length());
                assertTrue(hash.put(head.get(), member, text + name.length(), value.length()) > 0);
            }

            done.set(number, next);
            betweenUnits(step, todo, seen);
        }

        member.close();
    }

    private void writeList(final BlockingQueue<View> todo, final BlockingQueue<View> seen)
    {
        final ListTree list = new ListTree(trees);
        for (int step = 0; step < STEPS && null == failure.get(); step++)
        {
            final boolean isGrowing = random.nextInt(100) < (0 == (step / 3_000 & 1) ? 80 : 20);
            if (isGrowing || TreeHead.count(head.get()) < 2)
            {
                final long last = done.get(1);
                final String item = itemOf(last);
                stage(item, 0);
                begun.set(1, last + 1);
                assertTrue(list.pushLast(head.get(), text, item.length()));
                done.set(1, last + 1);
            }
            else
            {
                final long first = done.get(0);
                begun.set(0, first + 1);
                assertTrue(list.removeFirst(head.get()));
                done.set(0, first + 1);
            }

            betweenUnits(step, todo, seen);
        }
    }

    private void betweenUnits(final int step, final BlockingQueue<View> todo, final BlockingQueue<View> seen)
    {
        release.step(16);
        if (0 == random.nextInt(50))
        {
            epochs.reclaim();
        }

        if (0 == random.nextInt(500))
        {
            handOver();
        }

        if (0 == step % 1_000)
        {
            for (View view = seen.poll(); null != view; view = seen.poll())
            {
                pins.close(view.pin);
            }

            if (todo.remainingCapacity() > 0)
            {
                final long slot = epochs.open();
                epochs.enterToStay(slot);
                final int root = TreeHead.root(head.get());
                final long count = TreeHead.count(head.get());
                todo.add(new View(pins.open(), slot, root, count, content(root, count)));
            }
        }
    }

    /** The head moves to another block, as with an entry that is replaced. */
    private void handOver()
    {
        final int ref = memory.allocate(TreeHead.LENGTH, MemoryTag.ENTRY);
        final long next = memory.address(ref);
        TreeHead.handOver(head.get(), next, pins.stamp());
        head.set(next);
        epochs.retire(headRef, MemoryTag.ENTRY);
        headRef = ref;
    }

    private void run(final Body body,
        final java.util.function.BiConsumer<BlockingQueue<View>, BlockingQueue<View>> writer)
        throws InterruptedException
    {
        headRef = memory.allocate(TreeHead.LENGTH, MemoryTag.ENTRY);
        head.set(memory.address(headRef));
        TreeHead.init(head.get(), pins.stamp());
        final BlockingQueue<View> todo = new ArrayBlockingQueue<>(VIEWS);
        final BlockingQueue<View> seen = new ArrayBlockingQueue<>(4 * VIEWS);
        final List<Eye> eyes = new ArrayList<>();
        final List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < READERS; i++)
        {
            final Eye eye = new Eye(seed + i);
            eyes.add(eye);
            threads.add(new Thread(() -> guarded(() -> look(eye, body)), "reader " + i));
        }

        threads.add(new Thread(() -> guarded(() -> walk(todo, seen)), "views"));
        threads.forEach(Thread::start);
        guarded(() -> writer.accept(todo, seen));
        isOver.set(true);
        for (final Thread thread : threads)
        {
            thread.join();
        }

        eyes.forEach(Eye::close);
        if (null != failure.get())
        {
            throw new AssertionError("seed " + seed, failure.get());
        }

        assertTrue(reads.get() > STEPS / 1_000, () -> "too few reads to say anything: " + reads + ", seed " + seed);
        end(todo, seen);
    }

    private void end(final BlockingQueue<View> todo, final BlockingQueue<View> seen)
    {
        todo.forEach(TreeThreadsTest::leave);
        todo.forEach((view) -> pins.close(view.pin));
        seen.forEach((view) -> pins.close(view.pin));
        release.retire(TreeHead.root(head.get()));
        release.finish();
        epochs.retire(headRef, MemoryTag.ENTRY);
        while (epochs.retiredBytes() > 0)
        {
            epochs.reclaim();
        }

        assertEquals(0, memory.usedBytes(), () -> "leak, seed " + seed);
        trees.close();
        epochs.close();
        memory.close();
        Memory.release(text);
    }

    private void look(final Eye eye, final Body body)
    {
        while (!isOver.get() && null == failure.get())
        {
            eye.reader.entered(epochs.enter(eye.slot));
            try
            {
                body.run(eye);
            }
            finally
            {
                Epochs.exit(eye.slot);
            }
        }
    }

    /** Look at each view twice, unhurried, while the writer goes on. */
    private void walk(final BlockingQueue<View> todo, final BlockingQueue<View> seen)
    {
        while (!isOver.get() && null == failure.get())
        {
            final View view = todo.poll();
            if (null == view)
            {
                Thread.onSpinWait();
                continue;
            }

            assertArrayEquals(view.content, content(view.root, view.count));
            Thread.yield();
            assertArrayEquals(view.content, content(view.root, view.count));
            leave(view);
            seen.add(view);
        }
    }

    private static void leave(final View view)
    {
        Epochs.exit(view.slot);
        Epochs.close(view.slot);
    }

    private void guarded(final Runnable body)
    {
        try
        {
            body.run();
        }
        catch (final Throwable ex)
        {
            failure.compareAndSet(null, ex);
        }
    }

    private byte[] content(final int root, final long count)
    {
        final TreeRuns runs = new TreeRuns(memory);
        runs.begin(root, count);
        return TreeFixture.rest(runs);
    }

    private void stage(final String string, final int offset)
    {
        Memory.copy(string.getBytes(ISO_8859_1), 0, text + offset, string.length());
    }

    /** Of each length and form in turn; begins with what tells field and version. */
    private static String valueOf(final int number, final long version)
    {
        final long id = version * FIELDS + number;
        return withLength(id, (version * 31 + number) & 63);
    }

    private static String itemOf(final long value)
    {
        return withLength(value, value * 7 & 63);
    }

    private static String withLength(final long id, final long choice)
    {
        if (choice < 20)
        {
            return Long.toString(id);
        }

        final int length = choice < 60 ? (int)choice : 60 == choice ? 70_000 : 61 == choice ? 1_000 : 200;
        return id + ":" + "abcdefghij".repeat(length / 10);
    }
}
