package org.millrace.engine.datatype;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.keyspace.DataSetFixture;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.tree.Element;
import org.millrace.engine.tree.HashTree;
import org.millrace.engine.tree.TreeVerifier;
import org.millrace.engine.value.CollectionLayout;
import org.millrace.engine.value.ExpiringHashLayout;

/**
 * Hashes some of whose fields have deadlines, in both forms, on their way from one type to the other and back, against
 * plain maps; the test moves the clock, and what is over then goes as it does in a node.
 */
class ExpiringHashModelTest extends CollectionModel<Map<String, ExpiringHashModelTest.Field>>
{
    /** Times are some milliseconds from here on: so some are equal. */
    private static final long START_MS = 1_700_000_000_000L;

    /** What a field has. */
    record Field(String value, long deadlineMs)
    {
    }

    private HashValue hash;
    private long nowMs;
    private int expired;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldBehaveAsAMapWhoseFieldsExpire(final long seed)
    {
        run(seed);
        assertTrue(expired > 20, "expired " + expired);
    }

    @Override
    void start()
    {
        hash = Values.of(fixture.data).hashes();
        fixture.data.thresholds().hashEntries = 1 + random.nextInt(100);
        fixture.data.thresholds().hashValue = random.nextInt(400);
        nowMs = START_MS;
    }

    @Override
    void operate(final String key)
    {
        final int choice = random.nextInt(100);
        if (choice < 40)
        {
            put(key, choice < 10);
        }
        else if (choice < 70)
        {
            deadline(key);
        }
        else if (choice < 84)
        {
            remove(key);
        }
        else if (choice < 94)
        {
            get(key);
        }
        else
        {
            expire();
        }
    }

    private void open(final String key)
    {
        final byte[] name = DataSetFixture.bytes(key);
        hash.open(keyspace, fixture.keyAddress(name), name.length, find(key));
    }

    private void put(final String key, final boolean isKeeping)
    {
        final String field = randomField();
        final String value = random.nextInt(4) == 0 ? "" + random.nextInt() : "v".repeat(randomLength());
        open(key);
        final long address = bytes(field + value);
        final int result = isKeeping
            ? hash.putKeeping(address, field.length(), address + field.length(), value.length())
            : hash.put(address, field.length(), address + field.length(), value.length());
        if (isRefused(result))
        {
            return;
        }

        final Map<String, Field> fields = model.computeIfAbsent(key, (k) -> new HashMap<>());
        final Field old = fields.get(field);
        final long deadlineMs = null != old && isKeeping ? old.deadlineMs : Element.NO_DEADLINE;
        fields.put(field, new Field(value, deadlineMs));
        assertEquals(null == old ? HashTree.ADDED : HashTree.REPLACED, result, context);
        check(key);
    }

    /** Of a field that is there another deadline, or none. */
    private void deadline(final String key)
    {
        final Map<String, Field> fields = model.get(key);
        final String field = null == fields || random.nextInt(3) == 0
            ? randomField()
            : fields.keySet().stream().sorted().skip(random.nextInt(fields.size())).findFirst().orElseThrow();
        if (null == fields || !fields.containsKey(field))
        {
            return;
        }

        final long deadlineMs = random.nextInt(4) == 0 ? Element.NO_DEADLINE : nowMs + random.nextInt(3_000);
        open(key);
        if (!isRefused(hash.deadline(bytes(field), field.length(), deadlineMs)))
        {
            fields.put(field, new Field(fields.get(field).value, deadlineMs));
        }

        check(key);
    }

    private void remove(final String key)
    {
        for (int i = random.nextInt(3); i >= 0; i--)
        {
            final String field = randomField();
            open(key);
            final int result = hash.remove(bytes(field), field.length());
            if (!isRefused(result))
            {
                final Map<String, Field> fields = model.get(key);
                final boolean isRemoved = null != fields && null != fields.remove(field);
                assertEquals(isRemoved ? HashTree.REMOVED : HashTree.NOTHING, result, context);
                model.values().removeIf(Map::isEmpty);
            }

            check(key);
        }
    }

    private void get(final String key)
    {
        final String field = randomField();
        hash.read(find(key));
        final long at = hash.find(bytes(field), field.length());
        assertEquals(model.getOrDefault(key, Map.of()).get(field), HashTree.NONE == at ? null : field(at), context);
    }

    /** Time passes: what is over goes, in all keys, the earliest of each first. */
    private void expire()
    {
        nowMs += random.nextInt(400);
        fixture.data.expireDue(nowMs - 1, 1000, this::expire);
        if (!isStarved())
        {
            model.values().forEach((fields) -> fields.values().forEach(
                (field) -> assertFalse(isOver(field), context)));
            assertTrue(fixture.data.nextDeadlineMs() >= nowMs || !hasDeadlines(), context);
        }
    }

    private boolean hasDeadlines()
    {
        return model.values().stream().flatMap((fields) -> fields.values().stream())
            .anyMatch((field) -> Element.NO_DEADLINE != field.deadlineMs);
    }

    private void expire(final Keyspace ofKey, final long entry)
    {
        final byte[] name = DataSetFixture.key(entry);
        final Map<String, Field> fields = model.get(new String(name, ISO_8859_1));
        hash.open(keyspace, fixture.keyAddress(name), name.length, entry);
        while (hash.findBefore(nowMs))
        {
            final byte[] text = new byte[hash.fieldLength()];
            Memory.copy(hash.fieldText(), text, 0, text.length);
            final String field = new String(text, ISO_8859_1);
            if (isRefused(hash.removeFound()))
            {
                return;
            }

            final Field gone = fields.remove(field);
            assertTrue(null != gone && isOver(gone), context);
            assertTrue(deadlines(fields).allMatch((later) -> later >= gone.deadlineMs), context);
            expired++;
        }

        model.values().removeIf(Map::isEmpty);
    }

    private boolean isOver(final Field field)
    {
        return Element.NO_DEADLINE != field.deadlineMs && field.deadlineMs < nowMs;
    }

    private static LongStream deadlines(final Map<String, Field> fields)
    {
        return fields.values().stream().mapToLong(Field::deadlineMs).filter((ms) -> Element.NO_DEADLINE != ms);
    }

    /** What can be said at once of a key's hash; a plain one has no deadlines, and of the others there is a count. */
    private void check(final String key)
    {
        final Map<String, Field> fields = model.getOrDefault(key, Map.of());
        final long entry = find(key);
        assertEquals(entry, hash.entry(), context);
        assertEquals(fields.size(), hash.size(), context);
        assertEquals(deadlines(fields).filter((ms) -> ms < nowMs + 500).count(), hash.countBefore(nowMs + 500),
            context);
        final boolean isExpiring = deadlines(fields).count() > 0;
        assertTrue(isExpiring == hash.isExpiring() || !isExpiring && isStarved(), context);
        if (isExpiring)
        {
            assertEquals(deadlines(fields).count(), ExpiringHashLayout.deadlines(Entry.value(entry)), context);
            final long earliestMs = deadlines(fields).min().orElseThrow();
            assertEquals(
                earliestMs, ExpiringHashLayout.earliestMs(fixture.memory, Entry.value(entry)), context);
            assertTrue(fixture.data.nextDeadlineMs() <= earliestMs, context);
        }
    }

    @Override
    Map<String, Field> copy(final Map<String, Field> fields)
    {
        return new HashMap<>(fields);
    }

    @Override
    Map<String, Field> decode(final int type, final byte[] record)
    {
        final Map<String, Field> fields = new HashMap<>();
        final RdbRecord in = new RdbRecord(record);
        final boolean isExpiring = CollectionLayout.EXPIRING_HASH == type;
        final long earliestMs = isExpiring ? in.int64() : 0;
        for (long left = in.length(); left > 0; left--)
        {
            final long distance = isExpiring ? in.length() : 0;
            final String field = in.string();
            final long deadlineMs = 0 == distance ? Element.NO_DEADLINE : earliestMs + distance - 1;
            assertNull(fields.put(field, new Field(in.string(), deadlineMs)), context);
        }

        assertTrue(in.isAtEnd(), context);
        assertTrue(0 == deadlines(fields).count() || deadlines(fields).min().orElseThrow() == earliestMs, context);
        return fields;
    }

    @Override
    void verify(final long entry, final Map<String, Field> fields)
    {
        final Map<String, Field> walked = new HashMap<>();
        final ElementWalk walk = Values.of(fixture.data).walk();
        walk.begin(entry);
        for (long at = walk.next(); HashTree.NONE != at; at = walk.next())
        {
            assertNull(walked.put(text(at), field(at)), context);
        }

        assertEquals(fields, walked, context);
        assertEquals(fields, scanned(entry), context);
        final long value = Entry.value(entry);
        if (CollectionLayout.isLargeForm(value))
        {
            TreeVerifier.verifyFields(fixture.data.entries().trees(), CollectionLayout.head(value));
        }

        final long expiring = model.values().stream().filter((one) -> deadlines(one).count() > 0).count();
        assertTrue(expiring == fixture.data.expiringHashes() || expiring < fixture.data.expiringHashes(), context);
    }

    private Map<String, Field> scanned(final long entry)
    {
        final Map<String, Field> found = new HashMap<>();
        hash.read(entry);
        long position = 0;
        do
        {
            position = hash.scan(position);
            for (long at = hash.nextScanned(); HashTree.NONE != at; at = hash.nextScanned())
            {
                assertNull(found.put(text(at), field(at)), context);
            }
        }
        while (0 != position);
        return found;
    }

    private Field field(final long at)
    {
        return new Field(text(HashValue.value(at)), HashValue.deadlineMs(at));
    }

    private String text(final long at)
    {
        final ElementText text = Values.of(fixture.data).text();
        text.set(at);
        final byte[] bytes = new byte[(int)text.length()];
        Memory.copy(text.address(), bytes, 0, bytes.length);
        return new String(bytes, ISO_8859_1);
    }

    private String randomField()
    {
        final int number = random.nextInt(random.nextInt(4) == 0 ? 400 : 40);
        return switch (number % 5)
        {
            case 0 -> "" + number;
            case 1 -> "long field " + "f".repeat(number % 7 * 50) + number;
            default -> "field:" + number;
        };
    }

    private int randomLength()
    {
        return switch (random.nextInt(20))
        {
            case 0 -> random.nextInt(3_000);
            case 1, 2, 3 -> random.nextInt(300);
            default -> random.nextInt(70);
        };
    }
}
