package org.millrace.engine.datatype;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.datatype.StreamModel.Consumer;
import org.millrace.engine.datatype.StreamModel.Given;
import org.millrace.engine.datatype.StreamModel.Group;
import org.millrace.engine.datatype.StreamModel.Id;
import org.millrace.engine.keyspace.DataSetFixture;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.value.Listpack;
import org.millrace.engine.value.StreamLayout;

/** Streams with groups against a model of plain Java, as {@link CollectionModel} says. */
class StreamValueModelTest extends CollectionModel<StreamModel>
{
    private StreamValue stream;
    private long clock;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldBehaveAsPlainJavaDoes(final long seed)
    {
        run(seed);
    }

    @Override
    void start()
    {
        stream = Values.of(fixture.data).streams();
        fixture.data.thresholds().streamNodeEntries = random.nextInt(3) * 10;
        fixture.data.thresholds().streamNodeBytes = random.nextBoolean() ? 4096 : 200;
    }

    @Override
    StreamModel copy(final StreamModel value)
    {
        return value.copy();
    }

    @Override
    StreamModel decode(final int type, final byte[] record)
    {
        assertEquals(StreamLayout.TYPE, type);
        return StreamModel.decode(record);
    }

    @Override
    void operate(final String key)
    {
        final byte[] name = DataSetFixture.bytes(key);
        final long keyAddress = Memory.reserve(name.length);
        Memory.copy(name, 0, keyAddress, name.length);
        try
        {
            stream.open(keyspace, keyAddress, name.length, find(key));
            change(key);
        }
        finally
        {
            Memory.release(keyAddress);
        }
    }

    private void change(final String key)
    {
        clock++;
        if (!stream.exists())
        {
            if (!stream.make())
            {
                isShort();
                return;
            }

            model.put(key, new StreamModel());
        }

        final StreamModel value = model.get(key);
        if (!stream.own())
        {
            isShort();
            return;
        }

        switch (random.nextInt(12))
        {
            case 0, 1, 2, 3, 4 -> append(value, random.nextInt(6));
            case 5 -> delete(value);
            case 6 -> trim(value);
            case 7 -> changeGroup(value, key);
            default -> changeConsumer(value, key);
        }
    }

    private void append(final StreamModel value, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            final Id id = new Id(value.last.ms() + random.nextInt(2), value.last.seq() + 1 + random.nextInt(200));
            final List<String> pairs = pairs();
            final ArgVector args = new ArgVector();
            final List<Long> blocks = new ArrayList<>();
            for (final String word : pairs)
            {
                final long at = Memory.reserve(word.length() + 1);
                Memory.copy(word.getBytes(ISO_8859_1), 0, at, word.length());
                args.add(at, word.length());
                blocks.add(at);
            }

            final boolean isDone = stream.append(args, 0, id.ms(), id.seq());
            blocks.forEach(Memory::release);
            if (!isDone)
            {
                isShort();
                return;
            }

            value.entries.put(id, pairs);
            value.last = id;
        }
    }

    private List<String> pairs()
    {
        final List<String> pairs = new ArrayList<>();
        for (int i = 0, count = 1 + random.nextInt(3); i < count; i++)
        {
            pairs.add("field" + (random.nextInt(5) == 0 ? random.nextInt(9) : i));
            pairs.add(switch (random.nextInt(5))
            {
                case 0 -> "" + random.nextLong();
                case 1 -> "" + random.nextInt(300);
                case 2 -> "x".repeat(random.nextInt(100) == 0 ? random.nextInt(80_000) : random.nextInt(300));
                default -> "value" + random.nextInt();
            });
        }

        return pairs;
    }

    private void delete(final StreamModel value)
    {
        if (value.entries.isEmpty())
        {
            return;
        }

        final Id id = someId(value);
        final long deleted = stream.delete(id.ms(), id.seq());
        if (deleted < 0)
        {
            isShort();
            return;
        }

        assertEquals(null == value.entries.remove(id) ? 0 : 1, deleted, context);
        if (deleted > 0)
        {
            stream.settleFirst();
        }
    }

    private Id someId(final StreamModel value)
    {
        final int which = random.nextInt(value.entries.size());
        final Id id = value.entries.keySet().stream().skip(which).findFirst().orElseThrow();
        return random.nextInt(10) == 0 ? new Id(id.ms(), id.seq() + 1) : id;
    }

    private void trim(final StreamModel value)
    {
        final boolean isToLength = random.nextBoolean();
        final int most = random.nextInt(40);
        final Id below = value.entries.isEmpty() ? value.last : someId(value);
        final int before = value.entries.size();
        final long deleted = isToLength
            ? stream.trim(most, 0, 0, false, 0)
            : stream.trim(StreamValue.NO_LIMIT, below.ms(), below.seq(), false, 0);
        for (long i = 0; i < deleted; i++)
        {
            value.entries.pollFirstEntry();
        }

        final boolean isWhole = isToLength
            ? deleted == Math.max(0, before - most)
            : value.entries.isEmpty() || value.entries.firstKey().compareTo(below) >= 0;
        if (!isWhole)
        {
            isShort();
        }
    }

    private void changeGroup(final StreamModel value, final String key)
    {
        final String name = name("group", 3);
        final StreamGroups groups = stream.groups();
        final boolean isThere = groups.find(bytes(name), name.length());
        assertEquals(value.groups.containsKey(name), isThere, context);
        if (!isThere)
        {
            if (!groups.create(bytes(name), name.length(), 0, 0, 0))
            {
                isShort();
                return;
            }

            final Group group = new Group();
            group.last = new Id(0, 0);
            value.groups.put(name, group);
        }
        else if (random.nextInt(4) > 0)
        {
            if (!groups.moveTo(clock, 7, -1))
            {
                isShort();
                return;
            }

            value.groups.get(name).last = new Id(clock, 7);
        }
        else if (groups.destroy())
        {
            value.groups.remove(name);
        }
        else
        {
            partlyDone(key);
        }
    }

    /** Only a part of something has been done: what is there now is right. */
    private void partlyDone(final String key)
    {
        isShort();
        model.put(key, StreamModel.decode(record(find(key))));
    }

    /** Some are too long to stand in a leaf. */
    private String name(final String kind, final int count)
    {
        final int number = random.nextInt(count);
        return kind + number + (1 == number ? "long".repeat(100) : "");
    }

    private void changeConsumer(final StreamModel value, final String key)
    {
        final String groupName = name("group", 3);
        final StreamGroups groups = stream.groups();
        if (!groups.find(bytes(groupName), groupName.length()))
        {
            return;
        }

        final Group group = value.groups.get(groupName);
        final String name = name("consumer", 4);
        final boolean isThere = groups.findConsumer(bytes(name), name.length());
        assertEquals(group.consumers.containsKey(name), isThere, context);
        if (!isThere)
        {
            if (!groups.createConsumer(bytes(name), name.length(), clock))
            {
                isShort();
                return;
            }

            group.consumers.put(name, new Consumer());
            group.consumers.get(name).seenMs = clock;
        }

        switch (random.nextInt(20))
        {
            case 0 -> {
                if (groups.removeConsumer())
                {
                    group.consumers.remove(name).owned.forEach(group.pending::remove);
                }
                else
                {
                    partlyDone(key);
                }
            }
            case 1, 2 -> {
                if (groups.setTimes(clock, clock))
                {
                    group.consumers.get(name).seenMs = clock;
                }
                else
                {
                    isShort();
                }
            }
            default -> changeGiven(group, name, 1 + random.nextInt(20));
        }
    }

    private void changeGiven(final Group group, final String name, final int count)
    {
        final StreamGroups groups = stream.groups();
        final StreamGiven given = groups.given();
        for (int i = 0; i < count; i++)
        {
            final Id id = new Id(random.nextInt(20), random.nextInt(10));
            final Given before = group.pending.get(id);
            assertEquals(null != before, given.find(groups.number(), id.ms(), id.seq()), context);
            final boolean isTaken = null != before && random.nextInt(3) == 0;
            final boolean isDone = null == before
                ? given.give(groups.number(), groups.consumerNumber(), id.ms(), id.seq(), clock, i)
                : isTaken ? given.take() : given.change(groups.consumerNumber(), clock, i);
            if (!isDone)
            {
                isShort();
                return;
            }

            if (null != before)
            {
                group.consumers.get(before.consumer()).owned.remove(id);
                group.pending.remove(id);
            }

            if (!isTaken)
            {
                group.consumers.get(name).owned.add(id);
                group.pending.put(id, new Given(clock, i, name));
            }
        }
    }

    @Override
    void verify(final long entry, final StreamModel value)
    {
        stream.read(entry);
        assertEquals(value.entries.size(), stream.length(), context);
        final Id first = value.entries.isEmpty() ? new Id(0, 0) : value.entries.firstKey();
        assertEquals(first, new Id(StreamLayout.firstMs(stream.value()), StreamLayout.firstSeq(stream.value())),
            context);
        final Id from = new Id(random.nextInt(50), random.nextInt(1000));
        final Id to = new Id(from.ms() + random.nextInt(20), random.nextInt(5000));
        verifyRange(from.compareTo(to) < 0 ? from : to, from.compareTo(to) < 0 ? to : from, value, false);
        verifyRange(from.compareTo(to) < 0 ? from : to, from.compareTo(to) < 0 ? to : from, value, true);
        verifyRange(new Id(0, 0), new Id(-1, -1), value, random.nextBoolean());
        for (final Map.Entry<String, Group> group : value.groups.entrySet())
        {
            verifyGroup(group.getKey(), group.getValue());
        }
    }

    private void verifyRange(final Id from, final Id to, final StreamModel value, final boolean isReverse)
    {
        final NavigableMap<Id, List<String>> range = value.entries.subMap(from, true, to, true);
        final StreamCursor cursor = stream.cursor();
        cursor.begin(stream.value(), from.ms(), from.seq(), to.ms(), to.seq(), isReverse);
        for (final Map.Entry<Id, List<String>> expected : (isReverse ? range.descendingMap() : range).entrySet())
        {
            assertTrue(cursor.next(), context);
            assertEquals(expected.getKey(), new Id(cursor.ms(), cursor.seq()), context);
            assertEquals(expected.getValue(), pairs(cursor), context);
        }

        assertFalse(cursor.next(), context);
    }

    private static List<String> pairs(final StreamCursor cursor)
    {
        final List<String> pairs = new ArrayList<>();
        for (long i = 0; i < cursor.fieldCount(); i++)
        {
            cursor.nextField();
            pairs.add(text(cursor.field()));
            pairs.add(text(cursor.fieldValue()));
        }

        return pairs;
    }

    private static String text(final long element)
    {
        if (!Listpack.isText(element))
        {
            return "" + Listpack.number(element);
        }

        final byte[] text = new byte[(int)Listpack.textLength(element)];
        Memory.copy(Listpack.textAddress(element), text, 0, text.length);
        return new String(text, ISO_8859_1);
    }

    private void verifyGroup(final String name, final Group group)
    {
        final StreamGroups groups = stream.groups();
        assertTrue(groups.find(bytes(name), name.length()), context);
        assertEquals(group.last, new Id(groups.lastMs(), groups.lastSeq()), context);
        assertEquals(group.consumers.size(), groups.consumerCount(), context);
        assertEquals(group.pending.size(), groups.given().count(groups.number()), context);
        final long first = groups.given().place(groups.number(), 0, 0);
        int i = 0;
        for (final Map.Entry<Id, Given> expected : group.pending.entrySet())
        {
            assertTrue(groups.given().loadOfGroup(first + i, groups.number()), context);
            assertEquals(expected.getKey(), new Id(groups.given().ms(), groups.given().seq()), context);
            assertEquals(expected.getValue().timeMs(), groups.given().timeMs(), context);
            groups.showConsumerName(groups.given().consumer());
            assertEquals(expected.getValue().consumer().length(), groups.nameLength(), context);
            i++;
        }
    }
}
