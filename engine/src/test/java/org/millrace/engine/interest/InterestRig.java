package org.millrace.engine.interest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.millrace.engine.datatype.StringEditor;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/** Keys with strings in a few databases, changed as commands change them, and waiters that write down who was served. */
final class InterestRig implements AutoCloseable
{
    static final int DATABASES = 4;
    static final long STRING = KeyInterest.ofType(0);
    static final long LIST = KeyInterest.ofType(1);

    /** {@code waiter<key@database} of each that was served, in order. */
    final List<String> served = new ArrayList<>();
    final KeyInterest interest;
    long nowMs = 1_000_000;

    private final OffHeap memory = new OffHeap(0);
    private final DataSet data = new DataSet(memory, DATABASES, 1);
    private final StringEditor editor = new StringEditor(data);
    private final List<Waiter> recorders = new ArrayList<>();
    private final long scratch = Memory.reserve(64);

    InterestRig()
    {
        interest = new KeyInterest(() -> data, () -> nowMs, 7);
    }

    /** A waiter that is served by what comes first, and does this to it. */
    final class Recorder extends Waiter
    {
        final String name;
        boolean isDone;
        private final BiConsumer<String, Integer> deed;

        Recorder(final String name, final BiConsumer<String, Integer> deed)
        {
            this.name = name;
            this.deed = deed;
            recorders.add(this);
        }

        Recorder on(final String key, final int database, final long wanted)
        {
            at(key, (address, length) -> interest.await(this, database, address, length, wanted));
            return this;
        }

        @Override
        protected boolean serve(final WaitQueue by)
        {
            final InterestedKey key = (InterestedKey)by;
            final byte[] bytes = new byte[key.length()];
            Memory.copy(key.address(), bytes, 0, bytes.length);
            final String text = new String(bytes, StandardCharsets.US_ASCII);
            final int database = key.database();
            served.add(name + "<" + text + "@" + database);
            isDone = true;
            leave();
            deed.accept(text, database);
            return true;
        }

        @Override
        protected void timeOut()
        {
            throw new AssertionError("there is no deadline");
        }
    }

    /** Takes the string that it gets. */
    Recorder taker(final String name)
    {
        return new Recorder(name, this::del);
    }

    /** Leaves what it gets. */
    Recorder looker(final String name)
    {
        return new Recorder(name, (key, database) ->
        {
        });
    }

    /** Takes the string and stores one under another key of the database. */
    Recorder mover(final String name, final String target)
    {
        return new Recorder(name, (key, database) ->
        {
            del(key, database);
            set(target, database, 0);
        });
    }

    /** @param deadlineMs 0 for none. */
    void set(final String key, final int database, final long deadlineMs)
    {
        at(key, (address, length) ->
        {
            editor.set(
                data.keyspace(database), address, length, address, length,
                0 == deadlineMs ? Entry.NO_DEADLINE : deadlineMs);
            interest.changed(database, address, length);
        });
    }

    /** False if it was not there. */
    boolean del(final String key, final int database)
    {
        final boolean[] isThere = new boolean[1];
        at(key, (address, length) ->
        {
            isThere[0] = Entry.NO_ENTRY != data.keyspace(database).find(address, length);
            if (isThere[0])
            {
                data.keyspace(database).remove(address, length);
                interest.changed(database, address, length);
            }
        });
        return isThere[0];
    }

    void expire(final String key, final int database)
    {
        at(key, (address, length) ->
        {
            interest.removing(database, address, length);
            data.keyspace(database).remove(address, length);
        });
    }

    void flush(final int database)
    {
        interest.flushing(database);
        data.flush(database);
    }

    void swap(final int first, final int second)
    {
        interest.swapping(first, second);
        data.swap(first, second);
    }

    void watch(final Watcher watcher, final String key, final int database)
    {
        at(key, (address, length) ->
        {
            final long entry = data.keyspace(database).find(address, length);
            final boolean isExpired = Entry.NO_ENTRY != entry && Entry.isVolatile(entry) &&
                nowMs > Entry.deadlineMs(entry);
            interest.watch(watcher, database, address, length, isExpired);
        });
    }

    /** The end of a unit; gives back who was served. */
    List<String> end()
    {
        interest.unitEnded();
        data.doWork();
        final List<String> copy = List.copyOf(served);
        served.clear();
        return copy;
    }

    interface Bytes
    {
        void use(long address, int length);
    }

    /** The bytes of a key as those of an argument: gone after the command. */
    void at(final String key, final Bytes use)
    {
        final byte[] bytes = key.getBytes(StandardCharsets.US_ASCII);
        Memory.copy(bytes, 0, scratch, bytes.length);
        // What the command itself does may need the memory for another key.
        final long address = Memory.reserve(bytes.length + 1L);
        Memory.copy(scratch, address, bytes.length);
        use.use(address, bytes.length);
        Memory.set(address, bytes.length, (byte)'!');
        Memory.release(address);
    }

    @Override
    public void close()
    {
        recorders.forEach(Waiter::leave);
        Memory.release(scratch);
        data.close();
        memory.close();
    }
}
