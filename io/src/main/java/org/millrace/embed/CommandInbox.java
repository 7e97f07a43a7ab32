package org.millrace.embed;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RecordDescriptor;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.millrace.engine.base.Layout;
import org.millrace.engine.base.ParkingAgent;
import org.millrace.engine.base.WrappingRead;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.node.clients.LocalSession;
import org.millrace.engine.resp.ArgVector;

/**
 * Commands from the program's threads to the node's writer: one ring buffer off-heap for all of them, so what a thread
 * hands over is run in the order in which it did.
 * <pre>
 *   IN_PLACE: a command whose arguments the writer reads where they lie
 *   +----------+-------+------------------+------------------------+
 *   | database | count | length ...  4 B  | bytes of the arguments |
 *   +----------+-------+------------------+------------------------+
 *   AS_OBJECT: the number of an {@link AwaitedCommand}: somebody waits for its reply, or it is too long for the ring
 *   +----------+
 *   |  number  |
 *   +----------+
 * </pre>
 * What the writer's own thread hands over (a listener, the continuation of a future) goes beside the ring, for it
 * cannot wait for room in it, and has its turn as if it had gone through it: see {@link OwnCommands}.
 */
@Layout(name = "IN_PLACE", value = "Message from a thread of the program to the writer: a command whose arguments " +
    "lie in it")
@Layout(name = "AS_OBJECT", value = "Message: a command that is awaited or too long for the ring")
final class CommandInbox implements ParkingAgent
{
    @Layout.Field(bytes = Integer.BYTES, value = "database", of = "IN_PLACE")
    static final int DATABASE_OFFSET = 0;

    @Layout.Field(bytes = Integer.BYTES, value = "arguments", of = "IN_PLACE")
    static final int COUNT_OFFSET = 4;

    @Layout.Field(bytes = 0, value = "length of each argument, 4 bytes; then the bytes of all of them", of = "IN_PLACE")
    static final int LENGTHS_OFFSET = 8;

    @Layout.Field(bytes = Long.BYTES, value = "number of the command", of = "AS_OBJECT")
    private static final int NUMBER_OFFSET = 0;

    private static final int IN_PLACE = 1;
    private static final int AS_OBJECT = 2;

    /** Messages in one go. */
    private static final int LIMIT = 256;

    private static final int SPINS = 100;
    private static final int YIELDS = 100;
    private static final long PARK_NS = 20_000;

    private final ManyToOneRingBuffer ring;
    private final ByteBuffer memory;
    private final long address;
    private final Runnable wakeup;
    private final BooleanSupplier isAgentThread;
    private final NodeFigures figures;
    private final ControlledMessageHandler onMessage = this::onMessage;
    private final Map<Long, AwaitedCommand> objects = new ConcurrentHashMap<>();
    private final AtomicLong lastNumber = new AtomicLong();
    private final OwnCommands own = new OwnCommands();
    private final ArgVector args = new ArgVector();
    private final Predicate<AwaitedCommand> runOwn = this::runOwn;
    private LocalSession session;
    private HeldFutures held;

    /** How many of the thread's own commands the present turn may still run. */
    private int ownLeft;

    private volatile Thread writer;
    private volatile IllegalStateException closedBy;

    /**
     * @param capacity of the ring in bytes, a power of two.
     * @param wakeup makes the writer look, whether it sleeps or not; called from any thread.
     * @param isAgentThread whether the calling thread is one of the node's.
     */
    CommandInbox(
        final int capacity, final Runnable wakeup, final BooleanSupplier isAgentThread, final NodeFigures figures)
    {
        memory = BufferUtil.allocateDirectAligned(
            capacity + RingBufferDescriptor.TRAILER_LENGTH, BitUtil.CACHE_LINE_LENGTH);
        address = Memory.address(memory);
        ring = new ManyToOneRingBuffer(new UnsafeBuffer(memory));
        this.wakeup = wakeup;
        this.isAgentThread = isAgentThread;
        this.figures = figures;
    }

    /** Writer, before anything is handed over: whose commands these are. */
    void session(final LocalSession value, final HeldFutures heldFutures)
    {
        session = value;
        held = heldFutures;
        writer = Thread.currentThread();
    }

    boolean isWriterThread()
    {
        return Thread.currentThread() == writer;
    }

    /** Whether the calling thread is one of the node's: in a listener, a log, or what hangs on a future. */
    boolean isOwnThread()
    {
        return isWriterThread() || isAgentThread.getAsBoolean();
    }

    // Any thread.

    /** Longest message that the ring takes. */
    int lengthMax()
    {
        return ring.maxMsgLength();
    }

    MutableDirectBuffer buffer()
    {
        return ring.buffer();
    }

    /** Where an index of {@link #buffer} lies in memory. */
    long address(final int index)
    {
        return address + index;
    }

    /**
     * Room for an IN_PLACE message, to be filled at once and followed by {@link #commit}.
     *
     * @return index in {@link #buffer}, or a negative number: there is no room.
     */
    int tryClaim(final int length)
    {
        checkOpen();
        return ring.tryClaim(IN_PLACE, length);
    }

    /** As {@link #tryClaim}, waits for room. */
    int claim(final int length)
    {
        int tries = 0;
        int index;
        while ((index = tryClaim(length)) < 0)
        {
            awaitRoom(tries);
            tries++;
        }

        return index;
    }

    void commit(final int index)
    {
        ring.commit(index);
        wake();
    }

    /** A command as an object; waits for room. */
    void add(final int database, final byte[][] words, final CompletableFuture<Object> result)
    {
        checkOpen();
        final AwaitedCommand command = new AwaitedCommand(database, words, result);
        if (isWriterThread())
        {
            own.add(command, ring.producerPosition());
            return;
        }

        final long number = lastNumber.incrementAndGet();
        objects.put(number, command);
        int tries = 0;
        int index;
        while ((index = ring.tryClaim(AS_OBJECT, BitUtil.SIZE_OF_LONG)) < 0)
        {
            if (null != closedBy)
            {
                break;
            }

            awaitRoom(tries);
            tries++;
        }

        if (index >= 0)
        {
            ring.buffer().putLong(index, number);
            commit(index);
        }

        // The writer may have ended before it was added.
        final IllegalStateException reason = closedBy;
        if (null != reason && null != objects.remove(number))
        {
            command.abandon(reason);
        }
    }

    /** Until all that has been handed over before, by this thread or seen by it, has been run. */
    void awaitEmpty()
    {
        checkOpen();
        refuseOwnThread();
        final long ownAdded = own.added();
        final long position = ring.producerPosition();
        int tries = 0;
        while (ring.consumerPosition() < position || own.done() < ownAdded)
        {
            checkOpen();
            await(tries);
            tries++;
        }
    }

    /** @throws IllegalStateException the calling thread is the node's own and would wait for itself. */
    void refuseOwnThread()
    {
        if (isOwnThread())
        {
            throw mustNotWait();
        }
    }

    static IllegalStateException mustNotWait()
    {
        return new IllegalStateException(
            "the node's own thread cannot wait for the node: a listener, a log or a future's continuation hands " +
                "commands over and goes on (thenAccept, thenCompose), or lets a thread of the program's wait");
    }

    private void awaitRoom(final int tries)
    {
        if (0 == tries)
        {
            refuseOwnThread();
        }

        await(tries);
    }

    /** Some time that grows with the tries. */
    static void await(final int tries)
    {
        if (tries < SPINS)
        {
            Thread.onSpinWait();
        }
        else if (tries < SPINS + YIELDS)
        {
            Thread.yield();
        }
        else
        {
            LockSupport.parkNanos(PARK_NS);
        }
    }

    private void wake()
    {
        // The message must be visible before we look whether the writer sleeps: it looks for messages after it has
        // said that it is about to.
        VarHandle.fullFence();
        wakeup.run();
    }

    boolean isClosed()
    {
        return null != closedBy;
    }

    /** @throws IllegalStateException the node is closed. */
    void checkOpen()
    {
        final IllegalStateException reason = closedBy;
        if (null != reason)
        {
            throw new IllegalStateException(reason.getMessage(), reason.getCause());
        }
    }

    /** From now on nothing is taken, for this reason. */
    void close(final IllegalStateException reason)
    {
        if (null == closedBy)
        {
            closedBy = reason;
        }
    }

    // Writer.

    @Override
    public String roleName()
    {
        return "inbox";
    }

    @Override
    public int doWork()
    {
        ownLeft = LIMIT;
        int work = WrappingRead.controlledRead(ring, onMessage, LIMIT);
        runOwnBefore(ring.consumerPosition());
        work += LIMIT - ownLeft + held.release();
        figures.publish();
        return work;
    }

    private ControlledMessageHandler.Action onMessage(
        final int type, final MutableDirectBuffer buffer, final int index, final int length)
    {
        if (!own.isEmpty() && !hasRunOwnBefore(index))
        {
            return ControlledMessageHandler.Action.ABORT;
        }

        final boolean isDone = AS_OBJECT == type ? runObject(buffer.getLong(index)) : runInPlace(buffer, index);
        return isDone ? ControlledMessageHandler.Action.CONTINUE : ControlledMessageHandler.Action.ABORT;
    }

    /** What the writer's thread handed over before the message at this index of the ring comes before it. */
    private boolean hasRunOwnBefore(final int index)
    {
        final long mask = ring.capacity() - 1L;
        // Of the read that is under way: a read moves it at its end, and one that met the ring's end is followed by another.
        final long readFrom = ring.consumerPosition();
        final long position = readFrom + ((index - RecordDescriptor.HEADER_LENGTH - readFrom) & mask);
        runOwnBefore(position);
        return !own.isDue(position);
    }

    private void runOwnBefore(final long position)
    {
        ownLeft -= own.run(position, ownLeft, runOwn);
    }

    private boolean runObject(final long number)
    {
        final AwaitedCommand command = objects.get(number);
        if (null != command && !command.run(session, figures, held))
        {
            return false;
        }

        objects.remove(number);
        return true;
    }

    private boolean runInPlace(final MutableDirectBuffer buffer, final int index)
    {
        args.clear();
        final int count = buffer.getInt(index + COUNT_OFFSET);
        int at = index + LENGTHS_OFFSET + count * BitUtil.SIZE_OF_INT;
        for (int i = 0; i < count; i++)
        {
            final int length = buffer.getInt(index + LENGTHS_OFFSET + i * BitUtil.SIZE_OF_INT);
            args.add(address + at, length);
            at += length;
        }

        if (!session.execute(buffer.getInt(index + DATABASE_OFFSET), args))
        {
            return false;
        }

        if (null != session.lastError())
        {
            figures.writeFailed(session.lastError());
        }

        return true;
    }

    private boolean runOwn(final AwaitedCommand command)
    {
        return command.run(session, figures, held);
    }

    /** The loop has ended: nobody waits for ever. */
    void abandon(final IllegalStateException reason)
    {
        close(reason);
        objects.values().forEach((command) -> command.abandon(reason));
        own.abandon(reason);
        if (null != held)
        {
            held.abandon(reason);
        }

        if (null != session)
        {
            session.close();
        }
    }
}
