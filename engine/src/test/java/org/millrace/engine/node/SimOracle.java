package org.millrace.engine.node;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.collections.Long2ObjectHashMap;
import org.millrace.engine.backlog.BacklogReader;
import org.millrace.engine.backlog.ReplicationHistory;
import org.millrace.engine.backlog.ReplicationStream;

/**
 * Watches a group of nodes after every cycle of any of them. Knows every byte of every history as its first writer
 * published it, and what the data looked like at places of it. Holds of every node: at equal places of one history its
 * data are equal, the bytes of its ring are those of the history, its offset never goes back, and its ring keeps
 * within its bounds.
 */
final class SimOracle
{
    private static final long NO_DIGEST = Long.MIN_VALUE;
    private static final int READ_MAX = 1 << 16;

    private final SimDigest digest = new SimDigest();
    private final Map<String, Past> pasts = new HashMap<>();
    private final Map<SimNode, Watch> watches = new IdentityHashMap<>();
    private long sampleMask;
    private long comparedBytes;
    private long comparedDigests;
    private long turn;

    /** One history: its bytes from {@code base} on, and digests of the data by offset; before that, its parent's. */
    private static final class Past
    {
        private final String replid;
        private final long base;
        private final Past parent;
        private final Long2LongHashMap digests = new Long2LongHashMap(NO_DIGEST);
        private final Long2ObjectHashMap<String> witnesses = new Long2ObjectHashMap<>();
        private byte[] bytes = new byte[1024];
        private int length;

        Past(final String replid, final long base, final Past parent)
        {
            this.replid = replid;
            this.base = base;
            this.parent = parent;
        }
    }

    /** What was seen of one node the last time. */
    private static final class Watch
    {
        private BacklogReader reader;
        private String replid = "";
        private long offset;
        private int fullResyncs;
    }

    /** @param sampleMask data are looked at where a hash of the offset has these bits clear. */
    SimOracle(final long sampleMask)
    {
        this.sampleMask = sampleMask;
    }

    /** From now on look at the data of one offset in {@code mask + 1}: large ones take long. */
    void sampleMask(final long mask)
    {
        sampleMask = mask;
    }

    /** Bytes found equal to those that another node had published. */
    long comparedBytes()
    {
        return comparedBytes;
    }

    /** Data sets found equal to that of another node, or of the same one before, at the same place. */
    long comparedDigests()
    {
        return comparedDigests;
    }

    /** After a cycle of this node. */
    void observe(final SimNode node)
    {
        final Watch watch = watches.computeIfAbsent(node, (n) -> new Watch());
        final ReplicationStream stream = node.node.parts().stream();
        final ReplicationHistory history = stream.history();
        final String replid = history.replid();
        final long offset = stream.endOffset();
        pasts.computeIfAbsent(replid, (id) -> begin(id, history, offset));
        final boolean hasMoved = offset != watch.offset || !replid.equals(watch.replid);
        checkOffset(node, watch, replid, offset);
        if (hasMoved || null == watch.reader || watch.reader.isRetired())
        {
            readStream(node, watch, stream);
        }

        turn++;
        if (isAtPlace(node, stream) && (hasMoved ? isSampled(offset) : 0 == turn % 64 && isSampled(turn)))
        {
            checkData(node, replid, offset);
        }

        watch.replid = replid;
        watch.offset = offset;
    }

    /** The node is no more. */
    void forget(final SimNode node)
    {
        final Watch watch = watches.remove(node);
        if (null != watch && null != watch.reader)
        {
            watch.reader.close();
        }
    }

    /** The digest of a node's data, of whatever age. */
    long digestOf(final SimNode node)
    {
        return digest.of(node.node.data());
    }

    /** A history that nobody has been on: whoever begins it knows best where it left the former one. */
    private Past begin(final String replid, final ReplicationHistory history, final long offset)
    {
        final Past parent = pasts.get(history.replid2());
        return null == parent
            ? new Past(replid, offset + 1, null)
            : new Past(replid, history.secondOffset(), parent);
    }

    private Past pastAt(final String replid, final long offset)
    {
        Past past = pasts.get(replid);
        while (null != past.parent && offset < past.base)
        {
            past = past.parent;
        }

        return past;
    }

    private static void checkOffset(
        final SimNode node, final Watch watch, final String replid, final long offset)
    {
        final int fullResyncs = node.fullResyncs;
        if (replid.equals(watch.replid) && offset < watch.offset && fullResyncs == watch.fullResyncs)
        {
            throw new AssertionError(
                "node " + node.port + ": offset went back from " + watch.offset + " to " + offset + " in " + replid);
        }

        watch.fullResyncs = fullResyncs;
    }

    /** True if data and offset belong together: a primary without a ring moves the one and not the other. */
    private static boolean isAtPlace(final SimNode node, final ReplicationStream stream)
    {
        final boolean isReplica = node.node.parts().replication().isReplica();
        return !node.node.parts().state().isLoading && (stream.isActive() ? !stream.isBroken() : isReplica);
    }

    private boolean isSampled(final long offset)
    {
        return 0 == ((offset * 0x9E37_79B9_7F4A_7C15L >>> 40) & sampleMask);
    }

    private void checkData(final SimNode node, final String replid, final long offset)
    {
        final Past past = pastAt(replid, offset);
        final long found = digest.of(node.node.data());
        final long known = past.digests.get(offset);
        if (NO_DIGEST == known)
        {
            past.digests.put(offset, NO_DIGEST == found ? 0 : found);
            past.witnesses.put(offset, Integer.toString(node.port));
        }
        else if (known != found)
        {
            throw new AssertionError(
                "node " + node.port + ": its data differ from those that node " + past.witnesses.get(offset) +
                    " had at " + past.replid + ":" + offset);
        }
        else
        {
            comparedDigests++;
        }
    }

    private void readStream(final SimNode node, final Watch watch, final ReplicationStream stream)
    {
        if (null != watch.reader && watch.reader.isRetired())
        {
            watch.reader.close();
            watch.reader = null;
        }

        if (!stream.isActive() || stream.isBroken())
        {
            if (null != watch.reader)
            {
                watch.reader.close();
                watch.reader = null;
            }

            return;
        }

        if (null == watch.reader)
        {
            watch.reader = stream.openReader(stream.firstOffset());
        }

        final ReplicationHistory history = stream.history();
        for (ByteBuffer view = watch.reader.next(READ_MAX); null != view; view = watch.reader.next(READ_MAX))
        {
            final long at = watch.reader.nextOffset();
            final Past past = pastAt(history.replid(), at);
            final Past later = pastAt(history.replid(), at + view.remaining() - 1);
            // Not across the place where the id has changed.
            final byte[] bytes = new byte[past == later ? view.remaining() : 1];
            view.get(bytes);
            compare(node, past, at, bytes);
            watch.reader.advance(bytes.length);
        }
    }

    private void compare(final SimNode node, final Past past, final long at, final byte[] bytes)
    {
        final long begin = at - past.base;
        if (begin > past.length)
        {
            throw new AssertionError(
                "node " + node.port + ": holds byte " + at + " of " + past.replid +
                    ", which nobody has published; known: " +
                    past.base + "+" + past.length);
        }

        // What lies before the first byte that any node has shown is not known.
        final int skip = (int)Math.min(bytes.length, Math.max(0, -begin));
        final int known = (int)Math.min(bytes.length - skip, past.length - (begin + skip));
        final int from = (int)begin + skip;
        if (known > 0)
        {
            final int mismatch = Arrays.mismatch(past.bytes, from, from + known, bytes, skip, skip + known);
            if (mismatch >= 0)
            {
                throw new AssertionError(
                    "node " + node.port + ": byte " + (at + skip + mismatch) + " of " + past.replid +
                        " is not what was published");
            }

            comparedBytes += known;
        }

        final int fresh = bytes.length - skip - Math.max(0, known);
        if (fresh > 0)
        {
            if (past.length + fresh > past.bytes.length)
            {
                past.bytes = Arrays.copyOf(past.bytes, Math.max(past.length + fresh, 2 * past.bytes.length));
            }

            System.arraycopy(bytes, bytes.length - fresh, past.bytes, past.length, fresh);
            past.length += fresh;
        }
    }
}
