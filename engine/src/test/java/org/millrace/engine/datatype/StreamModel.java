package org.millrace.engine.datatype;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/** A stream as plain Java has it, and how its RDB record of type 15 is read by anybody who knows the format. */
final class StreamModel
{
    record Id(long ms, long seq) implements Comparable<Id>
    {
        @Override
        public int compareTo(final Id other)
        {
            final int half = Long.compareUnsigned(ms, other.ms);
            return 0 != half ? half : Long.compareUnsigned(seq, other.seq);
        }
    }

    record Given(long timeMs, long deliveries, String consumer)
    {
    }

    static final class Consumer
    {
        long seenMs;
        final TreeSet<Id> owned = new TreeSet<>();

        @Override
        public boolean equals(final Object other)
        {
            return other instanceof Consumer consumer && seenMs == consumer.seenMs && owned.equals(consumer.owned);
        }

        @Override
        public int hashCode()
        {
            return owned.hashCode();
        }

        @Override
        public String toString()
        {
            return seenMs + ":" + owned;
        }
    }

    static final class Group
    {
        Id last;
        final TreeMap<Id, Given> pending = new TreeMap<>();
        final TreeMap<String, Consumer> consumers = new TreeMap<>();

        @Override
        public boolean equals(final Object other)
        {
            return other instanceof Group group && last.equals(group.last) && pending.equals(group.pending) &&
                consumers.equals(group.consumers);
        }

        @Override
        public int hashCode()
        {
            return pending.hashCode();
        }

        @Override
        public String toString()
        {
            return last + " " + pending + " " + consumers;
        }
    }

    final TreeMap<Id, List<String>> entries = new TreeMap<>();
    final TreeMap<String, Group> groups = new TreeMap<>();
    Id last = new Id(0, 0);

    StreamModel copy()
    {
        final StreamModel copy = new StreamModel();
        copy.entries.putAll(entries);
        copy.last = last;
        groups.forEach((name, group) ->
        {
            final Group other = new Group();
            other.last = group.last;
            other.pending.putAll(group.pending);
            group.consumers.forEach((consumerName, consumer) ->
            {
                final Consumer copied = new Consumer();
                copied.seenMs = consumer.seenMs;
                copied.owned.addAll(consumer.owned);
                other.consumers.put(consumerName, copied);
            });
            copy.groups.put(name, other);
        });
        return copy;
    }

    @Override
    public boolean equals(final Object other)
    {
        return other instanceof StreamModel model && entries.equals(model.entries) && last.equals(model.last) &&
            groups.equals(model.groups);
    }

    @Override
    public int hashCode()
    {
        return Objects.hash(entries, last);
    }

    @Override
    public String toString()
    {
        return entries.keySet() + " " + last + " " + groups;
    }

    // The record.

    static StreamModel decode(final byte[] record)
    {
        final ByteBuffer in = ByteBuffer.wrap(record);
        final StreamModel model = new StreamModel();
        for (long pages = length(in); pages > 0; pages--)
        {
            final ByteBuffer id = ByteBuffer.wrap(bytes(in));
            model.decodePage(id.getLong(), id.getLong(), bytes(in));
        }

        final long count = length(in);
        if (count != model.entries.size())
        {
            throw new IllegalArgumentException(count + " entries said, there are " + model.entries.size());
        }

        model.last = new Id(length(in), length(in));
        for (long groups = length(in); groups > 0; groups--)
        {
            model.decodeGroup(in);
        }

        if (in.hasRemaining())
        {
            throw new IllegalArgumentException("bytes left: " + in.remaining());
        }

        return model;
    }

    private void decodeGroup(final ByteBuffer in)
    {
        final Group group = new Group();
        groups.put(new String(bytes(in), ISO_8859_1), group);
        group.last = new Id(length(in), length(in));
        final Map<Id, long[]> given = new TreeMap<>();
        for (long count = length(in); count > 0; count--)
        {
            final Id id = new Id(in.getLong(), in.getLong());
            given.put(id, new long[]{Long.reverseBytes(in.getLong()), length(in)});
        }

        for (long count = length(in); count > 0; count--)
        {
            final String name = new String(bytes(in), ISO_8859_1);
            final Consumer consumer = new Consumer();
            group.consumers.put(name, consumer);
            consumer.seenMs = Long.reverseBytes(in.getLong());
            for (long owned = length(in); owned > 0; owned--)
            {
                final Id id = new Id(in.getLong(), in.getLong());
                consumer.owned.add(id);
                final long[] of = given.remove(id);
                group.pending.put(id, new Given(of[0], of[1], name));
            }
        }

        if (!given.isEmpty())
        {
            throw new IllegalArgumentException("nobody has " + given.keySet());
        }
    }

    private static long length(final ByteBuffer in)
    {
        final int first = in.get() & 0xFF;
        return switch (first >>> 6)
        {
            case 0 -> first;
            case 1 -> (first & 0x3F) << 8 | in.get() & 0xFF;
            default -> 0x80 == first ? in.getInt() & 0xFFFF_FFFFL : in.getLong();
        };
    }

    private static byte[] bytes(final ByteBuffer in)
    {
        final byte[] bytes = new byte[(int)length(in)];
        in.get(bytes);
        return bytes;
    }

    private void decodePage(final long ms, final long seq, final byte[] listpack)
    {
        final List<String> elements = elements(listpack);
        final int deleted = Integer.parseInt(elements.get(1));
        final int headFields = Integer.parseInt(elements.get(2));
        int at = 3 + headFields + 1;
        int there = 0;
        int gone = 0;
        while (at < elements.size())
        {
            final int begin = at;
            final int flags = Integer.parseInt(elements.get(at));
            final Id id = new Id(ms + Long.parseLong(elements.get(at + 1)), seq + Long.parseLong(elements.get(at + 2)));
            at += 3;
            final boolean isSame = 0 != (flags & 2);
            final int fields = isSame ? headFields : Integer.parseInt(elements.get(at++));
            final List<String> pairs = new ArrayList<>();
            for (int i = 0; i < fields; i++)
            {
                pairs.add(isSame ? elements.get(3 + i) : elements.get(at++));
                pairs.add(elements.get(at++));
            }

            if (at - begin != Integer.parseInt(elements.get(at++)))
            {
                throw new IllegalArgumentException("elements of the entry " + id);
            }

            gone += flags & 1;
            there += 1 - (flags & 1);
            if (0 == (flags & 1))
            {
                entries.put(id, pairs);
            }
        }

        if (there != Integer.parseInt(elements.get(0)) || gone != deleted)
        {
            throw new IllegalArgumentException("page says " + elements.get(0) + " and " + deleted);
        }
    }

    private static List<String> elements(final byte[] listpack)
    {
        final ByteBuffer in = ByteBuffer.wrap(listpack).order(ByteOrder.LITTLE_ENDIAN);
        if (listpack.length != in.getInt())
        {
            throw new IllegalArgumentException("length of the page");
        }

        final int count = in.getShort() & 0xFFFF;
        final List<String> elements = new ArrayList<>();
        while (in.position() < listpack.length - 1)
        {
            final int begin = in.position();
            elements.add(element(in));
            final int length = in.position() - begin;
            in.position(in.position() + (length < 128 ? 1 : length < 16383 ? 2 : 3));
        }

        if (count != elements.size())
        {
            throw new IllegalArgumentException("elements of the page: " + count + ", " + elements.size());
        }

        return elements;
    }

    private static String element(final ByteBuffer in)
    {
        final int form = in.get() & 0xFF;
        if (form < 0x80)
        {
            return "" + form;
        }

        if (form < 0xC0)
        {
            return text(in, form & 0x3F);
        }

        if (form < 0xE0)
        {
            return "" + (((form & 0x1F) << 8 | in.get() & 0xFF) << 19 >> 19);
        }

        return switch (form)
        {
            case 0xF0 -> text(in, in.getInt());
            case 0xF1 -> "" + in.getShort();
            case 0xF2 -> "" + (in.getShort() & 0xFFFF | in.get() << 16);
            case 0xF3 -> "" + in.getInt();
            case 0xF4 -> "" + in.getLong();
            default -> text(in, (form & 0xF) << 8 | in.get() & 0xFF);
        };
    }

    private static String text(final ByteBuffer in, final int length)
    {
        final byte[] text = new byte[length];
        in.get(text);
        return new String(text, ISO_8859_1);
    }
}
