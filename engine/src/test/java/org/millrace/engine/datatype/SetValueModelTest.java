package org.millrace.engine.datatype;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.keyspace.DataSetFixture;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.tree.HashTree;
import org.millrace.engine.tree.TreeVerifier;
import org.millrace.engine.value.CollectionLayout;
import org.millrace.engine.value.IntsetLayout;

/** Sets in all encodings against Java's. */
class SetValueModelTest extends CollectionModel<Set<String>>
{
    private static final long[] BOUNDS = {Short.MAX_VALUE, Short.MIN_VALUE, Integer.MAX_VALUE, Integer.MIN_VALUE,
        Long.MAX_VALUE, Long.MIN_VALUE};

    private SetValue set;
    private SetWalk walk;
    private int intsets;
    private int compact;
    private int large;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldBehaveAsASet(final long seed)
    {
        run(seed);
        assertTrue(intsets > 0 && compact > 0 && large > 0, context + " " + intsets + " " + compact + " " + large);
    }

    @Override
    void start()
    {
        final Values values = Values.of(fixture.data);
        set = values.sets();
        walk = values.setWalk();
        fixture.data.thresholds().setIntset = 1 + random.nextInt(200);
        fixture.data.thresholds().setEntries = 1 + random.nextInt(300);
        fixture.data.thresholds().setValue = random.nextInt(400);
    }

    @Override
    void operate(final String key)
    {
        final int choice = random.nextInt(100);
        if (choice < 55)
        {
            add(key);
        }
        else if (choice < 75)
        {
            remove(key);
        }
        else if (choice < 82)
        {
            removeAt(key);
        }
        else if (choice < 85)
        {
            expect(key);
        }
        else if (choice < 90)
        {
            build(key);
        }
        else
        {
            contains(key);
        }
    }

    private boolean open(final String key)
    {
        final byte[] name = DataSetFixture.bytes(key);
        final long entry = find(key);
        set.open(keyspace, fixture.keyAddress(name), name.length, entry);
        return Entry.NO_ENTRY != entry;
    }

    private void add(final String key)
    {
        final boolean isInteger = isInteger(key);
        for (int i = random.nextInt(12); i >= 0; i--)
        {
            final String member = isInteger ? randomInteger() : randomMember();
            final boolean isThere = open(key);
            final int result = isThere
                ? set.add(bytes(member), member.length())
                : make(member);
            if (!isRefused(result))
            {
                final boolean isNew = model.computeIfAbsent(key, (k) -> new HashSet<>()).add(member);
                assertEquals(isNew ? HashTree.ADDED : HashTree.NOTHING, result, context);
            }

            checkSize(key);
        }
    }

    private int make(final String member)
    {
        final long members = random.nextInt(4) > 0 ? 1 : random.nextInt(400);
        return set.make(bytes(member), member.length(), members) ? HashTree.ADDED : HashTree.NO_MEMORY;
    }

    private void remove(final String key)
    {
        for (int i = random.nextInt(6); i >= 0 && open(key); i--)
        {
            final String member = randomMember();
            final int result = set.remove(bytes(member), member.length());
            if (!isRefused(result))
            {
                assertEquals(model.get(key).remove(member) ? HashTree.REMOVED : HashTree.NOTHING, result, context);
                model.values().removeIf(Set::isEmpty);
            }

            checkSize(key);
        }
    }

    private void removeAt(final String key)
    {
        if (!open(key))
        {
            return;
        }

        final long number = random.nextInt((int)set.size());
        final String member = text(set.at(number));
        if (!isRefused(set.removeAt(number)))
        {
            assertTrue(model.get(key).remove(member), context);
            model.values().removeIf(Set::isEmpty);
            if (Entry.NO_ENTRY != set.entry() && random.nextBoolean())
            {
                set.remake();
            }
        }

        checkSize(key);
    }

    private void expect(final String key)
    {
        if (open(key) && !set.expect(random.nextInt(400)))
        {
            isShort();
        }
    }

    /** As a command that stores its result, or a loader, makes a set. */
    private void build(final String key)
    {
        final byte[] name = DataSetFixture.bytes(key);
        final Set<String> members = new HashSet<>();
        final boolean isInteger = random.nextBoolean();
        for (int i = random.nextInt(random.nextInt(8) == 0 ? 300 : 20); i >= 0; i--)
        {
            members.add(isInteger ? randomInteger() : randomMember());
        }

        final EntryBuilder builder = new EntryBuilder(fixture.editor).key(
            keyspace, fixture.keyAddress(name), name.length, Entry.NO_DEADLINE, 0);
        final long count = random.nextBoolean() ? ValueBuilder.COUNT_UNKNOWN : members.size();
        int result = builder.begin(random.nextInt(4) == 0 ? CollectionLayout.SET : IntsetLayout.TYPE, count);
        if (ValueBuilder.OK != result)
        {
            isShort();
            return;
        }

        for (final String member : members)
        {
            result = ValueBuilder.OK == result ? builder.add(bytes(member), member.length()) : result;
        }

        if (ValueBuilder.OK == result && random.nextInt(5) == 0)
        {
            final String member = members.iterator().next();
            result = builder.add(bytes(member), member.length());
            result = ValueBuilder.OK == result ? builder.commit() : result;
            assertTrue(ValueBuilder.OK != result, context);
            abort(builder, result);
            return;
        }

        result = ValueBuilder.OK == result ? builder.commit() : result;
        if (ValueBuilder.OK == result)
        {
            model.put(key, members);
        }
        else
        {
            assertEquals(ValueBuilder.NO_MEMORY, result, context);
            abort(builder, result);
        }
    }

    private void abort(final EntryBuilder builder, final int result)
    {
        if (ValueBuilder.NO_MEMORY == result)
        {
            isShort();
        }

        builder.abort();
    }

    private void contains(final String key)
    {
        final String member = randomMember();
        assertEquals(model.getOrDefault(key, Set.of()).contains(member),
            set.read(find(key)).contains(bytes(member), member.length()), context);
    }

    private void checkSize(final String key)
    {
        assertEquals(find(key), set.entry(), context);
        assertEquals(model.getOrDefault(key, Set.of()).size(), set.size(), context);
    }

    @Override
    Set<String> copy(final Set<String> value)
    {
        return new HashSet<>(value);
    }

    @Override
    Set<String> decode(final int type, final byte[] record)
    {
        return IntsetLayout.TYPE == type ? decodeIntset(record) : decodeStrings(record);
    }

    private Set<String> decodeStrings(final byte[] record)
    {
        final Set<String> members = new HashSet<>();
        final RdbRecord in = new RdbRecord(record);
        for (long left = in.length(); left > 0; left--)
        {
            assertTrue(members.add(in.string()), context);
        }

        assertTrue(in.isAtEnd(), context);
        return members;
    }

    private Set<String> decodeIntset(final byte[] record)
    {
        final RdbRecord in = new RdbRecord(record);
        final ByteBuffer blob = ByteBuffer.wrap(in.string().getBytes(ISO_8859_1)).order(ByteOrder.LITTLE_ENDIAN);
        assertTrue(in.isAtEnd(), context);
        final int width = blob.getInt();
        final Set<String> members = new HashSet<>();
        Long last = null;
        for (int left = blob.getInt(); left > 0; left--)
        {
            final long number = 2 == width ? blob.getShort() : 4 == width ? blob.getInt() : blob.getLong();
            assertTrue(null == last || last < number, context);
            last = number;
            members.add("" + number);
        }

        assertTrue(!blob.hasRemaining(), context);
        return members;
    }

    /** By walks, by numbers, by a scan, by questions; its tree node by node; its name. */
    @Override
    void verify(final long entry, final Set<String> members)
    {
        walk.begin(entry);
        final Set<String> walked = new HashSet<>();
        while (walk.next())
        {
            assertTrue(walked.add(text(walk.member())), context);
        }

        assertEquals(members, walked, context);
        set.read(entry);
        final Set<String> numbered = new HashSet<>();
        for (int i = 0; i < set.size(); i++)
        {
            numbered.add(text(set.at(i)));
        }

        assertEquals(members, numbered, context);
        assertEquals(members, scanned(), context);
        for (final String member : members)
        {
            assertTrue(set.contains(bytes(member), member.length()), context);
        }

        verifyForm(entry, members);
    }

    private void verifyForm(final long entry, final Set<String> members)
    {
        final boolean isIntset = IntsetLayout.TYPE == Entry.type(entry);
        assertTrue(!isIntset || members.size() <= fixture.data.thresholds().setIntset, context);
        intsets += isIntset ? 1 : 0;
        if (isIntset)
        {
            return;
        }

        final long value = Entry.value(entry);
        final boolean isLarge = CollectionLayout.isLargeForm(value);
        large += isLarge ? 1 : 0;
        compact += isLarge ? 0 : 1;
        if (isLarge)
        {
            TreeVerifier.verifyFields(fixture.data.entries().trees(), CollectionLayout.head(value));
        }

        if (CollectionLayout.isNamedCompact(value))
        {
            final int longest = members.stream().mapToInt(String::length).max().orElse(0);
            assertTrue(members.size() <= fixture.data.thresholds().setEntries, context);
            assertTrue(longest <= fixture.data.thresholds().setValue, context);
        }
    }

    private Set<String> scanned()
    {
        final Set<String> found = new HashSet<>();
        long position = 0;
        do
        {
            position = set.scan(position);
            while (set.nextScanned())
            {
                assertTrue(found.add(text(set.scanned())), context);
            }
        }
        while (0 != position);
        return found;
    }

    private static String text(final SetMember member)
    {
        final byte[] bytes = new byte[(int)member.length()];
        Memory.copy(member.address(), bytes, 0, bytes.length);
        return new String(bytes, ISO_8859_1);
    }

    /** Half of the keys have mostly integers. */
    private boolean isInteger(final String key)
    {
        return (key.charAt(key.length() - 1) & 1) == 0 && random.nextInt(60) > 0;
    }

    private String randomInteger()
    {
        return random.nextInt(40) == 0
            ? "" + (BOUNDS[random.nextInt(BOUNDS.length)] + random.nextInt(3) - 1)
            : "" + (random.nextInt(random.nextInt(10) == 0 ? 4_000 : 120) - 20);
    }

    private String randomMember()
    {
        final int number = random.nextInt(random.nextInt(10) == 0 ? 2_000 : 60);
        return switch (number % 7)
        {
            case 0 -> "long member " + "m".repeat(number % 9 * 60) + number;
            case 1, 2, 3 -> randomInteger();
            case 4 -> random.nextInt(10) == 0 ? "" : "0" + number;
            default -> "member:" + number;
        };
    }
}
