package org.millrace.engine.tree;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.memory.Epochs;
import org.millrace.engine.memory.Memory;

/** A reader against a tree that is just not being changed. */
class TreeReaderTest
{
    private static final long HASH_SEED = 99;
    private static final int TARGET_LENGTH = 1 << 20;

    private final TreeFixture fixture = new TreeFixture(2);
    private final Trees trees = new Trees(fixture.nodes, fixture.release, HASH_SEED);
    private final long slot = fixture.epochs.open();
    private final TreeReader reader = new TreeReader(fixture.memory, slot);
    private final Member member = new Member(trees);
    private final Member sought = new Member(trees);
    private final long soughtText = Memory.reserve(1 << 20);
    private final long target = Memory.reserve(TARGET_LENGTH);
    private final Random random = new Random(7);

    @BeforeEach
    void enter()
    {
        reader.entered(fixture.epochs.enter(slot));
    }

    @AfterEach
    void close()
    {
        Epochs.exit(slot);
        Epochs.close(slot);
        assertEquals(0, fixture.releaseAll());
        Memory.release(target);
        Memory.release(soughtText);
        member.close();
        sought.close();
        reader.close();
        trees.close();
        fixture.close();
    }

    @Test
    void shouldFindFieldsWithValuesOfEveryForm()
    {
        final HashTree hash = new HashTree(trees, Node.TWO_STRINGS);
        final Map<String, String> model = new HashMap<>();
        for (int i = 0; i < 3_000; i++)
        {
            final String field = text(i);
            final String value = text(random.nextInt());
            model.put(field, value);
            put(hash, field, value);
        }

        for (final Map.Entry<String, String> each : model.entrySet())
        {
            assertEquals(each.getValue(), value(each.getKey()));
        }

        assertEquals(model.size(), reader.count(fixture.head));
        for (int i = 0; i < 1_000; i++)
        {
            final String field = "none" + text(i);
            assertEquals(TreeReader.ABSENT, reader.value(fixture.head, seek(field), target, TARGET_LENGTH));
        }
    }

    @Test
    void shouldTellTheLengthOfWhatDoesNotFit()
    {
        final HashTree hash = new HashTree(trees, Node.TWO_STRINGS);
        put(hash, "short", "0123456789x");
        put(hash, "number", "123456");
        put(hash, "long", "y".repeat(100_000));
        Memory.putLong(target, 0x5555_5555_5555_5555L);
        assertEquals(11, reader.value(fixture.head, seek("short"), target, 10));
        assertEquals(6, reader.value(fixture.head, seek("number"), target, 5));
        assertEquals(100_000, reader.value(fixture.head, seek("long"), target, 99_999));
        assertEquals(0x5555_5555_5555_5555L, Memory.getLong(target), "nothing was copied");
    }

    @Test
    void shouldFindMembersAndScores()
    {
        final HashTree scored = new HashTree(trees, Node.SCORED);
        for (int i = 0; i < 2_000; i++)
        {
            final String text = text(i);
            member.set(fixture.stage(text.getBytes(ISO_8859_1)), text.length());
            assertEquals(HashTree.ADDED, scored.put(fixture.head, member, i * 0.5));
        }

        for (int i = 0; i < 2_000; i++)
        {
            assertEquals(0, reader.score(fixture.head, seek(text(i))));
            assertEquals(i * 0.5, reader.lastScore());
            assertEquals(0, reader.find(fixture.head, seek(text(i))));
            assertEquals(TreeReader.ABSENT, reader.score(fixture.head, seek("no" + i)));
            assertEquals(TreeReader.ABSENT, reader.find(fixture.head, seek("no" + i)));
        }
    }

    @Test
    void shouldReadByPosition()
    {
        final ListTree list = new ListTree(trees);
        final List<String> model = new ArrayList<>();
        for (int i = 0; i < 3_000; i++)
        {
            final String text = text(i);
            final int position = random.nextInt(model.size() + 1);
            model.add(position, text);
            assertTrue(list.insert(fixture.head, position, fixture.stage(text.getBytes(ISO_8859_1)), text.length()));
        }

        for (int i = 0; i < model.size(); i++)
        {
            assertEquals(model.get(i), read(reader.at(fixture.head, i, target, TARGET_LENGTH)));
        }

        assertEquals(TreeReader.ABSENT, reader.at(fixture.head, model.size(), target, TARGET_LENGTH));
    }

    @Test
    void shouldFindNothingInAnEmptyTree()
    {
        assertEquals(0, reader.count(fixture.head));
        assertEquals(TreeReader.ABSENT, reader.find(fixture.head, seek("a")));
        assertEquals(TreeReader.ABSENT, reader.at(fixture.head, 0, target, TARGET_LENGTH));
    }

    @Test
    void shouldGiveUpWhileTheTreeIsBeingChanged()
    {
        put(new HashTree(trees, Node.TWO_STRINGS), "field", "value");
        TreeHead.beginChange(fixture.head);
        expectRetries(fixture.head);
        TreeHead.endChange(fixture.head);
        assertEquals("value", value("field"));
    }

    @Test
    void shouldGiveUpOnAHeadThatWasHandedOver()
    {
        put(new HashTree(trees, Node.TWO_STRINGS), "field", "value");
        final long other = Memory.reserve(TreeHead.LENGTH);
        TreeHead.handOver(fixture.head, other, 0);
        expectRetries(fixture.head);
        assertEquals(5, reader.value(other, seek("field"), target, TARGET_LENGTH));
        assertEquals(1, reader.count(other));

        TreeHead.copy(other, fixture.head, 0);
        Memory.release(other);
    }

    @Test
    void shouldGiveUpWhenExpelled()
    {
        put(new HashTree(trees, Node.TWO_STRINGS), "field", "value");
        Epochs.exit(slot);
        reader.entered(fixture.epochs.enter(slot) - 1);
        expectRetries(fixture.head);
    }

    private void expectRetries(final long head)
    {
        assertEquals(TreeReader.RETRY, reader.count(head));
        assertEquals(TreeReader.RETRY, reader.find(head, seek("field")));
        assertEquals(TreeReader.RETRY, reader.find(head, seek("none")));
        assertEquals(TreeReader.RETRY, reader.value(head, seek("field"), target, TARGET_LENGTH));
        assertEquals(TreeReader.RETRY, reader.score(head, seek("field")));
        assertEquals(TreeReader.RETRY, reader.at(head, 0, target, TARGET_LENGTH));
        assertEquals(TreeReader.RETRY, reader.at(head, 5, target, TARGET_LENGTH));
    }

    /** Numbers, short texts, texts that lie elsewhere in one leaf or several. */
    private static String text(final int number)
    {
        return switch (number & 15)
        {
            case 0, 1, 2, 3 -> Integer.toString(number);
            case 4 -> "r" + number + "z".repeat(100 + (number & 0x3FF));
            case 5 -> 0 == (number & 0xF0) ? number + "w".repeat(40_000) : number + "b";
            default -> "text" + number;
        };
    }

    private void put(final HashTree hash, final String field, final String value)
    {
        final long at = fixture.stage((field + value).getBytes(ISO_8859_1));
        member.set(at, field.length());
        assertTrue(hash.put(fixture.head, member, at + field.length(), value.length()) > 0);
    }

    private Member seek(final String text)
    {
        Memory.copy(text.getBytes(ISO_8859_1), 0, soughtText, text.length());
        sought.set(soughtText, text.length());
        return sought;
    }

    private String value(final String field)
    {
        return read(reader.value(fixture.head, seek(field), target, TARGET_LENGTH));
    }

    private String read(final long length)
    {
        assertTrue(length >= 0, () -> "a text expected: " + length);
        final byte[] bytes = new byte[(int)length];
        Memory.copy(target, bytes, 0, bytes.length);
        return new String(bytes, ISO_8859_1);
    }
}
